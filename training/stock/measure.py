"""Measure the stock pipeline of `rasa init` (DIET) on the same messages. Runs in an environment of its own with stock Rasa.

    python3.10 -m venv .venv-stock && .venv-stock/bin/pip install rasa==3.6.21 "setuptools<71"
    .venv-stock/bin/python -m training.stock.measure --epochs 15 --longest 60

Trains on all messages but those the encoder is never shown, then prints the share right on those and on eval/topics.tsv. The 100
epochs of `rasa init` are meant for a few hundred messages; on these 26,000 one epoch takes minutes, and longer with long
messages, so both can be limited.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

from training.messages import read_messages, split

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
FALLBACK = "nlu_fallback"


def ask(agent: Agent, texts: list[str]) -> tuple[list[list[str]], float]:
    """Return the ranked intents of each text, and the median time for one in milliseconds."""
    loop = asyncio.new_event_loop()
    ranked, times = [], []
    for text in texts:
        started = time.perf_counter()
        parsed = loop.run_until_complete(agent.parse_message(text))
        times.append((time.perf_counter() - started) * 1000)
        ranked.append([guess["name"] for guess in parsed["intent_ranking"] if guess["name"] != FALLBACK])
    return ranked, statistics.median(times)


def main() -> int:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100, help="of the classifier; the stock pipeline has 100")
    parser.add_argument("--longest", type=int, default=10_000, help="leave out training messages with more words")
    options = parser.parse_args()
    texts, topics = read_messages(ROOT / "data" / "nlu")
    outside, inside = split(texts)
    outside = [number for number in outside if len(texts[number].split()) <= options.longest]
    with tempfile.TemporaryDirectory() as folder:
        by_topic: dict[str, list[str]] = {}
        for number in outside:
            by_topic.setdefault(topics[number], []).append(texts[number])
        nlu = [
            {"intent": topic, "examples": "".join(f"- {text}\n" for text in messages)}
            for topic, messages in by_topic.items()
        ]
        data = Path(folder) / "nlu.yml"
        data.write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True), encoding="utf-8")
        config = yaml.safe_load((HERE / "config.yml").read_text(encoding="utf-8"))
        next(part for part in config["pipeline"] if part["name"] == "DIETClassifier")["epochs"] = options.epochs
        pipeline = Path(folder) / "config.yml"
        pipeline.write_text(yaml.safe_dump(config), encoding="utf-8")
        started = time.time()
        model = train_nlu(str(pipeline), str(data), folder)
        minutes = (time.time() - started) / 60
        agent = Agent.load(str(model))
        ranked, milliseconds = ask(agent, [texts[number] for number in inside])
        with (ROOT / "eval" / "topics.tsv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        held, _ = ask(agent, [row["text"] for row in rows])
    wanted = [{topics[number]} for number in inside]
    accepted = [{row["topic"], *filter(None, row["also_ok"].split(","))} for row in rows]
    figures = {
        "messages": len(outside),
        "epochs": options.epochs,
        "minutes to train": round(minutes, 1),
        "milliseconds a message": round(milliseconds, 1),
        **{
            f"{name}: {what}": round(
                sum(bool(set(r[:depth]) & w) for r, w in zip(got, want, strict=True)) / len(want), 4
            )
            for name, got, want in (("never shown", ranked, wanted), ("eval/topics.tsv", held, accepted))
            for what, depth in (("right", 1), ("among three", 3))
        },
        "eval/topics.tsv: out of scope recall": round(
            sum(r[0] == "out_of_scope" for r, row in zip(held, rows, strict=True) if row["topic"] == "out_of_scope")
            / sum(row["topic"] == "out_of_scope" for row in rows),
            4,
        ),
    }
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
