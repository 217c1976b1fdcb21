"""Fine-tune MiniLM on the training messages and export it as an int8 ONNX encoder. Needs PyTorch; see training/README.md.

    python -m training.finetune_encoder --weights model.safetensors

The encoder learns with a classification head over the topics, which is thrown away: the Rasa component trains its own on the
vectors. Texts that are far from all of ours are a class of their own. Messages are mistyped and put into context by chance, anew
in every epoch. A share of them is held out, so that thresholds can be read from messages the encoder has not seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from bot.model import TIERS
from bot.nlu.classifier import ELSEWHERE, OUT_OF_SCOPE
from bot.onnx_model import MAX_TOKENS
from training.learning import (
    Encoder,
    Learner,
    add_options,
    background_of,
    batches,
    begin_at_means,
    export,
    padded,
    quick,
    shown_of,
    some_of,
)
from training.messages import HELD_OUT, read_messages, read_ordinary, split
from training.weights import read_weights

ROOT = Path(__file__).resolve().parent.parent
CONFIG = {
    "hidden_size": 384,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "vocab_size": 30522,
    "max_position_embeddings": 512,
}
SCALE = 16.0
"""What the dot products of the head are multiplied by; unit vectors alone would give almost flat probabilities."""
TYPO_SHARE = 0.25
"""How many messages get typos in an epoch."""
CONTEXT_SHARE = 0.08
"""How many messages on a topic of ours get an unrelated sentence before or after them."""
CONTEXT_TOPIC = OUT_OF_SCOPE
DANGER_CONTEXT_SHARE = 0.25
"""How many messages in danger get texts from elsewhere around them: one sentence of a long post counts."""
MOST_AROUND = 3
SHORT = 150
"""Characters of the longest text that is put around one in danger."""
KEYBOARD = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]


@dataclass(frozen=True)
class Messages:
    """The training messages with their topics as numbers, and which are held out."""

    texts: list[str]
    labels: list[int]
    names: list[str]
    training: list[int]
    testing: list[int]


def labelled(folder: Path) -> Messages:
    """Return the messages of a folder, split into those to learn from and those held out."""
    texts, topics = read_messages(folder)
    ordinary = read_ordinary()
    texts, topics = texts + ordinary, topics + [ELSEWHERE] * len(ordinary)
    names = sorted(set(topics))
    number = {name: place for place, name in enumerate(names)}
    training, testing = split(texts)
    return Messages(texts, [number[topic] for topic in topics], names, training, testing)


def mistyped(text: str, rng: random.Random) -> str:
    """Return a text with a few slips of the finger: swapped, doubled, missing, neighbouring letters, lost spaces and marks."""
    letters = list(text)
    slips = max(1, round(len(letters) * rng.choice([0.01, 0.03, 0.06])))
    for _ in range(slips):
        place = rng.randrange(len(letters))
        letter, kind = letters[place], rng.random()
        if kind < 0.25 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letter
        elif kind < 0.5:
            letters[place] = "" if letter != " " or rng.random() < 0.4 else letter
        elif kind < 0.65:
            letters[place] = letter * 2
        elif letter.lower() in "qwertyuiopasdfghjklzxcvbnm" and letter:
            row = next(row for row in KEYBOARD if letter.lower() in row)
            where = row.index(letter.lower()) + rng.choice([-1, 1])
            letters[place] = row[max(0, min(len(row) - 1, where))]
    wrong = "".join(letters)
    return re.sub(r"[^\w\s]", "", wrong) if rng.random() < 0.3 else wrong


def in_context(text: str, chatter: list[str], rng: random.Random) -> str:
    """Return a text with an unrelated sentence before or after it, as people put their question into a story."""
    other = rng.choice(chatter)
    first, second = (other, text) if rng.random() < 0.6 else (text, other)
    return f"{first.rstrip(' .')}. {second}"


def surrounded(text: str, others: list[str], rng: random.Random) -> str:
    """Return a text somewhere among one to three others."""
    parts = [rng.choice(others) for _ in range(rng.randint(1, MOST_AROUND))]
    parts.insert(rng.randint(0, len(parts)), text)
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in parts)


def varied(text: str, topic: str, chatter: list[str], others: list[str], rng: random.Random) -> str:
    """Return a text as another person might have typed it: by chance in a context, by chance with typos.

    Args:
        text: the message.
        topic: what it is about, which says whether it is put into a context and into which.
        chatter: what is put before or after a message on a topic of ours.
        others: what is put around a message in danger.
        rng: the chance.
    """
    if topic in TIERS and rng.random() < DANGER_CONTEXT_SHARE:
        text = surrounded(text, others, rng)
    elif topic not in {CONTEXT_TOPIC, ELSEWHERE} and rng.random() < CONTEXT_SHARE:
        text = in_context(text, chatter, rng)
    return mistyped(text, rng) if rng.random() < TYPO_SHARE else text


def fresh(weights: Path, classes: int) -> tuple[Encoder, nn.Linear]:
    """Return the encoder with the weights of a file, and an empty head.

    Raises:
        SystemExit: if the file is not all-MiniLM-L6-v2.
    """
    bert = BertModel(BertConfig(**CONFIG), add_pooling_layer=False)
    missing, _ = bert.load_state_dict(read_weights(weights), strict=False)
    if missing:
        raise SystemExit(f"{weights} lacks {missing[:3]}; is this all-MiniLM-L6-v2?")
    return Encoder(bert), nn.Linear(CONFIG["hidden_size"], classes)


def encode(encoder: Encoder, ids: list[list[int]]) -> torch.Tensor:
    """Return the vectors of many texts, shape (texts, 384), without gradients."""
    encoder.eval()
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    vectors = torch.zeros(len(ids), CONFIG["hidden_size"])
    with torch.no_grad():
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            vectors[part] = encoder(*padded([ids[index] for index in part]))
    return vectors


def accuracy(encoder: Encoder, head: nn.Linear, ids: list[list[int]], messages: Messages) -> float:
    """Return the share of the held-out messages that get their own topic."""
    vectors = encode(encoder, [ids[place] for place in messages.testing])
    with torch.no_grad():
        found = head(vectors * SCALE).argmax(-1)
    wanted = torch.tensor([messages.labels[place] for place in messages.testing])
    return float((found == wanted).float().mean())


def fine_tune(options: argparse.Namespace, messages: Messages) -> tuple[Encoder, float]:
    """Return the fine-tuned encoder and the share of the held-out messages that its own head gets right."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    ids = [encoding.ids for encoding in tokenizer.encode_batch(messages.texts)]
    labels = torch.tensor(messages.labels)
    topics = [messages.names[label] for label in messages.labels]
    chatter = [
        messages.texts[place]
        for place in messages.training
        if topics[place] == CONTEXT_TOPIC and 5 <= len(messages.texts[place].split()) <= 25
    ]
    encoder, head = fresh(options.weights, len(messages.names))
    begin_at_means(head, encode(encoder, [ids[place] for place in messages.training]), labels[messages.training])
    background = background_of(options)
    ordinary = [messages.texts[place] for place in messages.training if topics[place] == ELSEWHERE]
    others = chatter + [text for text in background + ordinary if len(text) <= SHORT]
    shown = len(messages.training) + shown_of(background, options)
    elsewhere = torch.full((shown - len(messages.training),), messages.names.index(ELSEWHERE))
    wanted = torch.cat([labels[messages.training], elsewhere])
    learner = Learner(list(encoder.parameters()), list(head.parameters()), options, shown)
    loss_of = nn.CrossEntropyLoss(label_smoothing=options.smoothing)
    for epoch in range(options.epochs):
        texts = [varied(messages.texts[place], topics[place], chatter, others, rng) for place in messages.training]
        texts += some_of(background, options, rng)
        rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        encoder.train()
        started, total = time.time(), 0.0
        for number, group in enumerate(batches([len(row) for row in rows], options.batch, rng)):
            with quick(options):
                vectors = encoder(*padded([rows[place] for place in group]))
            loss = loss_of(head(vectors * SCALE), wanted[group])
            learner.step(loss)
            total += loss.item() * len(group)
            if number == 50:
                print(f"step time {(time.time() - started) / 51:.2f}, of {learner.steps} steps", flush=True)
        share, spent = accuracy(encoder, head, ids, messages), time.time() - started
        print(
            f"epoch {epoch + 1}: loss {total / shown:.3f}, held out {share:.3f}, {spent:.0f} s",
            flush=True,
        )
        if options.keep:
            torch.save((encoder.state_dict(), head.state_dict()), options.keep)
    return encoder, share


def main() -> int:
    """Fine-tune, report the held-out accuracy per epoch, export and quantise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--weights",
        type=Path,
        required=True,
        help="model.safetensors of all-MiniLM-L6-v2, or an encoder of an earlier run",
    )
    parser.add_argument("--tokenizer", type=Path, default=ROOT / "assets/encoder/tokenizer.json")
    parser.add_argument("--data", type=Path, default=ROOT / "data/nlu")
    parser.add_argument("--out", type=Path, default=ROOT / "assets/encoder/model.onnx")
    parser.add_argument("--keep", type=Path, help="keep the fine-tuned weights in this file too, after every epoch")
    add_options(parser, epochs=4, rate=1.2e-4, head_rate=30)
    options = parser.parse_args()

    messages = labelled(options.data)
    print(f"{len(messages.training)} messages to learn from, {len(messages.testing)} held out", flush=True)
    encoder, share = fine_tune(options, messages)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    export(encoder, options.out, ["sentence"])
    facts = {
        "sha256": hashlib.sha256(options.out.read_bytes()).hexdigest(),
        "bytes": options.out.stat().st_size,
        "messages": len(messages.training),
        "held_out_share": HELD_OUT,
        "held_out_accuracy": round(share, 4),
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
