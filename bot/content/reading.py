"""How hard a text is to read."""

from __future__ import annotations

import re
from typing import Final

import pyphen

_SENTENCE: Final = re.compile(r"[.!?:;]+(?:\s|$)|\n")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'-]*")


def reading_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text: the US school year that reads it with ease.

    0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid et al., 1975). Each list item counts as a sentence.
    Syllables are counted as hyphenation points, a little fewer than there are: the grade is about one too low.
    """
    sentences = [part for part in _SENTENCE.split(text) if _WORD.search(part)]
    words = _WORD.findall(text)
    if not words:
        return 0.0
    hyphenation = pyphen.Pyphen(lang="en_US")
    syllables = sum(len(hyphenation.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
