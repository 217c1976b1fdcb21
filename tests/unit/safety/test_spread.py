"""Danger said over several messages is read as one."""

from __future__ import annotations

import pytest

from bot.safety.screen import SPREAD_WORDS, screen

SPREAD = [
    (["i dont want to"], "be here anymore"),
    (["i want to", "kill"], "myself"),
    (["i just want"], "to die"),
    (["my life"], "is not worth living"),
]


@pytest.mark.parametrize(("before", "text"), SPREAD)
def test_what_is_spread_over_messages_is_caught(before: list[str], text: str) -> None:
    assert screen(text, before=before).tier == "crisis"


def test_the_evidence_says_that_it_was_spread() -> None:
    assert screen("is not worth living").tier == "none"
    found = screen("is not worth living", before=["my life"])
    assert found.tier == "crisis"
    assert all(name.startswith("spread.") for name in found.evidence)


APART = [
    ("a sentence that was finished", ["I hate it here."], "how long till it works"),
    ("questions", ["can i drink"], "can i go in the sun"),
    ("an idiom over two messages", ["i am dying"], "to see results"),
    ("a long message is whole", ["i dont want to"], "be here anymore " + "and so on " * SPREAD_WORDS),
]


@pytest.mark.parametrize(("before", "text"), [row[1:] for row in APART], ids=[row[0] for row in APART])
def test_messages_that_are_whole_are_not_joined(before: list[str], text: str) -> None:
    alone = screen(text)
    assert screen(text, before=before) == alone
