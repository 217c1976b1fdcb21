"""Measure the trained model on the held-out messages: topics and safety, in two tables.

make evaluate
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import requests

HERE = Path(__file__).resolve().parent
ANSWERED = 0.7
"""Confidence from which the assistant answers without asking back (bot/replies/build.py)."""


def read(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def accepted(row: dict[str, str], label: str) -> set[str]:
    """Return the labels that a fair judge accepts for a row."""
    return {row[label], *filter(None, row["also_ok"].split(","))}


def share(rows: list[bool]) -> float:
    """Return the share of true values, rounded."""
    return round(sum(rows) / max(1, len(rows)), 3)


def topics(rows: list[dict[str, str]], parsed: list[dict[str, Any]]) -> dict[str, float]:
    """Return the figures for topic recognition; the topic counts even where the screen raised a tier."""
    first = [p["topic"]["name"] in accepted(row, "topic") for row, p in zip(rows, parsed, strict=True)]
    three = [
        bool({guess["name"] for guess in p["intent_ranking"][:3]} & accepted(row, "topic"))
        for row, p in zip(rows, parsed, strict=True)
    ]
    sure = [p["topic"]["confidence"] >= ANSWERED for p in parsed]
    inside = [row["topic"] != "out_of_scope" for row in rows]
    return {
        "messages": len(rows),
        "right topic": share(first),
        "right topic, in scope": share([right for right, known in zip(first, inside, strict=True) if known]),
        "out of scope recognised": share([right for right, known in zip(first, inside, strict=True) if not known]),
        "right topic among three": share(three),
        f"answered (confidence {ANSWERED} or more)": share(sure),
        "answered and wrong": share([a and not b for a, b in zip(sure, first, strict=True)]),
    }


def safety(rows: list[dict[str, str]], parsed: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the figures of the safety screen by language (English or other) and tier."""
    groups: dict[str, list[tuple[dict[str, str], str]]] = defaultdict(list)
    for row, p in zip(rows, parsed, strict=True):
        language = "English" if row["lang"] == "en" else "other languages"
        groups[f"{language}, {row['tier']}"].append((row, p["safety"]["tier"]))
    return {
        name: {
            "messages": len(group),
            "right tier": share([tier in accepted(row, "tier") for row, tier in group]),
            "any tier": share([tier != "none" for _, tier in group]),
            "crisis": share([tier == "crisis" for _, tier in group]),
        }
        for name, group in sorted(groups.items())
    }


def main() -> int:
    """Ask a running assistant to understand every held-out message, and print the figures as JSON."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:5005"

    def parse(text: str) -> dict[str, Any]:
        answer = requests.post(f"{address}/model/parse", json={"text": text}, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    topic_rows, safety_rows = read(HERE / "topics.tsv"), read(HERE / "safety.tsv")
    figures = {
        "topics": topics(topic_rows, [parse(row["text"]) for row in topic_rows]),
        "safety": safety(safety_rows, [parse(row["text"]) for row in safety_rows]),
    }
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
