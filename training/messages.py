"""The training messages, and which of them the encoder is never shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import yaml

ORDINARY: Final = Path(__file__).resolve().parent.parent / "data" / "ordinary.txt"
"""Ordinary texts, far from all that we answer: a class of their own, and harmless."""
HELD_OUT: Final = 0.1
"""The share of the messages that the encoder is never shown."""


def read_messages(folder: Path, files: str = "*.yml") -> tuple[list[str], list[str]]:
    """Return the training messages in the files of a folder and their topics, in file order."""
    texts: list[str] = []
    topics: list[str] = []
    for file in sorted(folder.glob(files)):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines():
                texts.append(line.removeprefix("- ").strip())
                topics.append(entry["intent"])
    return texts, topics


def read_ordinary() -> list[str]:
    """Return the ordinary texts."""
    return ORDINARY.read_text(encoding="utf-8").splitlines()


def place(text: str) -> float:
    """Return a number from 0 to 1 that is a message's own, from its digest, so that it never changes sides."""
    digest = hashlib.sha256(re.sub(r"\W+", " ", text.lower()).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def held_out(text: str) -> bool:
    """Return whether the encoder is never shown a message."""
    return place(text) < HELD_OUT


def split(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the places of the messages the encoder learns from, and of those it is never shown."""
    hidden = [number for number, text in enumerate(texts) if held_out(text)]
    return sorted(set(range(len(texts))) - set(hidden)), hidden
