"""From learned probabilities to a tier."""

from __future__ import annotations

import pytest

from bot.model import TIERS, Tier
from bot.safety.learned import PART, WHOLE, Thresholds, learned_tier

PARTS = [("whole", WHOLE), ("part", PART)]


@pytest.mark.parametrize(("part", "limits"), PARTS)
@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_is_raised_from_its_threshold_on_and_not_below(part: str, limits: Thresholds, tier: Tier) -> None:
    limit = limits.crisis if tier == "crisis" else limits.danger
    assert learned_tier({part: {tier: limit}}) == (tier, limit)
    assert learned_tier({part: {tier: limit - 0.001}}) == ("none", limit - 0.001)


@pytest.mark.parametrize(("part", "limits"), PARTS)
def test_dangers_that_are_likely_only_together_raise_the_likeliest(part: str, limits: Thresholds) -> None:
    most, least = limits.danger * 0.6, limits.danger * 0.45
    assert learned_tier({part: {"urgent_mood": most, "medical_emergency": least}}) == ("urgent_mood", most)


@pytest.mark.parametrize(("part", "limits"), PARTS)
def test_a_crisis_that_is_likely_enough_counts_before_anything_likelier(part: str, limits: Thresholds) -> None:
    scores = {"crisis": limits.crisis, "urgent_mood": limits.crisis + 0.2}
    assert learned_tier({part: scores}) == ("crisis", limits.crisis + 0.2)


def test_a_clause_counts_where_the_whole_message_is_calm() -> None:
    scores = {"whole": {"medical_emergency": 0.01}, "part": {"medical_emergency": PART.danger}}
    assert learned_tier(scores) == ("medical_emergency", PART.danger)


@pytest.mark.parametrize(
    "scores",
    [{}, {"whole": {}}, {"whole": {}, "part": {}}, {"whole": {"alcohol": 1.0}}, {"elsewhere": {"crisis": 1.0}}],
)
def test_without_probabilities_of_tiers_nothing_is_raised(scores: dict[str, dict[str, float]]) -> None:
    assert learned_tier(scores) == ("none", 0.0)
