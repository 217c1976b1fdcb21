"""The rules of the safety screen: word patterns with spaCy's matcher on a blank English pipeline, and their scope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import spacy
import yaml
from spacy.matcher import Matcher
from spacy.tokens import Doc

from bot.model import TIERS, Tier

PATTERNS = Path(__file__).with_name("patterns.yml")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GAP: Final = {"IS_PUNCT": False, "OP": "?"}
_NEGATIONS: Final = frozenset({"not", "never", "no", "without", "nor", "neither", "nobody", "denies", "zero"})
_NEGATION_REACH: Final = 3
_NEGATION_BREAKS: Final = frozenset(
    {".", ",", "but", "and", "because", "so", "just", "only", "why", "sure", "lie", "lying"}
)
_CAUSES: Final = frozenset(
    {
        "cause",
        "causes",
        "caused",
        "causing",
        "make",
        "makes",
        "lead",
        "leads",
        "increase",
        "increases",
        "raise",
        "raises",
    }
    | {
        "linked",
        "link",
        "risk",
        "risks",
        "warning",
        "warnings",
        "study",
        "studies",
        "statistics",
        "stats",
        "common",
        "rare",
    }
)
_QUESTION_OPENERS: Final = _words("can could does do did is will would has have are any what why how which should if ")
_PERSON_WORDS: Final = _words("i me my mine myself he him his she her hers they them their we us our ")
_PAST_MARKS: Final = (
    ("years", "ago"), ("year", "ago"), ("months", "ago"), ("used", "to"), ("in", "the", "past"), ("history", "of"),
    ("as", "a", "teenager"), ("as", "a", "teen"), ("when", "i", "was"), ("when", "she", "was"), ("when", "he", "was"),
    ("back", "in"), ("a", "long", "time"), ("previously",), ("recovered",), ("in", "remission"), ("before", "i", "started"),
    ("stable", "for"), ("well", "for"), ("fine", "for"), ("at", "uni"), ("in", "college"), ("in", "school"),
)  # fmt: skip
_NOW_MARKS: Final = frozenset(
    ["now", "again", "lately", "currently", "today", "tonight", "still", "anymore", "right", "recently", "since"]
)
_OTHERS: Final = _words(
    "son daughter kid child boy girl brother sister husband wife boyfriend girlfriend bf gf partner "
    "friend mate mum mom dad mother father flatmate roommate housemate cousin nephew niece patient "
    "student colleague teenager teen fiance fiancee bro sis grandson granddaughter stepson stepdaughter "
    "he she her him his they himself herself "
)
_SELF: Final = frozenset(["i", "me", "myself", "mine"])


@dataclass(frozen=True)
class Finding:
    """One rule that matched."""

    tier: Tier
    rule: str


@dataclass(frozen=True)
class _Rule:
    tier: Tier
    name: str
    negatable: bool
    general: bool


class Rules:
    """The compiled rules.

    Args:
        data: tier -> rule -> {patterns, unless, negatable, general}, as in patterns.yml.

    Raises:
        ValueError: if a pattern cannot be compiled.
    """

    def __init__(self, data: dict[str, dict[str, dict[str, Any]]]) -> None:
        self._vocab = spacy.blank("en").vocab
        self._hits = Matcher(self._vocab, validate=False)
        self._excuses = Matcher(self._vocab, validate=False)
        self._rules: dict[int, _Rule] = {}
        for tier in TIERS:
            for name, rule in data[tier].items():
                key = f"{tier}.{name}"
                self._hits.add(key, [pattern for row in rule["patterns"] for pattern in compile_pattern(row)])
                excuses = [pattern for row in rule.get("unless", ()) for pattern in compile_pattern(row)]
                if excuses:
                    self._excuses.add(key, excuses)
                self._rules[self._vocab.strings[key]] = _Rule(
                    tier=tier,
                    name=key,
                    negatable=rule.get("negatable", True),
                    general=rule.get("general", False),
                )

    def find(self, words: list[str]) -> list[Finding]:
        """Return the rules that match words as `bot.safety.normalise.words` gives them, each once."""
        doc = Doc(self._vocab, words=words)
        excused: dict[int, list[tuple[int, int]]] = {}
        for key, start, end in self._excuses(doc):
            excused.setdefault(key, []).append((start, end))
        found: dict[str, Finding] = {}
        for key, start, end in self._hits(doc):
            rule = self._rules[key]
            if rule.name in found or any(a < end and start < b for a, b in excused.get(key, ())):
                continue
            if rule.negatable and _negated(words, start):
                continue
            if not rule.general and (_general_question(words, start, end) or _settled(words, start, end)):
                continue
            found[rule.name] = Finding(rule.tier, rule.name)
        return list(found.values())


def compile_pattern(row: str) -> list[list[dict[str, Any]]]:
    """Return the spaCy patterns for one row of patterns.yml.

    Raises:
        ValueError: if the row is empty, starts with a gap, or ends with a gap or a word that may be missing.
    """
    parts = row.split()
    if not parts or parts[0].startswith("*") or parts[-1].endswith(("*", "?")):
        raise ValueError(f"pattern {row!r} is empty, starts with a gap, or ends with something that may be missing")
    pattern: list[dict[str, Any]] = []
    for part in parts:
        if part in {"*", "**"}:
            pattern.extend(dict(_GAP) for _ in range(3 * len(part)))
            continue
        choices = part.removesuffix("?").split("|")
        token: dict[str, Any] = {"ORTH": {"IN": [choice.rstrip("?") for choice in choices]}}
        if part.endswith("?"):
            token["OP"] = "?"
        pattern.append(token)
    return [pattern]


def _sentence(words: list[str], start: int, end: int) -> tuple[int, int]:
    first = start
    while first > 0 and words[first - 1] != ".":
        first -= 1
    last = end
    while last < len(words) and words[last] != ".":
        last += 1
    return first, last


def _negated(words: list[str], start: int) -> bool:
    for word in reversed(words[max(0, start - _NEGATION_REACH) : start]):
        if word in _NEGATION_BREAKS:
            return False
        if word in _NEGATIONS:
            return True
    return False


def _general_question(words: list[str], start: int, end: int) -> bool:
    """True if the finding stands in a question about people or the medicine, with nobody in particular in it."""
    first, last = _sentence(words, start, end)
    sentence = words[first:last]
    if any(word in _PERSON_WORDS for word in sentence):
        return False
    return bool(sentence) and (sentence[0] in _QUESTION_OPENERS or any(word in _CAUSES for word in sentence))


def _settled(words: list[str], start: int, end: int) -> bool:
    """True if the sentence puts the finding into a past that is over."""
    first, last = _sentence(words, start, end)
    sentence = words[first:last]
    if any(word in _NOW_MARKS for word in sentence):
        return False
    return any(
        tuple(sentence[i : i + len(mark)]) == mark for mark in _PAST_MARKS for i in range(len(sentence) - len(mark) + 1)
    )


def about_other(words: list[str]) -> bool:
    """True if a message is about someone else rather than the person who writes it."""
    others = sum(word in _OTHERS for word in words)
    if not others:
        return False
    feelings = sum(
        word in _SELF
        and index + 1 < len(words)
        and words[index + 1] in {"want", "feel", "wish", "can", "do", "took", "have"}
        for index, word in enumerate(words)
    )
    named = any(word in {"my", "our", "a"} and words[index + 1] in _OTHERS for index, word in enumerate(words[:-1]))
    return (named or words[0] in {"he", "she", "they"} or others >= 2) and feelings < 2


@lru_cache(maxsize=1)
def default_rules() -> Rules:
    """Return the rules of patterns.yml, compiled at the first call."""
    return Rules(yaml.safe_load(PATTERNS.read_text(encoding="utf-8")))
