"""Read answers, sources, help lines and safety texts from YAML, refusing anything malformed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError
from bot.model import TIERS, Answer, AnswerText, Aspect, Button, Reply, Source, Tier
from bot.settings import ROOT

CONTENT = ROOT / "content"
WORLDWIDE = "worldwide"


@dataclass(frozen=True)
class HelpLine:
    """One line to turn to. `verified` is false only where no verified line exists."""

    name: str
    phone: str = ""
    text: str = ""
    web: str = ""
    hours: str = ""
    verified: bool = True

    def sentence(self) -> str:
        """Return the line as people read it, such as "Samaritans: call 116 123 (24/7, free)"."""
        ways = []
        if self.phone:
            ways.append(f"call {self.phone}")
        if self.text:
            ways.append(self.text if self.text.startswith(("WhatsApp", "SMS")) else f"text {self.text}")
        if self.web:
            ways.append(self.web)
        hours = f" ({self.hours})" if self.hours else ""
        return f"{self.name}: {', '.join(ways)}{hours}"


@dataclass(frozen=True)
class CountryLines:
    """The help lines of one country."""

    code: str
    name: str
    emergency: str
    crisis: tuple[HelpLine, ...]
    medical_advice: tuple[HelpLine, ...]
    poison: tuple[HelpLine, ...]


@dataclass(frozen=True)
class SafetyText:
    """The fixed wording of one tier, before the numbers of a country are filled in."""

    tier: Tier
    title: str
    texts: Mapping[str, str]
    sources: tuple[Source, ...]
    reviewed_on: dt.date


@dataclass(frozen=True)
class SafetyTexts:
    """Every fixed safety wording: by tier, and the short phrases used around them."""

    tiers: Mapping[Tier, SafetyText]
    phrases: Mapping[str, str]


@dataclass(frozen=True)
class LanguageTexts:
    """The fixed safety wordings in another language. `countries`: whose help lines are shown while no country is known."""

    code: str
    name: str
    countries: tuple[str, ...]
    texts: Mapping[str, str]


LANGUAGE_TEXTS = (
    "crisis_self",
    "crisis_other",
    "mood",
    "follow_up",
    "moved_on",
    "note",
    "your_country",
    "which_country",
    "safe",
    "someone_else",
    "other_country",
)
"""What every language of content/languages.yml must have."""


def read_yaml(file: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file.

    Raises:
        ContentError: if the file is missing, is not YAML or is not a mapping.
    """
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ContentError(f"{file} is not UTF-8.", "Save it as UTF-8.") from error
    except OSError as error:
        raise ContentError(f"{file} cannot be read ({error.strerror}).", "Restore it from version control.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else str(file)
        raise ContentError(f"{where} is not valid YAML.", "Check indentation, colons and quotes there.") from error
    if not isinstance(data, dict):
        raise ContentError(f"{file} holds no mapping of names to values.", "See docs/content-guide.md.")
    return data


def load_sources(folder: Path = CONTENT) -> dict[str, Source]:
    """Return every source by id.

    Raises:
        ContentError: if the file or an entry is malformed.
    """
    file = folder / "sources.yml"
    sources = {}
    for key, entry in read_yaml(file).items():
        try:
            sources[key] = Source(
                id=key,
                title=entry["title"],
                publisher=entry["publisher"],
                url=entry["url"],
                checked_on=entry["checked_on"],
            )
        except (KeyError, TypeError) as error:
            raise ContentError(f"{file}: source {key} lacks {error}.", "Add the missing field.") from error
    return sources


def _named(file: Path, ids: object, sources: Mapping[str, Source]) -> tuple[Source, ...]:
    if not isinstance(ids, list) or not ids:
        raise ContentError(f"{file}: `sources` is empty.", "Name at least one id of content/sources.yml.")
    for key in ids:
        if key not in sources:
            raise ContentError(
                f"{file}: source {key!r} is unknown.", "Use an id of content/sources.yml or add it there."
            )
    return tuple(sources[key] for key in ids)


def _answer_text(file: Path, entry: Mapping[str, Any]) -> AnswerText:
    try:
        return AnswerText(short=entry["short"].strip(), full=entry["full"].strip())
    except (KeyError, AttributeError, TypeError) as error:
        raise ContentError(
            f"{file}: {error} is missing or not text.", "Give every answer a short and a full text."
        ) from error


def load_answer(file: Path, sources: Mapping[str, Source]) -> Answer:
    """Return the answer in one file.

    Raises:
        ContentError: if the file is malformed or names an unknown source.
    """
    data = read_yaml(file)
    try:
        topic, title, question = data["topic"], data["title"], data["question"]
        follow_ups, reviewed_on = data["follow_ups"], data["reviewed_on"]
    except KeyError as error:
        raise ContentError(f"{file}: {error} is missing.", "See docs/content-guide.md for the fields.") from error
    if topic != file.stem:
        raise ContentError(f"{file}: topic is {topic!r}.", f"It must be the file's name, {file.stem!r}.")
    if not isinstance(reviewed_on, dt.date) or isinstance(reviewed_on, dt.datetime):
        raise ContentError(f"{file}: reviewed_on is {reviewed_on!r}.", "Write it as a date, such as 2026-11-22.")
    return Answer(
        topic=topic,
        title=str(title),
        question=str(question),
        text=_answer_text(file, data),
        by_country={code: _answer_text(file, entry) for code, entry in (data.get("by_country") or {}).items()},
        follow_ups=tuple(follow_ups or ()),
        sources=_named(file, data.get("sources"), sources),
        reviewed_on=reviewed_on,
    )


def load_answers(folder: Path = CONTENT) -> dict[str, Answer]:
    """Return every answer by topic.

    Raises:
        ContentError: if a file is malformed, or there is none.
    """
    sources = load_sources(folder)
    answers = {file.stem: load_answer(file, sources) for file in sorted((folder / "answers").glob("*.yml"))}
    if not answers:
        raise ContentError(f"{folder / 'answers'} holds no answers.", "Restore the folder from version control.")
    return answers


def _lines(entries: list[dict[str, Any]]) -> tuple[HelpLine, ...]:
    return tuple(
        HelpLine(
            name=entry["name"],
            phone=entry.get("phone", ""),
            text=entry.get("text", ""),
            web=entry.get("web") or entry.get("chat", ""),
            hours=entry.get("hours", ""),
            verified=entry["verified"],
        )
        for entry in entries
    )


def load_helplines(folder: Path = CONTENT) -> dict[str, CountryLines]:
    """Return the help lines by country code, with "worldwide" for everywhere else.

    Raises:
        ContentError: if the file is malformed or has no worldwide entry.
    """
    file = folder / "helplines.yml"
    countries = {}
    for code, entry in read_yaml(file).items():
        try:
            countries[code] = CountryLines(
                code=code,
                name=entry["name"],
                emergency=entry["emergency"][0]["number"],
                crisis=_lines(entry["crisis"]),
                medical_advice=_lines(entry["medical_advice"]),
                poison=_lines(entry["poison"]),
            )
        except (KeyError, IndexError, TypeError) as error:
            raise ContentError(f"{file}: country {code} lacks {error}.", "Add the missing field.") from error
    if WORLDWIDE not in countries:
        raise ContentError(
            f"{file} has no `{WORLDWIDE}` entry.", "Add it: it serves everyone whose country is unknown."
        )
    return countries


def load_small_talk(folder: Path = CONTENT) -> dict[str, Reply]:
    """Return the small talk by topic, and the questions of the course estimate by "ask_<slot>".

    Raises:
        ContentError: if the file is malformed.
    """
    file = folder / "small_talk.yml"
    replies = {}
    for topic, entry in read_yaml(file).items():
        try:
            buttons = tuple(Button(button["title"], button["payload"]) for button in entry.get("buttons", ()))
            replies[topic] = Reply(entry["text"].strip(), topic, buttons=buttons)
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(
                f"{file}: {topic} lacks {error}.", "Give it a `text`, and buttons a title and payload."
            ) from error
    return replies


def load_safety_texts(folder: Path = CONTENT) -> SafetyTexts:
    """Return the fixed safety wordings.

    Raises:
        ContentError: if the file is malformed or a tier is missing.
    """
    file = folder / "safety.yml"
    data = read_yaml(file)
    sources = load_sources(folder)
    tiers: dict[Tier, SafetyText] = {}
    for tier in TIERS:
        entry = data.pop(tier, None)
        if not isinstance(entry, dict) or "self" not in entry or "other" not in entry:
            raise ContentError(f"{file}: tier {tier} lacks its texts.", "Give it `self` and `other`.")
        tiers[tier] = SafetyText(
            tier=tier,
            title=entry["title"],
            texts={key: entry[key].strip() for key in ("self", "other", "us", "uk", "follow_up") if key in entry},
            sources=_named(file, entry.get("sources"), sources),
            reviewed_on=entry["reviewed_on"],
        )
    return SafetyTexts(tiers=tiers, phrases={key: text.strip() for key, text in data.items()})


def load_languages(folder: Path = CONTENT) -> dict[str, LanguageTexts]:
    """Return the fixed safety wordings in other languages, by code.

    Raises:
        ContentError: if the file is malformed or a text is missing.
    """
    file = folder / "languages.yml"
    languages = {}
    for code, entry in read_yaml(file).items():
        try:
            texts = {key: entry[key].strip() for key in LANGUAGE_TEXTS}
            languages[code] = LanguageTexts(code, entry["name"], tuple(entry["countries"]), texts)
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(f"{file}: {code} lacks {error}.", "Write it in that language.") from error
    return languages


def load_follow_ups(folder: Path = CONTENT) -> tuple[Aspect, ...]:
    """Return the aspects of follow-up questions, in the order in which they are tried.

    Raises:
        ContentError: if the file is malformed or holds something that is no regular expression.
    """
    file = folder / "follow_ups.yml"
    aspects = []
    for name, entry in read_yaml(file).items():
        try:
            aspects.append(
                Aspect(
                    name=name,
                    patterns=tuple(re.compile(pattern) for pattern in entry["when"]),
                    after={last: _as_topics(topics) for last, topics in (entry.get("after") or {}).items()},
                    default=_as_topics(entry["default"]),
                )
            )
        except re.error as error:
            raise ContentError(
                f"{file}: {name} holds {error.pattern!r}, which is no regular expression: {error}.", "Mend it."
            ) from error
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(f"{file}: {name} lacks {error}.", "Give it `when` and `default`.") from error
    return tuple(aspects)


def _as_topics(entry: str | list[str]) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(entry)
