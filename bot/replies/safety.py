"""The fixed safety replies, filled with each country's numbers once and held in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.content.load import (
    WORLDWIDE,
    CountryLines,
    HelpLine,
    LanguageTexts,
    SafetyTexts,
    load_helplines,
    load_languages,
    load_safety_texts,
)
from bot.model import ENGLISH, STICKY_TIERS, Button, Reply, Tier

OTHER_COUNTRY = Button("I'm in another country", "I'm in another country")
SOMEONE_ELSE = Button("This is about someone else", "This is about someone else")
SAFE = Button("I'm safe, I have a question", "I'm safe, I have a question")

SAFETY_BUTTONS = (OTHER_COUNTRY, SOMEONE_ELSE, SAFE)

_WORLD_LINES = ("US", "UK")
_DIRECTORY = "findahelpline.com"
_MOST_NUMBERS = 6
_DIALLED = re.compile(r"(?>\+?\d[\d -]*\d)(?!-?[A-Z]| [A-Z]{2})")
"""A number as it is dialled; "0508" of "0508 TAUTOKO" is none."""


class SafetyReplies:
    """Every safety reply by tier and country; needs no database and no action server.

    Args:
        texts: the fixed wordings.
        helplines: help lines by country code, "worldwide" among them.
        languages: the wordings in other languages by code. A language that is not there is answered in English.
    """

    def __init__(
        self,
        texts: SafetyTexts,
        helplines: Mapping[str, CountryLines],
        languages: Mapping[str, LanguageTexts] | None = None,
    ) -> None:
        self._texts = texts
        self._helplines = helplines
        self._languages = languages or {}
        self._fields = {code: self._fill(lines) for code, lines in helplines.items()}
        self.numbers = frozenset(number for lines in helplines.values() for number in _numbers(lines))
        """Every number of the help lines, as it is written there."""
        longest_first = sorted(self.numbers, key=len, reverse=True)
        self._number = re.compile(rf"(?<![\d:+-])(?:{'|'.join(map(re.escape, longest_first))})(?![\d:-])")

    def countries(self) -> dict[str, str]:
        """Return the names of the countries with help lines of their own, by code."""
        return {code: lines.name for code, lines in self._helplines.items() if code != WORLDWIDE}

    def reply(self, tier: Tier, country: str | None, *, about_other: bool = False, language: str = ENGLISH) -> Reply:
        """Return the help text of a tier for a country, spoken to the person or about someone else.

        Crisis and low mood are answered in the language; the other tiers have English texts only.
        """
        text = self._texts.tiers[tier]
        if language in self._languages and tier in STICKY_TIERS:
            name = "mood" if tier == "urgent_mood" else "crisis_other" if about_other else "crisis_self"
            return self._in_language(name, tier, country, language)
        key = "other" if about_other else "self"
        by_country = (country or "").lower()
        wording = text.texts[by_country if not about_other and by_country in text.texts else key]
        return Reply(
            text=self.fill(wording, country),
            topic=tier,
            tier=tier,
            buttons=self._buttons(tier, about_other=about_other),
            sources=text.sources,
            reviewed_on=text.reviewed_on,
        )

    def follow_up(self, tier: Tier, country: str | None, language: str = ENGLISH) -> Reply:
        """Return the caring answer to "ok" or silence-fillers after a crisis or mood reply."""
        if language in self._languages:
            return self._in_language("follow_up", tier, country, language)
        text = self._texts.tiers[tier]
        return Reply(
            text=self.fill(text.texts["follow_up"], country),
            topic=tier,
            tier=tier,
            buttons=(OTHER_COUNTRY, SAFE),
            sources=text.sources,
            reviewed_on=text.reviewed_on,
        )

    def in_language(self, name: str, country: str | None, language: str) -> str | None:
        """Return a phrase in another language (note, moved_on, which_country), or None if that language is not there."""
        if language not in self._languages:
            return None
        emergency = self._fields.get((country or "").upper(), self._fields[WORLDWIDE])["emergency"]
        return self._languages[language].texts[name].format(emergency=emergency)

    def reminder(self, tier: Tier, country: str | None) -> str:
        """Return the one-line reminder put under an answer while a tier is still in force."""
        return self.phrase("reminder" if tier == "crisis" else "reminder_mood", country)

    def phrase(self, name: str, country: str | None) -> str:
        """Return one of the short fixed phrases, filled for a country: moved_on, trouble, late, too_long, human."""
        return self.fill(self._texts.phrases[name], country)

    def fill(self, wording: str, country: str | None, **more: str) -> str:
        """Return a wording with the numbers of a country in place of {emergency} and the like, and more fields in theirs."""
        fields = self._fields.get((country or "").upper(), self._fields[WORLDWIDE])
        return wording.format_map({**fields, **more}).strip()

    def numbers_in(self, text: str) -> tuple[str, ...]:
        """Return the numbers to call that a text names, of those in the help lines, in their order, at most six."""
        return tuple(dict.fromkeys(self._number.findall(text)))[:_MOST_NUMBERS]

    def _in_language(self, name: str, tier: Tier, country: str | None, language: str) -> Reply:
        """Return a reply to danger in another language, with the lines of the country or, if none is known, of the language."""
        spoken = self._languages[language]
        texts = spoken.texts
        if country and country.upper() in self._helplines:
            fields = {key: self._fields[country.upper()][key] for key in ("emergency", "crisis")}
        elif spoken.countries:
            homes = [self._helplines[code] for code in spoken.countries]
            fields = {
                "emergency": " / ".join(dict.fromkeys(home.emergency for home in homes)),
                "crisis": _bullets([f"{home.code}: {_short(line)}" for home in homes for line in home.crisis[:2]]),
            }
        else:
            fields = {"emergency": self._fields[WORLDWIDE]["emergency"], "crisis": _bullets([_DIRECTORY])}
        body = texts[name].format_map(fields)
        elsewhere = "" if texts["your_country"] in body else f"\n\n{texts['your_country']}"
        buttons = [Button(texts["other_country"], OTHER_COUNTRY.payload)]
        if name == "crisis_self":
            buttons.append(Button(texts["someone_else"], SOMEONE_ELSE.payload))
        buttons.append(Button(texts["safe"], SAFE.payload))
        english = self._texts.tiers[tier]
        return Reply(f"{body}{elsewhere}", tier, tier, tuple(buttons), english.sources, english.reviewed_on)

    def trouble(self, tier: Tier, country: str | None, *, late: bool = False) -> Reply:
        """Return what a person gets when something fails or is slow: the help text if danger was seen."""
        if tier != "none":
            return self.reply(tier, country)
        return Reply(text=self.phrase("late" if late else "trouble", country), topic="out_of_scope")

    def _buttons(self, tier: Tier, *, about_other: bool) -> tuple[Button, ...]:
        if tier not in STICKY_TIERS:
            return (OTHER_COUNTRY,)
        return (OTHER_COUNTRY, SAFE) if about_other else (OTHER_COUNTRY, SOMEONE_ELSE, SAFE)

    def _fill(self, lines: CountryLines) -> dict[str, str]:
        crisis = [line.sentence() for line in lines.crisis[:2]]
        poison = [line.sentence() for line in lines.poison]
        short = _short(lines.crisis[0])
        if lines.code == WORLDWIDE:
            directory = lines.crisis[0]
            named = [self._helplines[code] for code in _WORLD_LINES]
            crisis = [f"{country.name}: {_short(country.crisis[0])}" for country in named]
            crisis.append(f"Other countries: {directory.web} lists free lines")
            poison = [f"{country.name}: {_short(country.poison[0])}" for country in named]
            numbers = [f"{country.crisis[0].phone} ({country.code})" for country in named]
            short = f"{', '.join(numbers)}, or {directory.web}"
        advice = [line.sentence() for line in lines.medical_advice] or [
            "An out-of-hours clinic, or the nearest hospital"
        ]
        poison = poison or [f"No poison line is listed here: call {lines.emergency}"]
        return {
            "emergency": lines.emergency,
            "crisis": _bullets(crisis),
            "crisis_short": short,
            "advice": _bullets(advice),
            "poison": _bullets(poison),
            "poison_short": _bullets(poison[:2]),
        }


def _numbers(lines: CountryLines) -> Iterator[str]:
    """Yield the numbers of a country as they are dialled: "988" of "988 then press 1"."""
    named = (lines.emergency, *(line.phone for line in (*lines.crisis, *lines.medical_advice, *lines.poison)))
    yield from (found[0].strip() for phone in named for found in _DIALLED.finditer(phone))


def _short(line: HelpLine) -> str:
    return f"{line.name} {line.phone or line.text or line.web}"


def _bullets(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


@lru_cache(maxsize=1)
def safety_replies() -> SafetyReplies:
    """Return the replies of this installation, read from `content/` at the first call.

    Raises:
        ContentError: if the safety texts or help lines are missing or malformed.
    """
    return SafetyReplies(load_safety_texts(), load_helplines(), load_languages())
