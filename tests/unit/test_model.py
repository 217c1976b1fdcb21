"""What the shared dataclasses promise."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.model import (
    CONVERSATION_TOPICS,
    STICKY_TIERS,
    TIERS,
    Answer,
    AnswerText,
    Button,
    Reply,
    Source,
    Tier,
    Verdict,
    graver,
)
from bot.settings import ROOT

DAY = dt.date(2026, 11, 22)
SOURCE = Source("leaflet", "The leaflet", "A publisher", None, DAY)


@pytest.mark.parametrize(("first", "second"), list(pairwise((*TIERS, "none"))))
def test_the_graver_tier_wins_whichever_comes_first(first: Tier, second: Tier) -> None:
    assert graver(first, second) == graver(second, first) == first


@pytest.mark.parametrize("tier", [*TIERS, "none"])
def test_a_tier_is_as_grave_as_itself(tier: Tier) -> None:
    assert graver(tier, tier) == tier


def test_tiers_and_conversation_topics_are_intents_of_the_domain() -> None:
    intents = yaml.safe_load(Path(ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    assert {*TIERS, *CONVERSATION_TOPICS} <= set(intents)
    assert not set(TIERS) & set(CONVERSATION_TOPICS)
    assert set(TIERS) > STICKY_TIERS


@pytest.mark.parametrize(
    ("country", "short"),
    [("UK", "in the UK"), ("uk", "in the UK"), ("US", "anywhere"), ("", "anywhere"), (None, "anywhere")],
)
def test_an_answer_has_the_text_of_the_country_or_the_one_for_everywhere(country: str | None, short: str) -> None:
    answer = Answer(
        topic="sun",
        title="Sun",
        question="Sun?",
        text=AnswerText("anywhere", "anywhere, longer"),
        by_country={"uk": AnswerText("in the UK", "in the UK, longer")},
        follow_ups=(),
        sources=(SOURCE,),
        reviewed_on=DAY,
    )
    assert answer.text_for(country).short == short


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict("crisis", 0.95, ("crisis.wish_to_die",), about_other=True),
        Verdict("urgent_mood", 0.4, ("urgent_mood.learned",)),
        Verdict("medical_emergency", 0.95, ("a", "b")),
    ],
)
def test_a_verdict_survives_the_way_through_json(verdict: Verdict) -> None:
    assert Verdict.from_dict(json.loads(json.dumps(verdict.as_dict()))) == verdict
    assert verdict.danger


@pytest.mark.parametrize("data", [None, {}, {"tier": "none"}, {"tier": "nonsense", "score": 1.0}, {"score": 0.9}])
def test_nothing_or_nonsense_is_the_empty_verdict(data: dict[str, Any] | None) -> None:
    assert Verdict.from_dict(data) == Verdict()
    assert not Verdict().danger


def test_metadata_of_a_reply_holds_topic_tier_sources_and_review_and_is_json() -> None:
    reply = Reply("Text", "sun", "none", (Button("More", "/more_detail"),), (SOURCE,), DAY)
    assert json.loads(json.dumps(reply.metadata())) == {
        "topic": "sun",
        "tier": "none",
        "sources": [
            {"title": "The leaflet", "publisher": "A publisher", "url": None, "checked_on": "2026-11-22"},
        ],
        "reviewed_on": "2026-11-22",
    }
    assert Reply("Hello", "greet").metadata()["reviewed_on"] is None
