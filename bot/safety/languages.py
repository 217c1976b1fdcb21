"""Which language a message is in, and danger in other languages: a multilingual encoder with two heads. Imports no Rasa."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from bot.errors import ModelError
from bot.model import ENGLISH
from bot.onnx_model import OnnxModel
from bot.settings import ROOT

FOLDER: Final = ROOT / "assets" / "languages"
MAX_TOKENS: Final = 128
PASSAGE: Final = 300
"""Characters of a passage; of a longer message the passages are read one by one."""
MAX_PASSAGES: Final = 40
"""Of a message with more passages the first and the last are read, so that the time stays bounded."""

_BORDER: Final = re.compile(r"(?<=[.!?\n\u3002\uff01\uff1f\u061f\u0964])\s*")


@dataclass(frozen=True)
class Reading:
    """What the model makes of a message: the probabilities of its language and of how grave it is (crisis, mood, harmless)."""

    language: str = ENGLISH
    sure: float = 0.0
    kinds: Mapping[str, float] | None = None

    def chance(self, kind: str) -> float:
        """Return the probability of a kind; zero if the model could not be asked."""
        return (self.kinds or {}).get(kind, 0.0)


class LanguageModel:
    """The model of assets/languages.

    Args:
        folder: where model.onnx, model.json and tokenizer.json are.

    Raises:
        ModelError: if a file is missing or damaged.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        try:
            facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            self.kinds: list[str] = facts["kinds"]
            self.languages: list[str] = facts["languages"]
            self._model = OnnxModel(folder / "model.onnx", folder / "tokenizer.json", MAX_TOKENS)
        except Exception as error:
            raise ModelError(
                f"The model for other languages ({folder.name}) cannot be loaded: {type(error).__name__}.",
                "Restore assets/languages/ from version control, or make it anew: training/README.md.",
            ) from error

    def read(self, text: str) -> Reading:
        """Return the reading of a message; of a long one the gravest passage decides, and all of it the language."""
        parts = passages(visible(text))
        if not parts:
            return Reading()
        kinds, languages = self._model.run(self._model.feeds(parts), ["kind", "language"])
        gravest = kinds[int(kinds[:, self.kinds.index("crisis")].argmax())]
        lengths = np.array([len(part) for part in parts], dtype=np.float64)
        shares = (languages * lengths[:, None]).sum(axis=0) / lengths.sum()
        best = int(shares.argmax())
        return Reading(
            language=self.languages[best],
            sure=float(shares[best]),
            kinds={kind: float(share) for kind, share in zip(self.kinds, gravest, strict=True)},
        )


def visible(text: str) -> str:
    """Return a text in compatibility form without invisible characters; its case and accents stay."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if unicodedata.category(letter) not in {"Cf", "Co", "Cs"}).strip()


def passages(text: str) -> list[str]:
    """Return a text as it is if it is short, else in passages of whole sentences."""
    if len(text) <= PASSAGE:
        return [text] if text else []
    found = [""]
    for sentence in _BORDER.split(text):
        for start in range(0, len(sentence), PASSAGE):
            piece = sentence[start : start + PASSAGE].strip()
            if found[-1] and len(found[-1]) + len(piece) > PASSAGE:
                found.append("")
            found[-1] = f"{found[-1]} {piece}".strip()
    found = [part for part in found if part]
    half = MAX_PASSAGES // 2
    return found if len(found) <= MAX_PASSAGES else [*found[:half], *found[-half:]]


@lru_cache(maxsize=1)
def default_model() -> LanguageModel:
    """Return the model of this process, loaded at the first call.

    Raises:
        ModelError: if its files are missing or damaged.
    """
    return LanguageModel()
