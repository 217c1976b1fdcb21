"""Find weight, daily dose and target dose in a text, with spaCy's matcher on a blank English pipeline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

KG_PER_POUND: Final = 0.45359237
POUNDS_PER_STONE: Final = 14

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\s\w]|_")
_KG: Final = ["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes"]
_LB: Final = ["lb", "lbs", "pound", "pounds"]
_STONE: Final = ["st", "stone", "stones"]
_MG: Final = ["mg", "mgs", "milligram", "milligrams", "milligramme", "milligrammes"]
_UNITS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A number found in a text: which one, its value in the unit of its name, and where it stands (characters)."""

    name: str
    value: float
    start: int
    end: int


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


class _Reader:
    """The compiled patterns."""

    def __init__(self) -> None:
        self.vocab = spacy.blank("en").vocab
        self.matcher = Matcher(self.vocab)
        number = {"LIKE_NUM": True}
        minus = {"ORTH": "-", "OP": "?"}
        per: list[dict[str, Any]] = [
            {"LOWER": {"IN": ["/", "per", "a", "each", "for"]}},
            {"LOWER": {"IN": ["each", "every"]}, "OP": "?"},
        ]
        self.matcher.add("target", [[number, {"LOWER": {"IN": _MG}}, *per, {"LOWER": {"IN": _KG}}]])
        self.matcher.add("stone", [
            [minus, number, {"LOWER": {"IN": _STONE}}],
            [minus, number, {"LOWER": {"IN": _STONE}}, number, {"LOWER": {"IN": _LB}, "OP": "?"}],
            [minus, number, {"LOWER": {"IN": _STONE}}, {"LOWER": "and"}, number, {"LOWER": {"IN": _LB}}],
        ])  # fmt: skip
        self.matcher.add(
            "kg", [[minus, number, number, {"LOWER": {"IN": _KG}}], [minus, number, {"LOWER": {"IN": _KG}}]]
        )
        self.matcher.add("lb", [[minus, number, {"LOWER": {"IN": _LB}}]])
        self.matcher.add("mg", [[minus, number, {"LOWER": {"IN": _MG}}]])
        times = {"LOWER": {"IN": ["x", "times", "×", "*", "of"]}, "OP": "?"}
        extra = {"LOWER": {"IN": ["capsules", "capsule", "pills", "tablets", "caps"]}, "OP": "?"}
        self.matcher.add("several", [[number, times, extra, times, number, {"LOWER": {"IN": _MG}}]])

    def doc(self, text: str) -> tuple[Doc, list[_Token]]:
        tokens = [_Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
        return Doc(self.vocab, words=[token.text for token in tokens]), tokens


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()


_EVERY_OTHER: Final = re.compile(
    r"\b(?:every (?:other|second|2nd) day|alternat\w+ days?|every 2 days|every two days|other days?|eod)\b",
    re.IGNORECASE,
)
_TWICE: Final = re.compile(
    r"\b(?:twice (?:a day|daily|per day|each day)|2 ?x (?:a day|daily)|two times a day|2 times a day|bd|bid)\b",
    re.IGNORECASE,
)
_MORNING_AND_NIGHT: Final = re.compile(r"\bmorning and (?:at )?(?:night|evening)\b|\bam and pm\b", re.IGNORECASE)


def find_quantities(text: str) -> list[Quantity]:
    """Return the weights (kg), daily doses (mg a day) and targets (mg per kg) in a text, in order.

    Weights in pounds or stone are converted; a dose every other day is halved, one twice a day doubled. Values are
    taken as they stand, odd ones too: whether 700 kg makes sense is for the caller to judge.
    """
    reader = _reader()
    doc, tokens = reader.doc(text[:4000])
    spans = filter_spans([_trimmed(Span(doc, start, end, label=key)) for key, start, end in reader.matcher(doc)])
    factor = _per_day(text)
    found = []
    for span in spans:
        quantity = _read(span, tokens, factor)
        if quantity is not None and not _is_total(quantity, text):
            found.append(quantity)
    return found


_FILLERS: Final = frozenset(
    [
        "about",
        "around",
        "roughly",
        "it",
        "is",
        "its",
        "i",
        "am",
        "im",
        "weigh",
        "think",
        "maybe",
        "exactly",
        "just",
        "under",
        "over",
        "ish",
        "and",
    ]
)


def bare_number(text: str) -> float | None:
    """Return the one number of a text that says nothing else worth reading, such as "62" or "about 62", else None."""
    tokens = re.findall(r"-?\d+(?:[.,]\d+)*|[a-z]+", text.lower().replace("'", ""))
    rest = [token for token in tokens if token not in _FILLERS]
    if len(rest) == 1 and re.match(r"-?\d", rest[0]):
        value = _value(rest[0].lstrip("-"))
        return -value if value is not None and rest[0].startswith("-") else value
    if rest and len(rest) <= 2 and all(word in _UNITS for word in rest):
        return float(sum(_UNITS[word] for word in rest))
    return None


def _per_day(text: str) -> float:
    if _EVERY_OTHER.search(text):
        return 0.5
    if _TWICE.search(text) or _MORNING_AND_NIGHT.search(text):
        return 2.0
    return 1.0


def _value(text: str) -> float | None:
    lowered = text.lower()
    if lowered in _UNITS:
        return float(_UNITS[lowered])
    cleaned = re.sub(r",(?=\d{3}\b)", "", text).replace(",", ".")
    try:
        return float(cleaned)
    except ValueError:
        return None


def _read(span: Span, tokens: list[_Token], factor: float) -> Quantity | None:
    numbers = [value for token in span if (value := _value(token.text)) is not None]
    if not numbers:
        return None
    sign = -1.0 if span[0].text == "-" and _is_minus(span, tokens) else 1.0
    start, end = tokens[span.start].start, tokens[span.end - 1].end
    first, last = numbers[0], numbers[-1]
    if span.label_ == "target":
        return Quantity("target_mg_per_kg", first, start, end)
    if span.label_ == "stone":
        pounds = first * POUNDS_PER_STONE + (last if len(numbers) > 1 else 0.0)
        return Quantity("weight_kg", sign * pounds * KG_PER_POUND, start, end)
    if span.label_ == "lb":
        return Quantity("weight_kg", sign * first * KG_PER_POUND, start, end)
    if span.label_ == "kg":
        return Quantity("weight_kg", sign * sum(numbers), start, end)
    if span.label_ == "several" and first <= 6:
        return Quantity("daily_dose_mg", first * last * factor, start, end)
    return Quantity("daily_dose_mg", sign * last * factor, start, end)


def _trimmed(span: Span) -> Span:
    """Leave the dose to itself in "9 stone 20 mg": a number after stone is pounds only below 14 and without another unit."""
    if span.label_ != "stone" or span[-1].text.lower() in {*_STONE, *_LB}:
        return span
    pounds = _value(span[-1].text) or 0.0
    followed = span.end < len(span.doc) and span.doc[span.end].text.lower() in _MG
    if not followed and pounds < POUNDS_PER_STONE:
        return span
    return Span(span.doc, span.start, span.end - 1, label=span.label)


def _is_total(quantity: Quantity, text: str) -> bool:
    """A dose followed by "so far" or "in total" is what was taken already, not what is taken a day."""
    after = text[quantity.end : quantity.end + 24].lower()
    return (
        quantity.name == "daily_dose_mg"
        and re.match(r"\W*(?:in )?(?:total|so far|already|altogether)\b", after) is not None
    )


def _is_minus(span: Span, tokens: list[_Token]) -> bool:
    """A minus sign touches its number and nothing before it; "40-60 kg" is a range, "weight - 60 kg" a dash."""
    index = span.start
    touches_number = tokens[index].end == tokens[index + 1].start
    touches_left = index > 0 and tokens[index - 1].end == tokens[index].start
    return touches_number and not touches_left
