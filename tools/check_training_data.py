"""Check the training messages and ordinary texts: enough per topic, no (near-)duplicates, nothing that also stands in eval/.

    python -m tools.check_training_data

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

from bot.model import CONVERSATION_TOPICS

ROOT = Path(__file__).resolve().parent.parent
LEAST = 100
CLOSE = 150
"""For topics with close neighbours, and for the safety tiers."""
OUT_OF_SCOPE = 600
ORDINARY = "elsewhere"
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


def read_ordinary(file: Path) -> list[Message]:
    """Return the ordinary texts, which the models learn as a class of their own."""
    return [
        Message(text, ORDINARY, file, number)
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    ]


def least_for(topic: str) -> int:
    """Return how many messages a topic needs at least: more where it is easily taken for another."""
    if topic == "out_of_scope":
        return OUT_OF_SCOPE
    return LEAST if topic in CONVERSATION_TOPICS else CLOSE


def faults(messages: list[Message], topics: set[str], held_out: set[tuple[str, ...]]) -> Iterator[str]:
    """Yield a line for each fault."""
    counts = Counter(message.topic for message in messages)
    for topic in sorted(topics | set(counts) - {ORDINARY}):
        if topic not in topics:
            yield f"data/nlu: {topic!r} is no intent of domain.yml. Rename it or add the intent."
        elif counts[topic] < least_for(topic):
            yield f"data/nlu: {topic} has {counts[topic]} messages. Write at least {least_for(topic)}."
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
    known: dict[tuple[str, str, str], list[tuple[Message, int]]] = defaultdict(list)
    for message in messages:
        pairs = set(zip(message.words, message.words[1:], strict=False))
        if len(pairs) < 4:
            continue
        shared: Counter[tuple[Message, int]] = Counter()
        for pair in pairs:
            places = known[message.topic, *pair]
            shared.update(places)
            places.append((message, len(pairs)))
        for (other, size), common in shared.items():
            if common / (len(pairs) + size - common) >= LIKENESS:
                yield f"{message.place}: almost the same as {other.place}. Write one of them anew."


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
    messages = [*read_messages(ROOT / "data" / "nlu"), *read_ordinary(ROOT / "data" / "ordinary.txt")]
    found = list(faults(messages, topics, read_held_out(ROOT / "eval")))
    for fault in found:
        print(fault)
    ordinary = sum(message.topic == ORDINARY for message in messages)
    print(
        f"{len(messages) - ordinary} training messages on {len(topics)} topics and {ordinary} ordinary texts, "
        f"{len(found)} faults."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
