"""From a message to a verdict: rules over every reading of the text, plus learned scores. Never raises."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from bot.model import TIERS, Tier, Verdict, graver
from bot.safety.normalise import plain, readings, words
from bot.safety.rules import about_other, default_rules

logger = logging.getLogger(__name__)

LEARNED_THRESHOLDS: Final[Mapping[Tier, float]] = {
    "crisis": 0.30,
    "medical_emergency": 0.45,
    "pregnancy_exposure": 0.45,
    "urgent_mood": 0.40,
}
"""Probability from which the topic classifier raises a tier by itself.

Chosen by cross-validation on the training data; `make evaluate` prints the curve. Crisis is lowest: a missed cry for help
costs most.
"""

_RULE_SCORE: Final = 0.95


def screen(text: str, scores: Mapping[str, float] | None = None) -> Verdict:
    """Return the verdict on a message.

    Args:
        text: what the person typed, untouched.
        scores: probability (0 to 1) of each tier from a learned model, if there is one.

    Returns:
        The gravest tier that a rule or the model raised. An error inside counts as danger being possible: the verdict
        is then `urgent_mood` with the evidence "screen.error".
    """
    try:
        return _screen(text, scores or {})
    except Exception:
        logger.exception(
            "The safety screen failed; the message is treated as possible danger.", extra={"code": "screen"}
        )
        return Verdict(tier="urgent_mood", score=0.0, evidence=("screen.error",))


def _screen(text: str, scores: Mapping[str, float]) -> Verdict:
    tier: Tier = "none"
    score = 0.0
    evidence: list[str] = []
    for reading in readings(text):
        for finding in default_rules().find(reading):
            tier = graver(tier, finding.tier)
            score = _RULE_SCORE
            if finding.rule not in evidence:
                evidence.append(finding.rule)
    for name in TIERS:
        learned = float(scores.get(name, 0.0))
        if learned >= LEARNED_THRESHOLDS[name]:
            tier = graver(tier, name)
            evidence.append(f"{name}.learned")
        score = max(score, learned)
    return Verdict(tier=tier, score=score, evidence=tuple(evidence), about_other=about_other(words(plain(text))))
