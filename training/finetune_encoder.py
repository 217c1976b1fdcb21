"""Fine-tune MiniLM on the training messages and export it as an int8 ONNX encoder. Needs PyTorch; see training/README.md.

    python training/finetune_encoder.py --out assets/encoder/model.onnx

The encoder learns with a classification head over the topics, which is thrown away: the Rasa component trains its own on
the vectors. A share of the messages is held out, so that thresholds can be read from messages the encoder has not seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import sys
import time
from pathlib import Path

import torch
import yaml
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

ROOT = Path(__file__).resolve().parent.parent
CONFIG = {
    "hidden_size": 384,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "vocab_size": 30522,
    "max_position_embeddings": 512,
}
MAX_TOKENS = 128


class Encoder(nn.Module):
    """BERT with mean pooling and unit length, as all-MiniLM-L6-v2 is used."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return unit vectors of shape (batch, 384)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        return nn.functional.normalize(pooled, dim=-1)


def read_messages(folder: Path) -> tuple[list[str], list[str]]:
    """Return the training messages and their topics, in file order."""
    texts: list[str] = []
    topics: list[str] = []
    for file in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines():
                texts.append(line.removeprefix("- ").strip())
                topics.append(entry["intent"])
    return texts, topics


def held_out(text: str, share: float) -> bool:
    """Return whether a message is held out; decided by its own digest, so that it never changes sides."""
    digest = hashlib.sha256(re.sub(r"\W+", " ", text.lower()).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share


def batches(lengths: list[int], size: int, rng: random.Random) -> list[list[int]]:
    """Return shuffled batches of indices of like length."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index] + rng.random() * 8)
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    rng.shuffle(groups)
    return groups


def main() -> int:
    """Fine-tune, report the held-out accuracy per epoch, export and quantise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="model.safetensors of all-MiniLM-L6-v2")
    parser.add_argument("--tokenizer", type=Path, default=ROOT / "assets/encoder/tokenizer.json")
    parser.add_argument("--data", type=Path, default=ROOT / "data/nlu")
    parser.add_argument("--out", type=Path, default=ROOT / "assets/encoder/model.onnx")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--held-out", type=float, default=0.15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    texts, topics = read_messages(options.data)
    names = sorted(set(topics))
    labels = torch.tensor([names.index(topic) for topic in topics])
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    testing = [index for index, text in enumerate(texts) if held_out(text, options.held_out)]
    training = sorted(set(range(len(texts))) - set(testing))
    print(f"{len(training)} messages to learn from, {len(testing)} held out, {len(names)} topics", flush=True)

    bert = BertModel(BertConfig(**CONFIG), add_pooling_layer=False)
    state = load_file(str(options.weights))
    missing, _ = bert.load_state_dict({k.removeprefix("bert."): v for k, v in state.items()}, strict=False)
    if missing:
        print(f"The weights lack {missing[:3]}; is this all-MiniLM-L6-v2?", file=sys.stderr)
        return 1
    encoder = Encoder(bert)
    head = nn.Linear(384, len(names))
    scale = 16.0
    parameters = [
        {"params": encoder.parameters(), "lr": options.rate},
        {"params": head.parameters(), "lr": options.rate * 30},
    ]
    optimiser = torch.optim.AdamW(parameters, weight_decay=0.01)
    steps = options.epochs * math.ceil(len(training) / options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [group["lr"] for group in parameters], total_steps=steps, pct_start=0.1, anneal_strategy="linear"
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)

    def padded(indices: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        width = max(len(ids[index]) for index in indices)
        tokens = torch.zeros(len(indices), width, dtype=torch.long)
        mask = torch.zeros(len(indices), width, dtype=torch.long)
        for row, index in enumerate(indices):
            tokens[row, : len(ids[index])] = torch.tensor(ids[index])
            mask[row, : len(ids[index])] = 1
        return tokens, mask

    for epoch in range(options.epochs):
        encoder.train()
        started, total = time.time(), 0.0
        for group in batches([len(ids[index]) for index in training], options.batch, rng):
            chosen = [training[place] for place in group]
            logits = head(encoder(*padded(chosen)) * scale)
            loss = loss_of(logits, labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(chosen)
        encoder.eval()
        right = 0
        with torch.no_grad():
            for start in range(0, len(testing), 64):
                part = testing[start : start + 64]
                right += int((head(encoder(*padded(part)) * scale).argmax(-1) == labels[part]).sum())
        accuracy = right / max(1, len(testing))
        spent = time.time() - started
        print(
            f"epoch {epoch + 1}: loss {total / len(training):.3f}, held out {accuracy:.3f}, {spent:.0f} s", flush=True
        )

    options.out.parent.mkdir(parents=True, exist_ok=True)
    full = options.out.with_suffix(".fp32.onnx")
    torch.onnx.export(
        encoder,
        padded([0, 1]),
        str(full),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence"],
        dynamic_axes={"input_ids": {0: "b", 1: "t"}, "attention_mask": {0: "b", 1: "t"}, "sentence": {0: "b"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(full), str(options.out), weight_type=QuantType.QInt8)
    full.unlink()
    digest = hashlib.sha256(options.out.read_bytes()).hexdigest()
    facts = {
        "sha256": digest,
        "bytes": options.out.stat().st_size,
        "messages": len(training),
        "held_out_share": options.held_out,
        "held_out_accuracy": round(accuracy, 4),
        "epochs": options.epochs,
        "batch": options.batch,
        "rate": options.rate,
        "seed": options.seed,
    }
    options.out.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n")
    print(json.dumps(facts), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
