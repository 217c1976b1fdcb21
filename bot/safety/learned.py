"""From the learned probabilities of the tiers to a tier: thresholds for the message as a whole and for its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from bot.model import ENGLISH, LANGUAGE_SURE, TIERS, Tier, graver
from bot.safety.languages import Reading

Scores = Mapping[str, Sequence[Mapping[str, float]]]
"""Probabilities of the tiers by where they were found."""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which danger is raised.

    Attributes:
        crisis: of a crisis.
        danger: of any tier at all; the likeliest is raised.
        unsure: what is raised if that is a crisis which is not likely enough by itself.
        hint: what the message as a whole must show for a clause of it to count.
    """

    crisis: float
    danger: float
    unsure: Tier = "crisis"
    hint: float = 0.0


WHOLE: Final = Thresholds(crisis=0.1, danger=0.15, hint=0.08)
"""For a message that is read as a whole, by both models together. Read, as the others below, from messages that neither model was
shown, many of them harmless in the words of danger (`python -m training.thresholds`)."""

LONG: Final = Thresholds(crisis=0.7, danger=0.3, unsure="urgent_mood", hint=0.05)
"""The same for a message of over `SHORT` letters, in which more may look like a crisis: ordinary texts of kinds that no model
was shown raise one half as often as from `WHOLE`. Who is below it is asked plainly, with the lines to call (urgent_mood)."""

SHORT: Final = 250
"""Letters up to which a message is held to the thresholds of a short one."""

PASSAGE: Final = Thresholds(crisis=0.85, danger=0.9)
"""For a passage of a long story, by both models together. Read from stories made of several messages that neither was
shown: at most one in ten harmless ones raises anything."""

CLAUSE: Final = Thresholds(crisis=0.95, danger=0.97)
"""For a clause, which says less and so must say it more clearly: one sentence counts. Only the topic classifier reads clauses."""

RULE_HINT: Final = 0.15
"""Probability of all tiers together below which a rule does not count: each model has read the message as harmless."""

SEEN: Final[Mapping[Tier, float]] = {
    "crisis": 0.01,
    "medical_emergency": 0.1,
    "pregnancy_exposure": 0.1,
    "urgent_mood": 0.1,
}
"""Probability of all tiers together that the topic classifier must see for the language model to bring one about. It knows more
of forgotten capsules and of pills: of 39 messages never shown that the other alone raised below these, 4 were in danger."""

_FLOOR: Final = 1e-4
"""The least probability that counts, so that no model alone can rule a tier out."""


def learned_tier(scores: Scores, reading: Reading, letters: int = 0) -> tuple[Tier, float]:
    """Return the tier that the learned probabilities raise, and how sure they are.

    Args:
        scores: what the topic classifier makes of the message: the probability of every tier in each of its "passages" (one if
            it is read as a whole) and "clauses". What is missing counts as zero.
        reading: what the language model makes of the same passages: the second opinion, if there is one.
        letters: the length of the message.
    """
    passages = opinions(scores, reading)
    clauses = [_probabilities(clause) for clause in scores.get("clauses", ())]
    limits = PASSAGE if len(passages) > 1 else LONG if letters > SHORT else WHOLE
    tier: Tier = "none"
    for passage in passages:
        tier = graver(tier, _raised(passage, limits))
    if len(passages) == 1 and sum(passages[0].values()) >= limits.hint:
        for clause in clauses:
            hinted = {
                name: share for name, share in clause.items() if name != "crisis" or passages[0][name] >= limits.hint
            }
            tier = graver(tier, _raised(hinted, CLAUSE))
    return tier, max((share for row in (*passages, *clauses) for share in row.values()), default=0.0)


def pooled(first: Mapping[Tier, float], second: Mapping[Tier, float]) -> dict[Tier, float]:
    """Return the probabilities of the tiers by two models together: their geometric mean, anew made to sum to one.

    This logarithmic opinion pool is sure only where both are: Genest and Zidek, Combining probability distributions,
    Statistical Science 1 (1986), 114-135, doi:10.1214/ss/1177013825.
    """
    both = {tier: sqrt(max(first[tier], _FLOOR) * max(second[tier], _FLOOR)) for tier in TIERS}
    neither = sqrt(max(1 - sum(first.values()), _FLOOR) * max(1 - sum(second.values()), _FLOOR))
    total = sum(both.values()) + neither
    return {tier: share / total for tier, share in both.items()}


def doubted(scores: Scores, reading: Reading) -> bool:
    """Return whether what a rule found is doubted: both models were asked, and each sees next to no danger of any tier."""
    first = [sum(_probabilities(passage).values()) for passage in scores.get("passages", ())]
    second = [sum(passage.values()) for passage in reading.passages]
    return bool(first and second) and max(*first, *second) < RULE_HINT


def opinions(scores: Scores, reading: Reading) -> list[Mapping[Tier, float]]:
    """Return the probabilities of the tiers in each passage, by both models if both were asked.

    Args:
        scores: as `learned_tier` takes them.
        reading: the same.
    """
    first = [_probabilities(passage) for passage in scores.get("passages", ())]
    second = _second(reading, len(first))
    return [_seen(one, pooled(one, other)) if other else one for one, other in zip(first, second, strict=True)]


def _seen(first: Mapping[Tier, float], both: Mapping[Tier, float]) -> dict[Tier, float]:
    """Return the probabilities by both models of the tiers for which the first, the topic classifier, sees enough itself."""
    danger = sum(first.values())
    return {tier: share if danger >= SEEN[tier] else 0.0 for tier, share in both.items()}


def _second(reading: Reading, count: int) -> Sequence[Mapping[Tier, float] | None]:
    """Return the second opinion on each passage; if the models cut the message differently, its highest on all of them."""
    if not reading.passages:
        return [None] * count
    if len(reading.passages) == count:
        return reading.passages
    return [{tier: reading.chance(tier) for tier in TIERS}] * count


FOREIGN: Final = Thresholds(crisis=0.5, danger=0.7)
"""For a message in another language, by the model for other languages: of a crisis, and of low mood or a crisis."""

NAMED: Final = 0.5
"""Probability of the language below which a message may be anything, such as keys hit at random."""

SPOKEN_HINT: Final = 0.1
"""Probability of a crisis below which plain words of danger in another language do not count: the model has read a denial."""


def tier_of_reading(reading: Reading, spoken: str | None) -> tuple[Tier, float]:
    """Return the tier that the model for other languages raises, and how sure it is.

    Args:
        reading: what the model made of the message; without passages if the model is missing.
        spoken: the language in which the message holds plain words of danger, if it does; enough alone without the model.
    """
    crisis, mood = reading.chance("crisis"), reading.chance("urgent_mood")
    if spoken and (not reading.passages or crisis >= SPOKEN_HINT):
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
    if sum(shares.values()) < limits.danger:
        return "none"
    likely = max(shares, key=lambda tier: shares[tier])
    return limits.unsure if likely == "crisis" else likely
