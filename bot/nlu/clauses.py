"""Split a message into the clauses that may hold a question of their own, and a long one into passages."""

from __future__ import annotations

import re
from typing import Final

_OPENER: Final = (
    r"(?:can|could|do|does|did|is|are|am|should|would|will|shall|may|must|whats?|what's|hows?|how's|when|why|where|which|whose?|any"
    r"|isn'?t|doesn'?t|don'?t|can'?t|won'?t|wouldn'?t|shouldn'?t)"
)
_JOINER: Final = r"(?:and|also|plus|but|oh and|and also|then|secondly|another thing|one more thing|btw|by the way)"
_BORDERS: Final = re.compile(
    rf"(?<=[.!?;\n])\s+|\n+|[,\s]\s*[-\u2013\u2014+&/]\s+|,?\s+{_JOINER},?\s+(?={_OPENER}\b)|,\s+(?={_OPENER}\b)"
    r"|,?\s+(?:also|plus),?\s+",
    re.IGNORECASE,
)
_LEAD: Final = r"(?:(?:and|but|so|also|ok|okay|hi|hey|hello|please|pls|oh|well|then|or|plus|btw|thanks|first|second) )"
_ASKS: Final = re.compile(
    rf"\?|^\W*{_LEAD}*{_OPENER}\b"
    r"|\b(?:wonder(?:ing)?|tell me|know|ask(?:ing)?|explain|curious|idea) (?:if|whether|about|how|what|why|when)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?\n])\s+")
_MIN_WORDS: Final = 2
WHOLE_WORDS: Final = 190
"""Words up to which a text is read as a whole: the encoder reads 256 tokens."""
PASSAGE_WORDS: Final = 60
"""About 80 tokens."""


def clauses(text: str) -> list[str]:
    """Return the clauses of a text in order; very short ones are left out. A text without borders is one clause."""
    parts = [part.strip() for part in _BORDERS.split(text) if part and part.strip()]
    return [part for part in parts if len(part.split()) >= _MIN_WORDS] or ([text.strip()] if text.strip() else [])


def asks(clause: str) -> bool:
    """Return whether a clause reads like a question."""
    return bool(_ASKS.search(clause))


def passages(text: str) -> list[str]:
    """Return a long text in overlapping passages of whole sentences, each of about sixty words; a short text as it is.

    Each passage begins with the last sentence of the one before, so that a question keeps what it is about.
    """
    if len(text.split()) <= WHOLE_WORDS:
        return [text]
    found: list[list[str]] = [[]]
    for sentence in _pieces(text):
        if found[-1] and _length([*found[-1], sentence]) > PASSAGE_WORDS:
            last = found[-1][-1]
            found.append([last] if _length([last, sentence]) <= PASSAGE_WORDS else [])
        found[-1].append(sentence)
    return [" ".join(sentences) for sentences in found]


def _pieces(text: str) -> list[str]:
    """Return the sentences of a text; one longer than a passage is cut into passages."""
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        words = sentence.split()
        pieces.extend(" ".join(words[start : start + PASSAGE_WORDS]) for start in range(0, len(words), PASSAGE_WORDS))
    return pieces


def _length(sentences: list[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
