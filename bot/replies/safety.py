"""The fixed safety replies, filled with each country's numbers once and held in memory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.content.load import WORLDWIDE, CountryLines, HelpLine, SafetyTexts, load_helplines, load_safety_texts
from bot.model import STICKY_TIERS, Button, Reply, Tier

OTHER_COUNTRY = Button("I'm in another country", "I'm in another country")
SOMEONE_ELSE = Button("This is about someone else", "This is about someone else")
SAFE = Button("I'm safe, I have a question", "I'm safe, I have a question")

_WORLD_LINES = ("US", "UK")


class SafetyReplies:
    """Every safety reply by tier and country; needs no database and no action server.

    Args:
        texts: the fixed wordings.
        helplines: help lines by country code, "worldwide" among them.
    """

    def __init__(self, texts: SafetyTexts, helplines: Mapping[str, CountryLines]) -> None:
        self._texts = texts
        self._helplines = helplines
        self._fields = {code: self._fill(lines) for code, lines in helplines.items()}

    def countries(self) -> dict[str, str]:
        """Return the names of the countries with help lines of their own, by code."""
        return {code: lines.name for code, lines in self._helplines.items() if code != WORLDWIDE}

    def reply(self, tier: Tier, country: str | None, *, about_other: bool = False) -> Reply:
        """Return the help text of a tier for a country, spoken to the person or about someone else."""
        text = self._texts.tiers[tier]
        key = "other" if about_other else "self"
        by_country = (country or "").lower()
        wording = text.texts[by_country if not about_other and by_country in text.texts else key]
        return Reply(
            text=self._filled(wording, country),
            topic=tier,
            tier=tier,
            buttons=self._buttons(tier, about_other=about_other),
            sources=text.sources,
            reviewed_on=text.reviewed_on,
        )

    def follow_up(self, tier: Tier, country: str | None) -> Reply:
        """Return the caring answer to "ok" or silence-fillers after a crisis or mood reply."""
        text = self._texts.tiers[tier]
        return Reply(
            text=self._filled(text.texts["follow_up"], country),
            topic=tier,
            tier=tier,
            buttons=(OTHER_COUNTRY, SAFE),
            sources=text.sources,
            reviewed_on=text.reviewed_on,
        )

    def reminder(self, tier: Tier, country: str | None) -> str:
        """Return the one-line reminder put under an answer while a tier is still in force."""
        return self.phrase("reminder" if tier == "crisis" else "reminder_mood", country)

    def phrase(self, name: str, country: str | None) -> str:
        """Return one of the short fixed phrases, filled for a country: moved_on, trouble, late, too_long, human."""
        return self._filled(self._texts.phrases[name], country)

    def trouble(self, tier: Tier, country: str | None, *, late: bool = False) -> Reply:
        """Return what a person gets when something fails or is slow: the help text if danger was seen."""
        if tier != "none":
            return self.reply(tier, country)
        return Reply(text=self.phrase("late" if late else "trouble", country), topic="out_of_scope")

    def _buttons(self, tier: Tier, *, about_other: bool) -> tuple[Button, ...]:
        if tier not in STICKY_TIERS:
            return (OTHER_COUNTRY,)
        return (OTHER_COUNTRY, SAFE) if about_other else (OTHER_COUNTRY, SOMEONE_ELSE, SAFE)

    def _filled(self, wording: str, country: str | None) -> str:
        fields = self._fields.get((country or "").upper(), self._fields[WORLDWIDE])
        return wording.format_map(fields).strip()

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
    return SafetyReplies(load_safety_texts(), load_helplines())
