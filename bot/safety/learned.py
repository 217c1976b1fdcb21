"""From the learned probabilities of the tiers to a tier: thresholds for the message as a whole and for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.model import ENGLISH, LANGUAGE_SURE, TIERS, Tier, graver
from bot.safety.languages import Reading


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which danger is raised: of a crisis, and of any tier at all."""

    crisis: float
    danger: float


WHOLE: Final = Thresholds(crisis=0.15, danger=0.2)
"""For the message as a whole. Read from the messages that the encoder was never shown (`python -m training.thresholds`), many
harmless in the words of danger: 94% of the crises and 94% of all danger are found; 2% of the harmless are taken for a crisis."""

PART: Final = Thresholds(crisis=0.9, danger=0.95)
"""For a clause, which says less and so must say it more clearly: one sentence counts."""

HINT: Final = 0.02
"""What the message as a whole must show for a clause to count. Without it twice as many harmless messages are taken for a crisis,
and no more crises are found."""

PASSAGE: Final = Thresholds(crisis=0.95, danger=0.97)
"""For a passage of a long story. On 203 long stories that the encoder was never shown, nine in ten with danger in the middle are
found, and a quarter of the harmless ones as well."""


def learned_tier(scores: Mapping[str, Mapping[str, float]]) -> tuple[Tier, float]:
    """Return the tier that the learned probabilities raise, and how sure they are.

    Args:
        scores: the probability of every tier, by where it was found: "whole" in the message, "part" the highest in a clause of
            it, "passage" the highest in a passage of a long story. What is missing counts as zero.
    """
    whole, part, passage = (_probabilities(scores.get(where, {})) for where in ("whole", "part", "passage"))
    hinted = {tier: share for tier, share in part.items() if sum(whole.values()) >= HINT}
    if whole["crisis"] < HINT:
        hinted.pop("crisis", None)
    tier = graver(graver(_raised(whole, WHOLE), _raised(hinted, PART)), _raised(passage, PASSAGE))
    return tier, max(*whole.values(), *part.values(), *passage.values())


FOREIGN: Final = Thresholds(crisis=0.5, danger=0.7)
"""For a message in another language, by the model for other languages: of a crisis, and of low mood or a crisis."""

NAMED: Final = 0.5
"""Probability of the language below which a message may be anything, such as keys hit at random."""

SPOKEN_HINT: Final = 0.1
"""Probability of a crisis below which plain words of danger in another language do not count: the model has read a denial."""


def tier_of_reading(reading: Reading, spoken: str | None) -> tuple[Tier, float]:
    """Return the tier that the model for other languages raises, and how sure it is.

    Args:
        reading: what the model made of the message; empty if the model is missing.
        spoken: the language in which the message holds plain words of danger, if it does; enough alone without the model.
    """
    crisis, mood = reading.chance("crisis"), reading.chance("mood")
    if spoken and (reading.kinds is None or crisis >= SPOKEN_HINT):
        return "crisis", max(crisis, FOREIGN.crisis)
    if reading.language == ENGLISH or reading.sure < NAMED:
        return "none", 0.0  # English is left to the other layers
    if crisis >= FOREIGN.crisis:
        return "crisis", crisis
    return ("urgent_mood", crisis + mood) if crisis + mood >= FOREIGN.danger else ("none", 0.0)


def calm_in_another_language(reading: Reading) -> bool:
    """Return whether a message is surely in another language, and the model for it sees no crisis in it."""
    foreign = reading.language != ENGLISH and reading.sure >= LANGUAGE_SURE
    return foreign and reading.chance("crisis") < SPOKEN_HINT


def _probabilities(part: Mapping[str, float]) -> dict[Tier, float]:
    return {tier: float(part.get(tier, 0.0)) for tier in TIERS}


def _raised(shares: Mapping[Tier, float], limits: Thresholds) -> Tier:
    if shares.get("crisis", 0.0) >= limits.crisis:
        return "crisis"
    if sum(shares.values()) >= limits.danger:
        return max(shares, key=lambda tier: shares[tier])
    return "none"
