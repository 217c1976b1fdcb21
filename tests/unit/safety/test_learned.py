"""From learned probabilities to a tier."""

from __future__ import annotations

import pytest

from bot.model import TIERS, Tier
from bot.safety.learned import HINT, PART, PASSAGE, WHOLE, Thresholds, learned_tier

PARTS = [("whole", WHOLE), ("passage", PASSAGE)]


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


CLAUSES = [
    ("a clear clause counts", "crisis", PART.crisis, HINT, "crisis"),
    ("a clause that is not clear does not", "crisis", PART.crisis - 0.001, HINT, "none"),
    ("nor a clear one in a message that shows nothing of it", "crisis", PART.crisis, HINT - 0.001, "none"),
    ("other danger must be clearer still", "urgent_mood", PART.danger, HINT, "urgent_mood"),
    ("and does not count below", "urgent_mood", PART.danger - 0.001, HINT, "none"),
    ("nor in a message that shows nothing of it", "urgent_mood", PART.danger, HINT - 0.001, "none"),
]


@pytest.mark.parametrize(
    ("tier", "in_clause", "in_whole", "raised"), [row[1:] for row in CLAUSES], ids=[row[0] for row in CLAUSES]
)
def test_a_clause(tier: Tier, in_clause: float, in_whole: float, raised: Tier) -> None:
    assert learned_tier({"whole": {tier: in_whole}, "part": {tier: in_clause}}) == (raised, in_clause)


def test_a_clause_may_be_of_another_danger_than_the_whole_hints_at() -> None:
    scores = {"whole": {"urgent_mood": HINT}, "part": {"medical_emergency": PART.danger}}
    assert learned_tier(scores) == ("medical_emergency", PART.danger)


@pytest.mark.parametrize(
    "scores",
    [{}, {"whole": {}}, {"whole": {}, "part": {}}, {"whole": {"alcohol": 1.0}}, {"elsewhere": {"crisis": 1.0}}],
)
def test_without_probabilities_of_tiers_nothing_is_raised(scores: dict[str, dict[str, float]]) -> None:
    assert learned_tier(scores) == ("none", 0.0)
