"""From the learned probabilities of the tiers to a tier: thresholds for the whole message and for its clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.model import TIERS, Tier


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which danger is raised: of a crisis, and of any tier at all."""

    crisis: float
    danger: float


WHOLE: Final = Thresholds(crisis=0.12, danger=0.15)
"""For the whole message. Read from the messages that the encoder was never shown (15% of data/nlu): there a crisis is
found about 19 times in 20 and a harmless message raises one about once in 50; see docs/safety.md."""

CLAUSE: Final = Thresholds(crisis=0.6, danger=0.75)
"""For a single clause, which says less and so must say it more clearly: one sentence buried in a long story counts."""


def learned_tier(scores: Mapping[str, Mapping[str, float]]) -> tuple[Tier, float]:
    """Return the tier that the learned probabilities raise, and how sure they are.

    Args:
        scores: "whole" and "clause", each with the probability of every tier (of the clause where it is highest).
    """
    whole, clause = scores.get("whole", {}), scores.get("clause", {})
    sure = max((float(part.get(tier, 0.0)) for part in (whole, clause) for tier in TIERS), default=0.0)
    for part, limits in ((whole, WHOLE), (clause, CLAUSE)):
        probabilities = {tier: float(part.get(tier, 0.0)) for tier in TIERS}
        if probabilities["crisis"] >= limits.crisis:
            return "crisis", sure
        if sum(probabilities.values()) >= limits.danger:
            return max(TIERS, key=lambda tier: probabilities[tier]), sure
    return "none", sure
