"""From a message to a verdict: rules over every reading of the text, learned scores, other languages. Never raises."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from bot.errors import ModelError
from bot.model import ENGLISH, Tier, Verdict, graver
from bot.safety.languages import LanguageModel, Reading, default_model
from bot.safety.learned import Scores, calm_in_another_language, doubted, learned_tier, tier_of_reading
from bot.safety.normalise import plain, readings, words
from bot.safety.phrases import language_of_danger
from bot.safety.rules import Finding, about_other, default_rules

logger = logging.getLogger(__name__)

SPREAD_WORDS: Final = 12
"""A message of at most so many words may be the rest of the one before ("i dont want to" / "be here anymore")."""

_RULE_SCORE: Final = 0.95
_SENTENCE_END: Final = (".", "!", "?")


def screen(text: str, scores: Scores | None = None, before: Sequence[str] = ()) -> Verdict:
    """Return the verdict on a message.

    Args:
        text: what the person typed, untouched.
        scores: learned probabilities of the tiers, as bot.safety.learned takes them, if there are any.
        before: what the person typed just before, oldest first: what is said over several messages is read as one.

    Returns:
        The gravest tier that a layer raised. An error inside counts as danger being possible: the verdict is then
        `urgent_mood` with the evidence "screen.error".
    """
    try:
        verdict = _screen(text, scores or {})
        return verdict if verdict.danger else _spread(text, before) or verdict
    except Exception:
        logger.exception(
            "The safety screen failed; the message is treated as possible danger.", extra={"code": "screen"}
        )
        return Verdict(tier="urgent_mood", score=0.0, evidence=("screen.error",))


def _screen(text: str, scores: Scores) -> Verdict:
    tier: Tier = "none"
    score = 0.0
    evidence: list[str] = []
    read = _read(text)
    for finding in _findings(text, doubt=doubted(scores, read)):
        tier = graver(tier, finding.tier)
        score = _RULE_SCORE
        evidence.append(finding.rule)
    # The topic classifier reads English only: what it makes of a harmless message in another language is noise.
    learned, sure = learned_tier({} if calm_in_another_language(read) else scores, read, len(text))
    if learned != "none":
        evidence.append(f"{learned}.learned")
    spoken = language_of_danger(text)
    foreign, chance = tier_of_reading(read, spoken=spoken)
    if foreign != "none":
        evidence.append(f"{foreign}.language_{read.language if read.passages else spoken}")
    return Verdict(
        tier=graver(graver(tier, learned), foreign),
        score=max(score, sure, chance),
        evidence=tuple(evidence),
        about_other=about_other(words(plain(text))),
        language=read.language if read.passages else spoken or ENGLISH,
        language_sure=read.sure,
    )


def _findings(text: str, *, doubt: bool) -> list[Finding]:
    """Return what the rules find, each once; if there is doubt, only what a disguise hides, which the models have not read."""
    typed, *undone = (set(default_rules().find(way)) for way in readings(text))
    hidden = set().union(*undone) - typed
    return sorted(hidden if doubt else hidden | typed, key=lambda finding: finding.rule)


def _spread(text: str, before: Sequence[str]) -> Verdict | None:
    """Return the verdict on a short message together with the short ones before it, or None if there is no danger."""
    said = [text]
    for earlier in reversed(before):
        if earlier.rstrip().endswith(_SENTENCE_END) or len(" ".join([earlier, *said]).split()) > SPREAD_WORDS:
            break
        said.insert(0, earlier)
        verdict = _screen(" ".join(said), {})
        if verdict.danger:
            evidence = tuple(f"spread.{name}" for name in verdict.evidence)
            return replace(verdict, evidence=evidence)
    return None


@lru_cache(maxsize=8)
def _read(text: str) -> Reading:
    """Return the reading of the model for other languages; without the model it is empty: rules and plain words remain.

    It is kept for the few messages in hand, since they are screened again in every action.
    """
    model = _model()
    return model.read(text) if model else Reading()


@lru_cache(maxsize=1)
def _model() -> LanguageModel | None:
    try:
        return default_model()
    except ModelError as error:
        logger.error("%s Danger in other languages is found by plain words only.", error)  # noqa: TRY400
        return None
