"""The check of the training messages finds what it should."""

from __future__ import annotations

from pathlib import Path

from tools.check_training_data import ROOT, Message, faults, read_messages

TOPICS = {"dry_lips"}
FILE = ROOT / "data" / "nlu" / "article.yml"


def message(text: str, line: int = 1) -> Message:
    return Message(text, "dry_lips", FILE, line)


def forty() -> list[Message]:
    return [message(f"number {n} asks about lips in its own way {n * 7}", n) for n in range(40)]


def test_forty_different_messages_are_enough() -> None:
    assert list(faults(forty(), TOPICS, set())) == []


def test_too_few_messages() -> None:
    assert "has 39 messages" in "".join(faults(forty()[1:], TOPICS, set()))


def test_an_unknown_topic() -> None:
    assert "is no intent" in "".join(faults([*forty(), Message("hello you", "lips", FILE, 9)], TOPICS, set()))


def test_the_same_message_twice_apart_from_punctuation() -> None:
    found = list(faults([*forty(), message("My lips!", 90), message("my lips", 91)], TOPICS, set()))
    assert len(found) == 1
    assert "article.yml:91: the same as data/nlu/article.yml:90" in found[0]


def test_a_near_duplicate() -> None:
    pair = [
        message("my lips are so cracked that they bleed at night", 90),
        message("my lips are so cracked that they bleed at work", 91),
    ]
    assert "almost the same" in "".join(faults([*forty(), *pair], TOPICS, set()))


def test_a_message_of_an_evaluation_set() -> None:
    held_out = {("my", "lips", "bleed", "at", "night")}
    assert "evaluation set" in "".join(faults([*forty(), message("My lips bleed at night.", 90)], TOPICS, held_out))


def test_messages_are_read_with_topic_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: dry_lips\n    examples: |\n      - cracked lips\n'
    )
    (found,) = read_messages(tmp_path)
    assert (found.text, found.topic, found.line) == ("cracked lips", "dry_lips", 5)
