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
"""For the whole message. Read from the messages that the encoder was never shown (15% of data/nlu): there 91% of
the crises are found at 0.15 with 1.5% of the harmless messages, and 94% of all danger at 0.2 with 4% of the harmless ones."""

CLAUSE: Final = Thresholds(crisis=0.8, danger=0.85)
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
