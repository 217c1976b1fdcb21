"""A small answer store and the real fixed texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from bot.content.load import load_small_talk
from bot.errors import StoreError
from bot.model import Answer, AnswerText, Source
from bot.replies.build import Replier
from bot.replies.safety import safety_replies

DAY = dt.date(2026, 11, 22)
LEAFLET = Source("leaflet", "The leaflet", "A publisher", "https://leaflet.org", DAY)
TITLES = {"alcohol": "Alcohol", "sun": "Sun", "dry_lips": "Dry lips", "course_estimate": "Course", "ipledge": "iPLEDGE"}


class FakeAnswers:
    """Answers held in memory; broken on demand."""

    def __init__(self) -> None:
        self.broken = False

    def get(self, topic: str) -> Answer:
        """Return the answer to a topic."""
        if self.broken or topic not in TITLES:
            raise StoreError("The database is away.", "Bring it back.")
        return Answer(
            topic=topic,
            title=TITLES[topic],
            question=f"{TITLES[topic]}?",
            text=AnswerText(f"{topic} short", f"{topic} full"),
            by_country={"uk": AnswerText(f"{topic} short UK", f"{topic} full UK")},
            follow_ups=("sun", "dry_lips", "nowhere"),
            sources=(LEAFLET,),
            reviewed_on=DAY,
        )

    def titles(self, topics: Iterable[str]) -> dict[str, str]:
        """Return the titles of known topics."""
        if self.broken:
            raise StoreError("The database is away.", "Bring it back.")
        return {topic: TITLES[topic] for topic in topics if topic in TITLES}


@pytest.fixture
def answers() -> FakeAnswers:
    """Return a fresh store."""
    return FakeAnswers()


@pytest.fixture
def replier(answers: FakeAnswers) -> Replier:
    """Return a replier over the small store and the real fixed texts."""
    return Replier(answers, safety_replies(), load_small_talk())
