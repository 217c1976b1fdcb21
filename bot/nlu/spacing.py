"""Find the words in a text whose spaces went missing ("canidrinkonthis"). Imports no Rasa."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

_LEAST: Final = 9
"""Shorter strings are left alone: too many are names or slips of another kind."""
_MOST: Final = 80
_LONGEST_WORD: Final = 20
_SINGLES: Final = frozenset("aiu")
_STRING: Final = re.compile(rf"[^\W\d_]{{{_LEAST},{_MOST}}}")


class Spacer:
    """Splits run-together words where every part is a known word, by the most likely sequence of words (Viterbi).

    Args:
        counts: how often each word was seen, in lower case.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        total = sum(counts.values()) or 1
        self._costs = {
            word: -math.log(count / total) for word, count in counts.items() if len(word) > 1 or word in _SINGLES
        }

    def split(self, text: str) -> str:
        """Return the text with spaces put where they are missing; what is no sequence of known words stays as it is."""
        return _STRING.sub(lambda match: self._split_word(match.group()), text)

    def _split_word(self, word: str) -> str:
        lower = word.lower()
        if lower in self._costs:
            return word
        best: list[tuple[float, int]] = [(0.0, 0)] + [(math.inf, 0)] * len(lower)
        for end in range(1, len(lower) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                cost = self._costs.get(lower[start:end])
                if cost is not None and best[start][0] + cost < best[end][0]:
                    best[end] = (best[start][0] + cost, start)
        if math.isinf(best[-1][0]):
            return word
        parts: list[str] = []
        end = len(word)
        while end:
            start = best[end][1]
            parts.append(word[start:end])
            end = start
        return " ".join(reversed(parts))
