"""Check every file of `content/`: form, ids, sources, review dates, reading ease, length, links. For editors and CI."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Final

import yaml

from bot.content.load import (
    CONTENT,
    WORLDWIDE,
    load_answer,
    load_follow_ups,
    load_helplines,
    load_languages,
    load_safety_texts,
    load_small_talk,
    load_sources,
)
from bot.content.reading import reading_grade
from bot.content.telegram import load_telegram
from bot.errors import ContentError
from bot.model import CONVERSATION_TOPICS, SAME, STICKY_TIERS, TIERS, Answer, AnswerText
from bot.settings import ROOT

SHORT_WORDS: Final = 80
FULL_WORDS: Final = (70, 240)
SHORT_GRADE: Final = 8.0
"""Flesch-Kincaid grade of a short answer: what a 14-year-old reads with ease."""
FULL_GRADE: Final = 9.0
SAFETY_WORDS: Final = 150
SAFETY_GRADE: Final = 6.0
"""Most words, and hardest grade, of a safety text: who reads it is in distress."""
REVIEW_DAYS: Final = 400
MAX_SOURCES: Final = 8
MAX_OFFERED: Final = 3
MAX_DESCRIPTION: Final = 256
"""Characters of a command's description that Telegram takes."""
_MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError)
_PHRASES: Final = frozenset(
    {"moved_on", "reminder", "reminder_mood", "trouble", "late", "too_long", "in_danger", "human"}
)
_SMALL_TALK: Final = frozenset(
    {"greet", "goodbye", "thanks", "affirm", "deny", "bot_identity", "help", "ask_weight_kg", "ask_daily_dose_mg"}
)
PLACEHOLDERS: Final = frozenset({"emergency", "crisis", "crisis_short", "advice", "poison", "poison_short"})
"""What bot.replies.safety fills into safety texts."""
LANGUAGE_PLACEHOLDERS: Final = frozenset({"emergency", "crisis"})
"""What is filled into the texts of content/languages.yml."""
_TELEGRAM_FIELDS: Final = {
    "unreadable": frozenset({"kind"}),
    "copy": frozenset({"number"}),
    "call": frozenset({"number"}),
}
"""What is filled into single texts of content/telegram.yml besides."""
_WITH_LINES: Final = frozenset({"crisis_self", "crisis_other", "mood", "follow_up"})
_COUNTRIES: Final = frozenset({"us", "uk"})
_URL: Final = re.compile(r"https?://[\w.-]+\.[a-z]{2,}(?:[/?#]\S*)?\Z", re.IGNORECASE)
_MARKUP: Final = re.compile(r"[*_#`<>\[\]]|https?:")


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file, where, and what to do."""

    file: Path
    line: int
    what: str
    do: str

    def __str__(self) -> str:
        """Return the fault as an editor reads it."""
        path = self.file.relative_to(ROOT) if self.file.is_relative_to(ROOT) else self.file
        return f"{path}:{self.line}: {self.what} {self.do}"


def check_content(
    folder: Path = CONTENT, domain: Path = ROOT / "domain.yml", today: dt.date | None = None
) -> list[Fault]:
    """Return every fault found; an empty list means that the content can be served."""
    faults = [
        fault
        for load in (
            load_sources,
            load_helplines,
            load_safety_texts,
            load_small_talk,
            load_follow_ups,
            load_languages,
            load_telegram,
        )
        for fault in _tried(folder, load)
    ]
    if faults:
        return faults
    faults.extend(_check_safety(folder))
    topics = set(yaml.safe_load(domain.read_text(encoding="utf-8"))["intents"])
    answered = topics - set(CONVERSATION_TOPICS) - set(TIERS)
    faults.extend(_check_answers(folder, answered, today or dt.datetime.now(tz=dt.UTC).date()))
    faults.extend(_check_sources(folder))
    faults.extend(_check_helplines(folder))
    faults.extend(_check_small_talk(folder, topics))
    faults.extend(_check_follow_ups(folder, answered))
    faults.extend(_check_languages(folder))
    faults.extend(_check_telegram(folder, answered))
    return faults


def _tried(folder: Path, load: Callable[[Path], object]) -> Iterator[Fault]:
    try:
        load(folder)
    except ContentError as error:
        yield Fault(folder, 1, error.what, error.do)
    except _MALFORMED as error:
        name = load.__name__.removeprefix("load_")
        yield Fault(
            folder, 1, f"The {name} cannot be read: {type(error).__name__}: {error}.", "See docs/content-guide.md."
        )


def _check_safety(folder: Path) -> Iterator[Fault]:
    """Yield what would break a reply in an emergency: a missing phrase or country, a placeholder that does not exist."""
    file = folder / "safety.yml"
    texts = load_safety_texts(folder)
    for name in sorted(_PHRASES - set(texts.phrases)):
        yield Fault(file, 1, f"The phrase {name!r} is missing.", "Write it.")
    wordings = {
        **texts.phrases,
        **{f"{tier}.{key}": text for tier, e in texts.tiers.items() for key, text in e.texts.items()},
    }
    for tier in sorted(STICKY_TIERS):
        if "follow_up" not in texts.tiers[tier].texts:
            yield Fault(file, line_of(file, tier), f"{tier} lacks follow_up.", "Write what is said to 'ok' after it.")
    for name, wording in wordings.items():
        yield from _check_placeholders(file, name, wording)
        yield from _check_distress(file, name, wording)
    lines = load_helplines(folder)
    for code in ("US", "UK"):
        if code not in lines or (lines[code].crisis and not lines[code].crisis[0].phone) or not lines[code].poison:
            yield Fault(
                folder / "helplines.yml", 1, f"{code} lacks a crisis line with a phone, or poison advice.", "Add it."
            )
    if not any(line.web for line in lines[WORLDWIDE].crisis[:1]):
        yield Fault(folder / "helplines.yml", 1, "The first worldwide crisis line has no web address.", "Add it.")
    for name in sorted(_SMALL_TALK - set(load_small_talk(folder))):
        yield Fault(folder / "small_talk.yml", 1, f"{name!r} is missing.", "Write it.")


def _check_distress(file: Path, name: str, wording: str) -> Iterator[Fault]:
    """Yield what makes a safety text hard to read in distress: too many words, too hard ones."""
    line = line_of(file, name.split(".")[0])
    words, grade = len(wording.split()), reading_grade(wording)
    if words > SAFETY_WORDS:
        yield Fault(file, line, f"{name} has {words} words.", f"Keep to {SAFETY_WORDS}: it is read in distress.")
    if grade > SAFETY_GRADE:
        yield Fault(file, line, f"{name} reads at grade {grade:.1f}, over {SAFETY_GRADE:.0f}.", "Use plainer words.")


def _check_placeholders(file: Path, name: str, wording: str, known: frozenset[str] = PLACEHOLDERS) -> Iterator[Fault]:
    line = line_of(file, name.split(".")[0])
    try:
        unknown = sorted({field for _, field, _, _ in Formatter().parse(wording) if field is not None} - known)
    except ValueError as error:
        yield Fault(file, line, f"{name}: {error}.", "Mend the braces.")
        return
    if unknown:
        yield Fault(file, line, f"{name}: {{{unknown[0]}}} is no placeholder.", "Mend it.")


def line_of(file: Path, key: str) -> int:
    """Return the line of a file in which a key starts, or 1."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith(f"{key}:"):
            return number
    return 1


def _check_answers(folder: Path, answered: set[str], today: dt.date) -> Iterator[Fault]:
    sources = load_sources(folder)
    files = {file.stem: file for file in sorted((folder / "answers").glob("*.yml"))}
    for topic in sorted(answered - set(files)):
        yield Fault(
            folder / "answers" / f"{topic}.yml", 1, "This answer is missing.", "Write it; see docs/content-guide.md."
        )
    for topic, file in files.items():
        if topic not in answered:
            yield Fault(file, 1, f"{topic!r} is no intent of domain.yml.", "Rename the file or add the intent.")
            continue
        try:
            answer = load_answer(file, sources)
        except ContentError as error:
            yield Fault(file, 1, error.what, error.do)
            continue
        except _MALFORMED as error:
            yield Fault(
                file, 1, f"The answer cannot be read: {type(error).__name__}: {error}.", "See docs/content-guide.md."
            )
            continue
        yield from _check_answer(file, answer, answered, today)


def _check_answer(file: Path, answer: Answer, answered: set[str], today: dt.date) -> Iterator[Fault]:
    def fault(key: str, what: str, do: str) -> Fault:
        return Fault(file, line_of(file, key), what, do)

    if not 3 <= len(answer.title) <= 28:
        yield fault("title", f"The title has {len(answer.title)} characters.", "Buttons take 3 to 28.")
    if len(answer.question) > 80:
        yield fault("question", f"The question has {len(answer.question)} characters.", "Keep to 80.")
    unknown = sorted(set(answer.follow_ups) - answered | ({answer.topic} & set(answer.follow_ups)))
    if unknown or not 2 <= len(answer.follow_ups) <= 3:
        yield fault(
            "follow_ups", f"follow_ups are {list(answer.follow_ups)}.", "Name 2 or 3 other topics with an answer."
        )
    if len(answer.sources) > MAX_SOURCES:
        yield fault("sources", f"{len(answer.sources)} sources are named.", f"Keep the {MAX_SOURCES} that matter most.")
    if answer.reviewed_on > today:
        yield fault(
            "reviewed_on", f"reviewed_on is {answer.reviewed_on}, in the future.", "Write the day of the review."
        )
    if (today - answer.reviewed_on).days > REVIEW_DAYS:
        yield fault(
            "reviewed_on",
            f"The last review was on {answer.reviewed_on}, over {REVIEW_DAYS} days ago.",
            "Review the answer against its sources and write today's date.",
        )
    for country in sorted(set(answer.by_country) - _COUNTRIES):
        yield fault(country, f"Country {country!r} is unknown.", "Use us or uk.")
    for text in (answer.text, *answer.by_country.values()):
        yield from _check_text(file, text)


def _check_text(file: Path, text: AnswerText) -> Iterator[Fault]:
    limits = (("short", text.short, 1, SHORT_WORDS, SHORT_GRADE), ("full", text.full, *FULL_WORDS, FULL_GRADE))
    for name, body, least, most, hardest in limits:
        line = line_of(file, name)
        words = len(body.split())
        if not least <= words <= most:
            yield Fault(file, line, f"The {name} text has {words} words.", f"Keep to {least} to {most}.")
        grade = reading_grade(body)
        if grade > hardest:
            yield Fault(
                file,
                line,
                f"The {name} text reads at grade {grade:.1f}, over {hardest:.0f}.",
                "Use shorter sentences and plainer words.",
            )
        found = _MARKUP.search(body)
        if found:
            yield Fault(file, line, f"The {name} text holds {found.group()!r}.", "Use plain text and lists with '- '.")


def _check_sources(folder: Path) -> Iterator[Fault]:
    file = folder / "sources.yml"
    for source in load_sources(folder).values():
        if source.url is not None and not _URL.match(str(source.url)):
            yield Fault(file, line_of(file, source.id), f"{source.url!r} is no web address.", "Mend it or write null.")
        if not isinstance(source.checked_on, dt.date):
            yield Fault(file, line_of(file, source.id), "checked_on is no date.", "Write it like 2026-11-22.")


def _check_helplines(folder: Path) -> Iterator[Fault]:
    file = folder / "helplines.yml"
    for code, entry in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        for group in ("emergency", "crisis", "medical_advice", "poison"):
            for line in entry[group]:
                if line.get("verified") is True and not _URL.match(str(line.get("source", ""))):
                    yield Fault(file, line_of(file, code), f"{code}: a verified line names no source.", "Add the page.")
                if line.get("verified") is not True and not line.get("must_be_checked_by"):
                    yield Fault(
                        file,
                        line_of(file, code),
                        f"{code}: a line is not verified.",
                        "Take it out, or say in must_be_checked_by who must check it and why it is shown.",
                    )
        if not entry["crisis"]:
            yield Fault(file, line_of(file, code), f"{code} has no crisis line.", "Add a verified one.")


def _check_small_talk(folder: Path, topics: set[str]) -> Iterator[Fault]:
    file = folder / "small_talk.yml"
    for topic, reply in load_small_talk(folder).items():
        for button in reply.buttons:
            if button.payload.startswith("/") and button.payload[1:] not in topics:
                yield Fault(
                    file, line_of(file, topic), f"{button.payload!r} is no topic.", "Use an intent of domain.yml."
                )


def _check_languages(folder: Path) -> Iterator[Fault]:
    """Yield what would break a reply in another language: a placeholder that does not exist or lacks, an unknown country."""
    file = folder / "languages.yml"
    known = load_helplines(folder)
    for language in load_languages(folder).values():
        line = line_of(file, language.code)
        for country in language.countries:
            if country not in known:
                yield Fault(file, line, f"{language.code}: {country!r} has no help lines.", "Add them, or take it out.")
        for name, text in language.texts.items():
            needed = LANGUAGE_PLACEHOLDERS if name in _WITH_LINES else frozenset()
            try:
                fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
            except ValueError as error:
                yield Fault(file, line, f"{language.code}.{name}: {error}.", "Mend the braces.")
                continue
            for field in sorted(fields - LANGUAGE_PLACEHOLDERS):
                yield Fault(file, line, f"{language.code}.{name}: {{{field}}} is no placeholder.", "Mend it.")
            for field in sorted(needed - fields):
                yield Fault(file, line, f"{language.code}.{name} lacks {{{field}}}.", "Say the number.")


def _check_telegram(folder: Path, answered: set[str]) -> Iterator[Fault]:
    """Yield what would break Telegram: an unknown placeholder, a topic missing in the menu, double or without answer."""
    file = folder / "telegram.yml"
    texts = load_telegram(folder)
    for name, phrase in texts.phrases.items():
        yield from _check_placeholders(file, name, phrase, PLACEHOLDERS | _TELEGRAM_FIELDS.get(name, frozenset()))
        if name.startswith("group_"):
            yield from _check_distress(file, name, phrase)
    for command, description in texts.commands.items():
        if not 0 < len(description) <= MAX_DESCRIPTION:
            yield Fault(file, line_of(file, command), f"The description of /{command} is empty or long.", "Mend it.")
    listed = [topic for topics in texts.menu.values() for topic in topics]
    for topic in sorted({topic for topic in listed if topic not in answered or listed.count(topic) > 1}):
        yield Fault(file, line_of(file, "menu"), f"{topic!r} has no answer, or stands twice.", "Name each topic once.")
    for topic in sorted(answered - set(listed)):
        yield Fault(file, line_of(file, "menu"), f"{topic!r} is in no group of the menu.", "Add it.")


def _check_follow_ups(folder: Path, answered: set[str]) -> Iterator[Fault]:
    file = folder / "follow_ups.yml"
    for aspect in load_follow_ups(folder):
        named = {topic for topics in (aspect.default, *aspect.after.values()) for topic in topics}
        for topic in sorted((named - {SAME}) | set(aspect.after)):
            if topic not in answered:
                yield Fault(file, line_of(file, aspect.name), f"{topic!r} has no answer.", "Name a topic that has one.")
        if len(aspect.default) > MAX_OFFERED or any(len(topics) > MAX_OFFERED for topics in aspect.after.values()):
            yield Fault(
                file, line_of(file, aspect.name), f"{aspect.name} offers too many topics.", "Offer up to three."
            )
