"""What both fine-tunings share: the encoder, batches, one step of learning, options, background, export to int8 ONNX."""

from __future__ import annotations

import argparse
import math
import random
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import BertModel

from training.background import read_background


class Encoder(nn.Module):
    """BERT with mean pooling and unit length, as all-MiniLM-L6-v2 is used."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return unit vectors of shape (batch, 384)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        return nn.functional.normalize(pooled, dim=-1)


class Learner:
    """AdamW on a body and its heads, the rate rising over the first tenth of the steps and then falling to nothing.

    Args:
        body: parameters that are clipped and learn at the rate.
        heads: parameters that learn at the rate times the head rate.
        options: what `add_options` gives.
        messages: how many messages an epoch has.
    """

    def __init__(
        self, body: list[nn.Parameter], heads: list[nn.Parameter], options: argparse.Namespace, messages: int
    ) -> None:
        self.steps = options.epochs * math.ceil(messages / options.batch)
        self._body = body
        rates = [options.rate, options.rate * options.head_rate]
        groups = [{"params": part, "lr": rate} for part, rate in zip((body, heads), rates, strict=True)]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, rates, total_steps=self.steps, pct_start=0.1, anneal_strategy="linear"
        )

    def step(self, loss: torch.Tensor) -> None:
        """Learn from the loss of one batch."""
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._body, 1.0)
        self._optimiser.step()
        self._schedule.step()


def quick(options: argparse.Namespace) -> torch.autocast:
    """Return the context in which a model is run while it learns: products in 16 bits if the options say so."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bfloat16)


def begin_at_means(head: nn.Linear, vectors: torch.Tensor, labels: torch.Tensor) -> None:
    """Let a head start as the mean vector of each class, so that the first steps do not undo what the encoder knows."""
    with torch.no_grad():
        for label in range(head.out_features):
            mean = vectors[labels == label].mean(0)
            head.weight[label] = mean / mean.norm()
        head.bias.zero_()


def batches(lengths: list[int], size: int, rng: random.Random) -> list[list[int]]:
    """Return shuffled batches of indices of like length."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index] + rng.random() * 8)
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    rng.shuffle(groups)
    return groups


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return token ids and mask of rows of ids, both of shape (rows, longest)."""
    width = max(len(row) for row in rows)
    tokens = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for place, row in enumerate(rows):
        tokens[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
    return tokens, mask


def background_of(options: argparse.Namespace) -> list[str]:
    """Return the texts of the background that the options ask for; none if they do not."""
    return read_background(options.background) if options.background else []


def shown_of(background: list[str], options: argparse.Namespace) -> int:
    """Return how many texts of the background are shown in an epoch."""
    return min(len(background), int(options.pieces))


def some_of(background: list[str], options: argparse.Namespace, rng: random.Random) -> list[str]:
    """Return the texts of the background that are shown in an epoch."""
    return rng.sample(background, shown_of(background, options))


def add_options(parser: argparse.ArgumentParser, *, epochs: int, rate: float, head_rate: float) -> None:
    """Add the options of learning to a command, with its defaults."""
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--head-rate", type=float, default=head_rate)
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument(
        "--background",
        type=Path,
        help="folder with the packages of training/background.py, to learn from their texts too",
    )
    parser.add_argument(
        "--pieces", type=int, default=5000, help="how many texts of the background are shown in an epoch"
    )
    parser.add_argument(
        "--bfloat16", action="store_true", help="multiply in 16 bits: two to four times faster where the machine can"
    )


def export(module: nn.Module, out: Path, outputs: list[str]) -> None:
    """Write a module that takes token ids and mask as int8 ONNX.

    Args:
        module: what is written.
        out: where to.
        outputs: the names of what it returns, one row a text.
    """
    full = out.with_suffix(".fp32.onnx")
    inputs = ["input_ids", "attention_mask"]
    torch.onnx.export(
        module.eval(),
        padded([[1, 2], [1, 5, 2]]),
        str(full),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes={**{name: {0: "b", 1: "t"} for name in inputs}, **{name: {0: "b"} for name in outputs}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(full), str(out), weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
