"""The rules of the safety screen: word patterns with spaCy's matcher on a blank English pipeline, and their scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
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
    | {"i", "he", "she", "they", "we"}  # a new statement begins
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
_COMMON: Final = _words(
    "i my me is are was am be been not no do to the a an it of in on and he she her his have has can so this for"
)
_PAST_VERBS: Final = _words("was were had used attempted tried took overdosed been went")
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
    excuses: Matcher | None


@dataclass(frozen=True)
class _Pattern:
    rule: _Rule
    matcher: Matcher
    required: tuple[frozenset[str], ...]
    """Word sets that must each have a word in a sentence for the pattern to match there."""


class Rules:
    """The compiled rules.

    A pattern never reaches across a full stop, and is tried only on sentences that hold a word of each of its parts;
    that keeps long stories fast.

    Args:
        data: tier -> rule -> {patterns, unless, negatable, general}, as in patterns.yml.

    Raises:
        ValueError: if a pattern cannot be compiled.
    """

    def __init__(self, data: dict[str, dict[str, dict[str, Any]]]) -> None:
        self._vocab = spacy.blank("en").vocab
        self._by_word: dict[str, list[_Pattern]] = defaultdict(list)
        for tier in TIERS:
            for name, entry in data[tier].items():
                rule = _Rule(
                    tier=tier,
                    name=f"{tier}.{name}",
                    negatable=entry.get("negatable", True),
                    general=entry.get("general", False),
                    excuses=self._matcher(entry["unless"]) if entry.get("unless") else None,
                )
                for row in entry["patterns"]:
                    self._index(rule, row)

    def find(self, words: list[str]) -> list[Finding]:
        """Return the rules that match words as `bot.safety.normalise.words` gives them, each once."""
        found: dict[str, Finding] = {}
        for sentence in _sentences(words):
            doc: Doc | None = None
            present = frozenset(sentence)
            for pattern in self._candidates(present):
                rule = pattern.rule
                if rule.name in found:
                    continue
                doc = doc or Doc(self._vocab, words=sentence)
                if any(_counts(rule, doc, sentence, start, end) for _, start, end in pattern.matcher(doc)):
                    found[rule.name] = Finding(rule.tier, rule.name)
        return list(found.values())

    def _candidates(self, present: frozenset[str]) -> list[_Pattern]:
        near = (pattern for word in present for pattern in self._by_word.get(word, ()))
        return [pattern for pattern in near if all(part & present for part in pattern.required)]

    def _matcher(self, rows: Iterable[str]) -> Matcher:
        matcher = Matcher(self._vocab, validate=False)
        matcher.add("pattern", [way for row in rows for way in compile_pattern(row)])
        return matcher

    def _index(self, rule: _Rule, row: str) -> None:
        for way in compile_pattern(row):
            matcher = Matcher(self._vocab, validate=False)
            matcher.add("pattern", [way])
            required = tuple(frozenset(_choices(token)) for token in way if "ORTH" in token and "OP" not in token)
            pattern = _Pattern(rule, matcher, required)
            anchor = min(required, key=lambda part: sum(100 if word in _COMMON else 1 for word in part))
            for word in anchor:
                self._by_word[word].append(pattern)


def _choices(token: dict[str, Any]) -> list[str]:
    wanted = token["ORTH"]
    return list(wanted["IN"]) if isinstance(wanted, dict) else [wanted]


def _sentences(words: list[str]) -> Iterator[list[str]]:
    start = 0
    for index, word in enumerate([*words, "."]):
        if word == ".":
            if index > start:
                yield words[start:index]
            start = index + 1


def _counts(rule: _Rule, doc: Doc, words: list[str], start: int, end: int) -> bool:
    """Return whether a match stands: not excused, negated, asked in general, or long past."""
    if rule.excuses is not None and any(a < end and start < b for _, a, b in rule.excuses(doc)):
        return False
    if rule.negatable and _negated(words, start):
        return False
    return rule.general or not (_general_question(words) or _settled(words, start, end))


def compile_pattern(row: str) -> list[list[dict[str, Any]]]:
    """Return the spaCy patterns for one row of patterns.yml.

    Raises:
        ValueError: if the row is empty, starts with a gap, or ends with a gap or a word that may be missing.
    """
    parts = row.split()
    if not parts or parts[0].startswith("*") or parts[-1].endswith(("*", "?")):
        raise ValueError(f"pattern {row!r} is empty, starts with a gap, or ends with something that may be missing")
    ways: list[list[list[dict[str, Any]]]] = []
    for part in parts:
        if part in {"*", "**"}:
            ways.append([[dict(_GAP) for _ in range(3 * len(part))]])
            continue
        choices = part.removesuffix("?").split("|")
        single = {"ORTH": {"IN": [choice for choice in choices if "_" not in choice]}}
        phrases = [[{"ORTH": word} for word in choice.split("_")] for choice in choices if "_" in choice]
        options = ([[single]] if single["ORTH"]["IN"] else []) + phrases
        if part.endswith("?"):
            options.append([])
        ways.append(options)
    return [[token for tokens in way for token in tokens] for way in product(*ways)]


def _negated(words: list[str], start: int) -> bool:
    for word in reversed(words[max(0, start - _NEGATION_REACH) : start]):
        if word in _NEGATION_BREAKS:
            return False
        if word in _NEGATIONS:
            return True
    return False


def _general_question(words: list[str]) -> bool:
    """True for a sentence about people or the medicine, with nobody in particular in it."""
    if any(word in _PERSON_WORDS for word in words):
        return False
    return words[0] in _QUESTION_OPENERS or any(word in _CAUSES for word in words)


def _settled(words: list[str], start: int, end: int) -> bool:
    """True if the sentence puts the match into a past that is over."""
    near = words[max(0, start - 3) : end]
    if any(word in _NOW_MARKS for word in words) or not any(word in _PAST_VERBS for word in near):
        return False
    return any(
        tuple(words[i : i + len(mark)]) == mark for mark in _PAST_MARKS for i in range(len(words) - len(mark) + 1)
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
