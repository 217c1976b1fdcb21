"""From a message to a verdict: rules over every reading of the text, plus learned scores. Never raises."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from bot.model import Tier, Verdict, graver
from bot.safety.learned import learned_tier
from bot.safety.normalise import plain, readings, words
from bot.safety.rules import about_other, default_rules

logger = logging.getLogger(__name__)

_RULE_SCORE: Final = 0.95


def screen(text: str, scores: Mapping[str, Mapping[str, float]] | None = None) -> Verdict:
    """Return the verdict on a message.

    Args:
        text: what the person typed, untouched.
        scores: learned probabilities of the tiers, as bot.safety.learned takes them, if there are any.

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


def _screen(text: str, scores: Mapping[str, Mapping[str, float]]) -> Verdict:
    tier: Tier = "none"
    score = 0.0
    evidence: list[str] = []
    for reading in readings(text):
        for finding in default_rules().find(reading):
            tier = graver(tier, finding.tier)
            score = _RULE_SCORE
            if finding.rule not in evidence:
                evidence.append(finding.rule)
    learned, sure = learned_tier(scores)
    if learned != "none":
        evidence.append(f"{learned}.learned")
    tier, score = graver(tier, learned), max(score, sure)
    return Verdict(tier=tier, score=score, evidence=tuple(evidence), about_other=about_other(words(plain(text))))
