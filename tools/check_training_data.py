"""Check the training messages: enough per topic, no duplicates or near-duplicates, nothing that also stands in eval/.

    python tools/check_training_data.py

Prints file, line and what to do for each fault; exit status 1 if there is any.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LEAST = 40
LIKENESS = 0.72
"""Jaccard likeness of word pairs from which two messages of a topic count as near-duplicates."""


@dataclass(frozen=True)
class Message:
    """A training message and where it stands."""

    text: str
    topic: str
    file: Path
    line: int

    @property
    def words(self) -> tuple[str, ...]:
        """The words in lower case, without punctuation."""
        return tuple(re.findall(r"\w+", self.text.lower()))

    @property
    def place(self) -> str:
        """File and line, as editors jump to them."""
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def read_messages(folder: Path) -> list[Message]:
    """Return every training message below a folder."""
    messages = []
    for file in sorted(folder.glob("*.yml")):
        topic = ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if found := re.match(r"\s+- intent: (\w+)", line):
                topic = found.group(1)
            elif found := re.match(r"      - (.+)", line):
                messages.append(Message(found.group(1), topic, file, number))
    return messages


def faults(messages: list[Message], topics: set[str], held_out: set[tuple[str, ...]]) -> Iterator[str]:
    """Yield a line for each fault."""
    counts = Counter(message.topic for message in messages)
    for topic in sorted(topics | set(counts)):
        if topic not in topics:
            yield f"data/nlu: {topic!r} is no intent of domain.yml. Rename it or add the intent."
        elif counts[topic] < LEAST:
            yield f"data/nlu: {topic} has {counts[topic]} messages. Write at least {LEAST}."
    seen: dict[tuple[str, ...], Message] = {}
    for message in messages:
        if message.words in seen and message.words:
            yield f"{message.place}: the same as {seen[message.words].place}. Take one out."
        seen.setdefault(message.words, message)
        if len(message.words) > 3 and message.words in held_out:
            yield f"{message.place}: stands in an evaluation set too. Take it out here."
    yield from near_duplicates(messages)


def near_duplicates(messages: list[Message]) -> Iterator[str]:
    """Yield a line for each pair of messages of a topic that share most of their word pairs."""
    by_topic: dict[str, list[tuple[set[tuple[str, str]], Message]]] = defaultdict(list)
    for message in messages:
        pairs = set(zip(message.words, message.words[1:], strict=False))
        if len(pairs) < 4:
            continue
        for other_pairs, other in by_topic[message.topic]:
            if len(pairs & other_pairs) / len(pairs | other_pairs) >= LIKENESS:
                yield f"{message.place}: almost the same as {other.place}. Write one of them anew."
        by_topic[message.topic].append((pairs, message))


def read_held_out(folder: Path) -> set[tuple[str, ...]]:
    """Return the words of every message in the evaluation sets (second column of the tables)."""
    found = set()
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            found.add(tuple(re.findall(r"\w+", line.split("\t")[1].lower())))
    return found


def main() -> int:
    """Print the faults and return 1 if there are any."""
    topics = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    messages = read_messages(ROOT / "data" / "nlu")
    found = list(faults(messages, topics, read_held_out(ROOT / "eval")))
    for fault in found:
        print(fault)
    print(f"{len(messages)} training messages on {len(topics)} topics, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
