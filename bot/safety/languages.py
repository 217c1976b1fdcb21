"""Which language a message is in, and how grave it is in any of them: a multilingual encoder with two heads. Imports no Rasa."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from bot.errors import ModelError
from bot.model import ENGLISH, TIERS, Tier
from bot.onnx_model import MAX_TOKENS, OnnxModel
from bot.safety.passages import read_in
from bot.settings import ROOT

FOLDER: Final = ROOT / "assets" / "languages"


@dataclass(frozen=True)
class Reading:
    """What the model makes of a message: its language, how sure that is, and the probability of each tier by passage.

    `passages` is empty if the model could not be asked, or if the message shows nothing.
    """

    language: str = ENGLISH
    sure: float = 0.0
    passages: tuple[Mapping[Tier, float], ...] = ()

    def chance(self, tier: Tier) -> float:
        """Return the probability of a tier in the passage where it is highest."""
        return max((passage[tier] for passage in self.passages), default=0.0)


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
        """Return the reading of a message."""
        parts = read_in(text)
        if not parts:
            return Reading()
        kinds, languages = self._model.run(self._model.feeds(parts), ["kind", "language"])
        lengths = np.array([len(part) for part in parts], dtype=np.float64)
        shares = (languages * lengths[:, None]).sum(axis=0) / lengths.sum()
        best = int(shares.argmax())
        columns = [self.kinds.index(tier) for tier in TIERS]
        return Reading(
            language=self.languages[best],
            sure=float(shares[best]),
            passages=tuple(dict(zip(TIERS, map(float, row[columns]), strict=True)) for row in kinds),
        )


@lru_cache(maxsize=1)
def default_model() -> LanguageModel:
    """Return the model of this process, loaded at the first call.

    Raises:
        ModelError: if its files are missing or damaged.
    """
    return LanguageModel()
