"""Open an ONNX model with its tokenizer, and turn texts into what it takes. Imports no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

MAX_TOKENS: Final = 256
"""Tokens of a text that a model learns from and reads, about 190 words."""

Feeds = dict[str, npt.NDArray[np.int64]]


class OnnxModel:
    """A BERT-like model and its tokenizer.

    Args:
        model: ONNX file with the inputs input_ids, attention_mask and perhaps token_type_ids.
        tokenizer: its tokenizer.json. The piece with number 0 is the padding.
        max_tokens: longer texts are cut here.
        threads: processor cores used.

    Raises:
        Exception: whatever the libraries raise if a file is missing or damaged; the caller says what to do.
    """

    def __init__(self, model: Path, tokenizer: Path, max_tokens: int, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.enable_padding(pad_id=0, pad_token=self._tokenizer.id_to_token(0))
        self._inputs = {entry.name for entry in self._session.get_inputs()}

    def feeds(self, texts: Sequence[str]) -> Feeds:
        """Return the inputs for texts, each of shape (number of texts, tokens of the longest)."""
        encodings = self._tokenizer.encode_batch(list(texts))
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        return {
            "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }

    def run(self, feeds: Feeds, outputs: list[str] | None = None) -> list[Any]:
        """Return the named outputs for inputs, all of them if none is named."""
        found: list[Any] = self._session.run(
            outputs, {name: value for name, value in feeds.items() if name in self._inputs}
        )
        return found
