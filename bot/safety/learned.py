"""From the learned probabilities of the tiers to a tier: thresholds for the whole message and for its clauses."""

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
"""For the message, or for a passage of a long one. Read from the messages that the encoder was never shown (a tenth of data/nlu,
with many harmless ones in the words of danger, and long stories with danger in the middle): 95% of the crises are found and
94% of all danger, with 5% of the harmless messages taken for a crisis."""

CLAUSE: Final = Thresholds(crisis=0.95, danger=0.97)
"""For a single clause, which says less and so must say it more clearly: one sentence buried in a long story counts."""


def learned_tier(scores: Mapping[str, Mapping[str, float]]) -> tuple[Tier, float]:
    """Return the tier that the learned probabilities raise, and how sure they are.

    Args:
        scores: "whole" and "clause", each with the probability of every tier (of the clause where it is highest).
    """
    whole, clause = scores.get("whole", {}), scores.get("clause", {})
    sure = max((float(part.get(tier, 0.0)) for part in (whole, clause) for tier in TIERS), default=0.0)
    return graver(_raised(whole, WHOLE), _raised(clause, CLAUSE)), sure


def _raised(part: Mapping[str, float], limits: Thresholds) -> Tier:
    probabilities = {tier: float(part.get(tier, 0.0)) for tier in TIERS}
    if probabilities["crisis"] >= limits.crisis:
        return "crisis"
    if sum(probabilities.values()) >= limits.danger:
        return max(TIERS, key=lambda tier: probabilities[tier])
    return "none"
