"""The check of the training messages finds what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_training_data import ORDINARY, ROOT, Message, faults, least_for, read_messages, read_ordinary

TOPICS = {"dry_lips"}
FILE = ROOT / "data" / "nlu" / "article.yml"


def message(text: str, line: int = 1) -> Message:
    return Message(text, "dry_lips", FILE, line)


def enough() -> list[Message]:
    return [message(f"number {n} asks about lips in its own way {n * 7}", n) for n in range(150)]


def test_a_hundred_and_fifty_different_messages_are_enough() -> None:
    assert list(faults(enough(), TOPICS, set())) == []


def test_too_few_messages() -> None:
    assert "has 149 messages" in "".join(faults(enough()[1:], TOPICS, set()))


def test_an_unknown_topic() -> None:
    assert "is no intent" in "".join(faults([*enough(), Message("hello you", "lips", FILE, 9)], TOPICS, set()))


def test_the_same_message_twice_apart_from_punctuation() -> None:
    found = list(faults([*enough(), message("My lips!", 900), message("my lips", 901)], TOPICS, set()))
    assert len(found) == 1
    assert "article.yml:901: the same as data/nlu/article.yml:900" in found[0]


def test_a_near_duplicate() -> None:
    pair = [
        message("my lips are so cracked that they bleed at night", 900),
        message("my lips are so cracked that they bleed at work", 901),
    ]
    assert "almost the same" in "".join(faults([*enough(), *pair], TOPICS, set()))


def test_a_message_of_an_evaluation_set() -> None:
    held_out = {("my", "lips", "bleed", "at", "night")}
    assert "evaluation set" in "".join(faults([*enough(), message("My lips bleed at night.", 900)], TOPICS, held_out))


def test_messages_are_read_with_topic_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: dry_lips\n    examples: |\n      - cracked lips\n'
    )
    (found,) = read_messages(tmp_path)
    assert (found.text, found.topic, found.line) == ("cracked lips", "dry_lips", 5)


@pytest.mark.parametrize(
    ("topic", "least"),
    [("dry_lips", 150), ("crisis", 150), ("greet", 100), ("more_detail", 100), ("out_of_scope", 600)],
)
def test_how_many_messages_a_topic_needs(topic: str, least: int) -> None:
    assert least_for(topic) == least


def test_ordinary_texts_are_no_topic_and_may_not_stand_among_the_messages_too() -> None:
    file = ROOT / "data" / "ordinary.txt"
    read = read_ordinary(file)
    assert {found.topic for found in read} == {ORDINARY}
    assert list(faults([*enough(), *read[:3]], TOPICS, set())) == []
    twice = [*enough(), Message(read[0].text, "dry_lips", FILE, 900), read[0]]
    assert "ordinary.txt:1: the same as data/nlu/article.yml:900" in "".join(faults(twice, TOPICS, set()))
