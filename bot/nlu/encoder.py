"""The sentence encoder: MiniLM on ONNX Runtime, from text to one vector. Imports no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.errors import ModelError
from bot.onnx_model import MAX_TOKENS, OnnxModel
from bot.settings import ROOT

Vectors = npt.NDArray[np.float32]

DIMENSION: Final = 384
ENCODER_FILE: Final = ROOT / "assets" / "encoder" / "model.onnx"
TOKENIZER_FILE: Final = ROOT / "assets" / "encoder" / "tokenizer.json"
_BATCH: Final = 32


class SentenceEncoder:
    """Maps texts to vectors whose dot product is their likeness in meaning.

    Args:
        model: ONNX file of a BERT-like encoder with the inputs input_ids, attention_mask and token_type_ids.
        tokenizer: its tokenizer.json.
        max_tokens: longer texts are cut here.
        threads: processor cores used; one is best for single messages, all for training.

    Raises:
        ModelError: if a file is missing or damaged.
    """

    def __init__(self, model: Path, tokenizer: Path, max_tokens: int = MAX_TOKENS, threads: int = 1) -> None:
        try:
            self._model = OnnxModel(model, tokenizer, max_tokens, threads)
        except Exception as error:
            raise ModelError(
                f"The encoder ({model.name}, {tokenizer.name}) cannot be loaded: {type(error).__name__}.",
                "Restore assets/encoder/ from version control, or make it anew: training/README.md.",
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text.

        Args:
            texts: any number of texts; an empty text gives the vector of the bare markers.

        Returns:
            Array of shape (number of texts, 384), float32, rows of length 1.
        """
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(texts), _BATCH):
            batch = by_length[start : start + _BATCH]
            vectors[batch] = self._encode_batch([texts[index] for index in batch])
        return vectors

    def _encode_batch(self, texts: list[str]) -> Vectors:
        feeds = self._model.feeds(texts)
        output = self._model.run(feeds)[0]
        if output.ndim == 3:
            weights = feeds["attention_mask"][:, :, None].astype(np.float32)
            output = (output * weights).sum(axis=1) / weights.sum(axis=1)
        norms = np.linalg.norm(output, axis=1, keepdims=True)
        return np.asarray(output / np.maximum(norms, 1e-9), dtype=np.float32)


@lru_cache(maxsize=2)
def default_encoder(threads: int = 1) -> SentenceEncoder:
    """Return the encoder of this process, loaded at the first call.

    Args:
        threads: processor cores used.

    Raises:
        ModelError: if its files are missing or damaged.
    """
    return SentenceEncoder(ENCODER_FILE, TOKENIZER_FILE, threads=threads)
