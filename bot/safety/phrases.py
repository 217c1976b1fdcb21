"""Plain words for danger in other languages (languages.yml): what is found even if the model for them is missing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from bot.safety.normalise import clip

PHRASES = Path(__file__).with_name("languages.yml")

_DEVANAGARI: Final = ("\u0900", "\u097f")
_LETTERS: Final = str.maketrans("\u0131\u0142\u0649\u0629\u0451", "il\u064a\u0647\u0435")
_SENTENCE: Final = re.compile(r"[.!?\n\u3002\uff01\uff1f\u061f\u0964]")


def bare(text: str) -> str:
    """Return a text in lower case without accents, hooks, dots and vowel marks; Devanagari keeps its vowels."""
    letters = unicodedata.normalize("NFKD", clip(text).casefold())
    kept = "".join(
        letter
        for letter in letters
        if (not unicodedata.combining(letter) or _DEVANAGARI[0] <= letter <= _DEVANAGARI[1])
        and unicodedata.category(letter) != "Cf"
    )
    return re.sub(r"[ \t'\u2019-]+", " ", kept.translate(_LETTERS))


def language_of_danger(text: str) -> str | None:
    """Return the code of the language in which a message plainly speaks of suicide or self-harm, or None."""
    for sentence in _SENTENCE.split(bare(text)):
        for language, (phrases, unless) in _compiled().items():
            if any(phrase.search(sentence) for phrase in phrases) and not unless.search(sentence):
                return language
    return None


@lru_cache(maxsize=1)
def _compiled() -> dict[str, tuple[list[re.Pattern[str]], re.Pattern[str]]]:
    data = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return {
        language: ([re.compile(phrase) for phrase in entry["phrases"]], re.compile(entry["unless"]))
        for language, entry in data.items()
    }
