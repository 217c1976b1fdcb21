"""Split a message into the clauses that may hold a question of their own."""

from __future__ import annotations

import re
from typing import Final

_OPENERS: Final = [
    "can",
    "could",
    "do",
    "does",
    "did",
    "is",
    "are",
    "am",
    "should",
    "would",
    "will",
    "what",
    "whats",
    "what's",
    "how",
    "hows",
    "when",
    "why",
    "where",
    "which",
    "who",
    "also",
    "plus",
    "any",
]
_OPENER: Final = f"(?:{'|'.join(_OPENERS)})"
_BORDERS: Final = re.compile(
    rf"(?<=[.!?;\n])\s+|\n+|,?\s+(?:and|also|plus|but)\s+(?={_OPENER}\b)|,\s+(?={_OPENER}\b)", re.IGNORECASE
)
_ASKS: Final = re.compile(rf"\?|^\W*(?:and |but |so |also |ok |hi |hello )*{_OPENER}\b", re.IGNORECASE)
_MIN_WORDS: Final = 2


def clauses(text: str) -> list[str]:
    """Return the clauses of a text in order; very short ones are left out. A text without borders is one clause."""
    parts = [part.strip() for part in _BORDERS.split(text) if part and part.strip()]
    return [part for part in parts if len(part.split()) >= _MIN_WORDS] or ([text.strip()] if text.strip() else [])


def asks(clause: str) -> bool:
    """Return whether a clause reads like a question."""
    return bool(_ASKS.search(clause))
