"""The frozen dataclasses and names that every other module shares."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Tier = Literal["none", "crisis", "medical_emergency", "pregnancy_exposure", "urgent_mood"]

TIERS: Final[tuple[Tier, ...]] = ("crisis", "medical_emergency", "pregnancy_exposure", "urgent_mood")
"""The safety tiers, gravest first. Each is an intent of the same name as well."""

STICKY_TIERS: Final[frozenset[Tier]] = frozenset({"crisis", "urgent_mood"})
"""Tiers that a conversation stays in until the person moves on."""

CONVERSATION_TOPICS: Final[tuple[str, ...]] = (
    "greet",
    "goodbye",
    "thanks",
    "affirm",
    "deny",
    "bot_identity",
    "help",
    "talk_to_human",
    "more_detail",
    "feedback_good",
    "feedback_bad",
    "set_country",
    "out_of_scope",
)
"""Topics about the conversation itself; every other topic that is not a tier has a medical answer."""


def graver(first: Tier, second: Tier) -> Tier:
    """Return the graver of two tiers."""
    order = (*TIERS, "none")
    return min(first, second, key=order.index)


@dataclass(frozen=True)
class Source:
    """Where an answer's facts come from. `url` is None where no live address is known."""

    id: str
    title: str
    publisher: str
    url: str | None
    checked_on: dt.date

    def as_metadata(self) -> dict[str, str | None]:
        """Return the form in which channels and the tracker carry it."""
        return {
            "title": self.title,
            "publisher": self.publisher,
            "url": self.url,
            "checked_on": self.checked_on.isoformat(),
        }


@dataclass(frozen=True)
class AnswerText:
    """A short answer and the longer one behind "tell me more"."""

    short: str
    full: str


@dataclass(frozen=True)
class Answer:
    """A reviewed medical answer to one topic."""

    topic: str
    title: str
    question: str
    text: AnswerText
    by_country: Mapping[str, AnswerText]
    follow_ups: tuple[str, ...]
    sources: tuple[Source, ...]
    reviewed_on: dt.date

    def text_for(self, country: str | None) -> AnswerText:
        """Return the texts for a country code such as "UK", or the ones that hold everywhere."""
        return self.by_country.get((country or "").lower(), self.text)


@dataclass(frozen=True)
class Aspect:
    """A kind of short question about the last answer, such as "why?", and where it leads.

    `after` gives the topics to answer by the topic of the last answer, `default` those after any other. One topic is
    answered, several are offered; `SAME` stands for the longer text of the last answer.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...]
    after: Mapping[str, tuple[str, ...]]
    default: tuple[str, ...]

    def leads_to(self, last_topic: str) -> tuple[str, ...]:
        """Return the topics it asks about after an answer on `last_topic`."""
        return tuple(last_topic if topic == SAME else topic for topic in self.after.get(last_topic, self.default))


SAME: Final = "same"


ENGLISH: Final = "en"
LANGUAGE_SURE: Final = 0.75
"""Probability from which a message is answered in its language."""


@dataclass(frozen=True)
class Verdict:
    """What the safety screen found in a message.

    `evidence` names rules, never words of the person. `about_other` is true where someone else is in danger. `language` is
    the code of the language the message seems to be in, `language_sure` how sure that is (0 to 1).
    """

    tier: Tier = "none"
    score: float = 0.0
    evidence: tuple[str, ...] = ()
    about_other: bool = False
    language: str = ENGLISH
    language_sure: float = field(default=0.0, compare=False)

    @property
    def danger(self) -> bool:
        """True if any tier was raised."""
        return self.tier != "none"

    @property
    def answer_in(self) -> str:
        """The language to answer in, as far as the message tells: its own if it speaks of danger or is surely in it."""
        return self.language if self.danger or self.language_sure >= LANGUAGE_SURE else ENGLISH

    def as_dict(self) -> dict[str, Any]:
        """Return the form in which NLU output carries it."""
        return {
            "tier": self.tier,
            "score": round(self.score, 4),
            "evidence": list(self.evidence),
            "about_other": self.about_other,
            "language": self.language,
            "language_sure": round(self.language_sure, 4),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Verdict:
        """Rebuild a verdict from NLU output; nothing or nonsense gives the empty verdict."""
        if not data or data.get("tier") not in (*TIERS, "none"):
            return cls()
        return cls(
            tier=data["tier"],
            score=float(data.get("score", 0.0)),
            evidence=tuple(data.get("evidence", ())),
            about_other=bool(data.get("about_other", False)),
            language=str(data.get("language", ENGLISH)),
            language_sure=float(data.get("language_sure", 0.0)),
        )


@dataclass(frozen=True)
class Button:
    """A suggested reply: what it says, and what is sent when it is pressed."""

    title: str
    payload: str

    def as_dict(self) -> dict[str, str]:
        """Return the form in which messages carry it."""
        return {"title": self.title, "payload": self.payload}


@dataclass(frozen=True)
class Reply:
    """One bubble of the assistant."""

    text: str
    topic: str
    tier: Tier = "none"
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed_on: dt.date | None = None

    def metadata(self) -> dict[str, Any]:
        """Return topic, tier, sources and review date, as every bot message carries them."""
        return {
            "topic": self.topic,
            "tier": self.tier,
            "sources": [source.as_metadata() for source in self.sources],
            "reviewed_on": self.reviewed_on.isoformat() if self.reviewed_on else None,
        }


@dataclass(frozen=True)
class Guess:
    """A topic that a message may be about, with the classifier's confidence (0 to 1)."""

    topic: str
    confidence: float


@dataclass(frozen=True)
class State:
    """What the assistant remembers of a conversation."""

    country: str | None = None
    last_topic: str | None = None
    tier: Tier = "none"
    calm_turns: int = 0
    """Real questions asked in a row since the last danger, while `tier` is sticky."""
    language: str = ENGLISH
    """The language in which danger was last spoken of; "ok" and buttons are answered in it."""


_BRIEF_WORDS: Final = 3


@dataclass(frozen=True)
class Turn:
    """One message of a person, as understood."""

    text: str
    topic: str
    confidence: float
    verdict: Verdict
    guesses: tuple[Guess, ...] = ()
    questions: tuple[str, ...] = ()
    """Topics of the separate questions in the message, most certain first."""
    state: State = field(default_factory=State)

    @property
    def language(self) -> str:
        """The language to answer in: that of the message, or after a word or two that of the conversation."""
        if self.verdict.answer_in != ENGLISH:
            return self.verdict.answer_in
        return self.state.language if len(self.text.split()) <= _BRIEF_WORDS else ENGLISH
