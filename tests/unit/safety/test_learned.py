"""From learned probabilities to a tier."""

from __future__ import annotations

import pytest

from bot.model import TIERS, Tier
from bot.safety.languages import Reading
from bot.safety.learned import (
    CLAUSE,
    LONG,
    PASSAGE,
    RULE_HINT,
    SEEN,
    SHORT,
    WHOLE,
    Scores,
    Thresholds,
    doubted,
    learned_tier,
    pooled,
)

HINT = WHOLE.hint
ALONE = Reading()
"""The language model could not be asked."""
NOTHING = dict.fromkeys(TIERS, 0.0)
LIMITS = [(1, WHOLE), (3, PASSAGE)]
"""How many passages a message has, and from when danger in one of them counts."""


def of_passages(count: int, *found: dict[Tier, float]) -> Scores:
    """Return scores of a message in which these passages are the last and nothing is seen in the others."""
    return {"passages": [{}] * (count - len(found)) + list(found)}


@pytest.mark.parametrize(("count", "limits"), LIMITS)
@pytest.mark.parametrize("tier", TIERS)
def test_a_tier_is_raised_from_its_threshold_on_and_not_below(count: int, limits: Thresholds, tier: Tier) -> None:
    limit = limits.crisis if tier == "crisis" else limits.danger
    assert learned_tier(of_passages(count, {tier: limit}), ALONE) == (tier, limit)
    assert learned_tier(of_passages(count, {tier: limit - 0.001}), ALONE) == ("none", limit - 0.001)


@pytest.mark.parametrize(("count", "limits"), LIMITS)
def test_dangers_that_are_likely_only_together_raise_the_likeliest(count: int, limits: Thresholds) -> None:
    most, least = limits.danger * 0.6, limits.danger * 0.45
    scores = of_passages(count, {"urgent_mood": most, "medical_emergency": least})
    assert learned_tier(scores, ALONE) == ("urgent_mood", most)


def test_a_crisis_that_is_likely_enough_counts_before_anything_likelier() -> None:
    scores = of_passages(1, {"crisis": WHOLE.crisis, "urgent_mood": WHOLE.crisis + 0.2})
    assert learned_tier(scores, ALONE) == ("crisis", WHOLE.crisis + 0.2)


LONG_MESSAGES = [
    ("a crisis that is clear", {"crisis": LONG.crisis}, SHORT + 1, "crisis"),
    ("a crisis that is not is asked about", {"crisis": LONG.crisis - 0.001}, SHORT + 1, "urgent_mood"),
    ("down to the threshold of any danger", {"crisis": LONG.danger}, SHORT + 1, "urgent_mood"),
    ("and not below", {"crisis": LONG.danger - 0.001}, SHORT + 1, "none"),
    ("other danger stays what it is", {"pregnancy_exposure": LONG.danger}, SHORT + 1, "pregnancy_exposure"),
    ("the same in a short message is a crisis", {"crisis": LONG.danger}, SHORT, "crisis"),
]


@pytest.mark.parametrize(
    ("found", "letters", "tier"), [row[1:] for row in LONG_MESSAGES], ids=[row[0] for row in LONG_MESSAGES]
)
def test_a_long_message(found: dict[Tier, float], letters: int, tier: Tier) -> None:
    assert learned_tier(of_passages(1, found), ALONE, letters)[0] == tier


def test_dangers_in_different_passages_are_not_added_up_and_the_gravest_counts() -> None:
    apart = of_passages(2, {"urgent_mood": PASSAGE.danger - 0.01}, {"medical_emergency": PASSAGE.danger - 0.01})
    assert learned_tier(apart, ALONE)[0] == "none"
    assert learned_tier(of_passages(3, {"urgent_mood": 1.0}, {"crisis": 1.0}), ALONE)[0] == "crisis"


CLAUSES = [
    ("a clear clause counts", "crisis", CLAUSE.crisis, HINT, "crisis"),
    ("a clause that is not clear does not", "crisis", CLAUSE.crisis - 0.001, HINT, "none"),
    ("nor a clear one in a message that shows nothing of it", "crisis", CLAUSE.crisis, HINT - 0.001, "none"),
    ("other danger must be clearer still", "urgent_mood", CLAUSE.danger, HINT, "urgent_mood"),
    ("and does not count below", "urgent_mood", CLAUSE.danger - 0.001, HINT, "none"),
    ("nor in a message that shows nothing of it", "urgent_mood", CLAUSE.danger, HINT - 0.001, "none"),
]


@pytest.mark.parametrize(
    ("tier", "in_clause", "in_whole", "raised"), [row[1:] for row in CLAUSES], ids=[row[0] for row in CLAUSES]
)
def test_a_clause(tier: Tier, in_clause: float, in_whole: float, raised: Tier) -> None:
    scores = {"passages": [{tier: in_whole}], "clauses": [{}, {tier: in_clause}]}
    assert learned_tier(scores, ALONE) == (raised, in_clause)


def test_a_clause_may_be_of_another_danger_than_the_whole_hints_at() -> None:
    scores = {"passages": [{"urgent_mood": HINT}], "clauses": [{"medical_emergency": CLAUSE.danger}]}
    assert learned_tier(scores, ALONE) == ("medical_emergency", CLAUSE.danger)


def test_the_clauses_of_a_long_story_do_not_count() -> None:
    scores = {"passages": [{"crisis": 0.5}] * 2, "clauses": [{"crisis": 1.0}]}
    assert learned_tier(scores, ALONE)[0] == "none"


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {"passages": []},
        {"passages": [{}], "clauses": [{}]},
        {"passages": [{"alcohol": 1.0}]},
        {"other": [{"crisis": 1.0}]},
    ],
)
def test_without_probabilities_of_tiers_nothing_is_raised(scores: Scores) -> None:
    assert learned_tier(scores, ALONE) == ("none", 0.0)


OPINIONS = [
    ("both are sure", 0.9, 0.9, 0.9),
    ("both see the same", 0.2, 0.2, 0.2),
    ("one is sure and the other sees nothing", 0.99, 0.0, 0.09),
    ("the other way round", 0.0, 0.99, 0.09),
    ("one is sure and the other doubts", 0.95, 0.3, 0.74),
    ("neither sees anything", 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize(
    ("first", "second", "together"), [row[1:] for row in OPINIONS], ids=[row[0] for row in OPINIONS]
)
def test_two_opinions_are_one(first: float, second: float, together: float) -> None:
    found = pooled({**NOTHING, "crisis": first}, {**NOTHING, "crisis": second})
    assert found["crisis"] == pytest.approx(together, abs=0.01)
    assert sum(found.values()) <= 1 + 1e-9


def test_the_second_opinion_counts_passage_by_passage() -> None:
    calm, grave = NOTHING, {**NOTHING, "crisis": 0.99}
    sure = of_passages(1, {"crisis": 0.99})
    assert learned_tier(sure, Reading(passages=(calm,)))[0] == "none"
    assert learned_tier(sure, Reading(passages=(grave,)))[0] == "crisis"
    assert learned_tier(of_passages(2, {"crisis": 0.99}), Reading(passages=(grave, calm)))[0] == "none"
    assert learned_tier(of_passages(2, {"crisis": 0.99}), Reading(passages=(calm, grave)))[0] == "crisis"
    assert learned_tier(of_passages(2, {"crisis": 0.99}), Reading(passages=(calm, grave, calm)))[0] == "crisis"
    assert learned_tier({}, Reading(passages=(grave,))) == ("none", 0.0)  # alone it does not speak for English


GRAVE = {**NOTHING, "crisis": 0.9}
DOUBTS = [
    ("a rule is doubted where both models see nothing", [NOTHING], (NOTHING,), True),
    ("not where one of them does", [GRAVE], (NOTHING,), False),
    ("nor the other", [NOTHING], (GRAVE,), False),
    ("nor where a passage shows danger", [NOTHING, GRAVE], (NOTHING, GRAVE), False),
    ("nor without the topic classifier", [], (NOTHING,), False),
    ("nor without the language model", [NOTHING], (), False),
]


@pytest.mark.parametrize(("first", "second", "wanted"), [row[1:] for row in DOUBTS], ids=[row[0] for row in DOUBTS])
def test_a_rule_is_doubted(first: list[dict[Tier, float]], second: tuple[dict[Tier, float], ...], wanted: bool) -> None:
    assert doubted({"passages": first}, Reading(passages=second)) is wanted


@pytest.mark.parametrize(("share", "wanted"), [(RULE_HINT / 5, True), (RULE_HINT / 4, False)])
def test_a_rule_needs_a_hint_of_any_tier(share: float, wanted: bool) -> None:
    each = dict.fromkeys(TIERS, share)
    assert doubted({"passages": [each]}, Reading(passages=(each,))) is wanted


@pytest.mark.parametrize("tier", TIERS)
def test_the_language_model_alone_brings_nothing_about(tier: Tier) -> None:
    sure = Reading(passages=({**NOTHING, tier: 0.99},))
    assert learned_tier({"passages": [{tier: SEEN[tier] - 0.001}]}, sure)[0] == "none"
    assert learned_tier({"passages": [{tier: SEEN[tier]}]}, sure)[0] == tier
