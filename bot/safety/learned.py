"""From the learned probabilities of the tiers to a tier: thresholds for the message as a whole and for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.model import TIERS, Tier, graver


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which danger is raised: of a crisis, and of any tier at all."""

    crisis: float
    danger: float


WHOLE: Final = Thresholds(crisis=0.15, danger=0.2)
"""For the message as a whole. Read from the messages that the encoder was never shown (a tenth of data/nlu, with many harmless
ones in the words of danger): 93% of the crises are found and 95% of all danger; 4% of the harmless are taken for a crisis."""

PART: Final = Thresholds(crisis=0.95, danger=0.97)
"""For a clause, or a passage of a long story, which says less and so must say it more clearly. On 203 long stories that the
encoder was never shown, nine in ten with danger in the middle are found, and a quarter of the harmless ones as well."""


def learned_tier(scores: Mapping[str, Mapping[str, float]]) -> tuple[Tier, float]:
    """Return the tier that the learned probabilities raise, and how sure they are.

    Args:
        scores: "whole" and "part", each with the probability of every tier (of the part where it is highest).
    """
    whole, part = scores.get("whole", {}), scores.get("part", {})
    sure = max((float(seen.get(tier, 0.0)) for seen in (whole, part) for tier in TIERS), default=0.0)
    return graver(_raised(whole, WHOLE), _raised(part, PART)), sure


def _raised(part: Mapping[str, float], limits: Thresholds) -> Tier:
    probabilities = {tier: float(part.get(tier, 0.0)) for tier in TIERS}
    if probabilities["crisis"] >= limits.crisis:
        return "crisis"
    if sum(probabilities.values()) >= limits.danger:
        return max(TIERS, key=lambda tier: probabilities[tier])
    return "none"
