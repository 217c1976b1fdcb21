"""Weights to start fine-tuning from: a published encoder, or one that this project has exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file


def read_weights(file: Path) -> dict[str, torch.Tensor]:
    """Return the weights of a BERT-like encoder by name.

    Args:
        file: model.safetensors, or the int8 model.onnx of an earlier run, whose numbers are scaled back to 32 bits.

    Raises:
        OSError: if the file cannot be read.
    """
    weights = _from_onnx(file) if file.suffix == ".onnx" else load_file(str(file))
    return {_within_bert(name): value for name, value in weights.items()}


def _from_onnx(file: Path) -> dict[str, torch.Tensor]:
    """Return the weights of an encoder exported by training/learning.py; a matrix goes by the name of its product."""
    graph = onnx.load(str(file)).graph
    arrays = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    weights = {name: array for name, array in arrays.items() if "bert." in name and array.dtype == np.float32}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            stored = node.input[1]
            name = node.name.removeprefix("/").removesuffix("/MatMul_quant").replace("/", ".") + ".weight"
            weights[name] = _scaled(arrays, stored).T
    for stored in arrays:
        if "bert.embeddings." in stored and stored.endswith("_quantized"):
            weights[stored.removesuffix("_quantized")] = _scaled(arrays, stored)
    return {name: torch.tensor(np.ascontiguousarray(array)) for name, array in weights.items()}


def _within_bert(name: str) -> str:
    """Return the name of a weight within the encoder, whatever the module around it is called."""
    return name.rpartition("bert.")[2]


def _scaled(arrays: dict[str, np.ndarray], stored: str) -> np.ndarray:
    """Return an int8 matrix as 32-bit numbers: stored number less zero point, times the scale of its row or column."""
    base = stored.removesuffix("_quantized")
    zero, scale = arrays[f"{base}_zero_point"].astype(np.float32), arrays[f"{base}_scale"]
    return (arrays[stored].astype(np.float32) - zero) * scale
