"""How a message is read by the learned models: whole if it is short, else in passages of whole sentences."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.safety.normalise import clip

WHOLE: Final = 1000
"""Letters up to which a message is read as a whole: the models read 256 tokens. A part of a story says less than the story: read
in parts of 300 letters, a third of harmless stories look dangerous somewhere, as a whole one in thirty."""
PASSAGE: Final = 500
"""Letters of a passage of a longer message."""
MAX_PASSAGES: Final = 24
"""Of a message with more passages the first and the last are read, so that the time stays bounded."""

_BORDER: Final = re.compile(r"(?<=[.!?\n\u3002\uff01\uff1f\u061f\u0964])\s*")
_WEIGHTS: Final = ((0x2E80, 2.5), (0x370, 1.5), (0, 1.0))
"""What a letter from a code point on counts: a token holds fewer letters of other scripts, and one or two of Chinese."""


def read_in(text: str) -> list[str]:
    """Return the pieces in which a message is read, in order: the text itself if it is short, none if it shows nothing."""
    shown = visible(clip(text))
    if _weight(shown) <= WHOLE:
        return [shown] if shown else []
    found = [""]
    for sentence in _BORDER.split(shown):
        for piece in _cut(sentence):
            if found[-1] and _weight(f"{found[-1]} {piece}") > PASSAGE:
                found.append("")
            found[-1] = f"{found[-1]} {piece}".strip()
    found = [part for part in found if part]
    half = MAX_PASSAGES // 2
    return found if len(found) <= MAX_PASSAGES else [*found[:half], *found[-half:]]


def visible(text: str) -> str:
    """Return a text in compatibility form without invisible characters; its case and accents stay."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if unicodedata.category(letter) not in {"Cf", "Co", "Cs"}).strip()


def _cut(sentence: str) -> list[str]:
    """Return a sentence in pieces that are no longer than a passage."""
    letters = int(PASSAGE / max((_letter(letter) for letter in sentence), default=1.0))
    return [sentence[start : start + letters].strip() for start in range(0, len(sentence), letters)]


def _weight(text: str) -> float:
    return float(len(text)) if text.isascii() else sum(map(_letter, text))


def _letter(letter: str) -> float:
    return next(weight for first, weight in _WEIGHTS if ord(letter) >= first)
