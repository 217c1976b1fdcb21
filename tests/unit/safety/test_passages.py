"""A message is read whole if it is short, else in passages."""

from __future__ import annotations

import pytest

from bot.safety.passages import MAX_PASSAGES, PASSAGE, WHOLE, read_in, visible


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u202e\u2066"])
def test_what_shows_nothing_has_no_passages(text: str) -> None:
    assert read_in(text) == []


SHORT = ["short", "a sentence. and another? yes!", "x" * WHOLE, "\u6211\u4e0d\u60f3\u6d3b\u4e86"]


@pytest.mark.parametrize("text", SHORT)
def test_a_short_message_is_read_as_it_is(text: str) -> None:
    assert read_in(text) == [text]


LONG = [
    ("sentences", "Once upon a time. " * 100, PASSAGE),
    ("no border anywhere", "x" * 1600, PASSAGE),
    ("Cyrillic takes more tokens a letter", "\u0436" * 1600, PASSAGE / 1.5),
    ("Chinese still more", "\u6211\u4e0d\u77e5\u9053\u3002" * 100, PASSAGE / 2),
]


@pytest.mark.parametrize(("text", "longest"), [row[1:] for row in LONG], ids=[row[0] for row in LONG])
def test_a_long_message_is_read_in_passages_that_leave_nothing_out(text: str, longest: float) -> None:
    passages = read_in(text)
    assert len(passages) > 1
    assert all(0 < len(passage) <= longest for passage in passages)
    assert "".join(passages).replace(" ", "") == text.replace(" ", "")


def test_sentences_stay_whole() -> None:
    assert all(passage.endswith("time.") for passage in read_in("Once upon a time. " * 100))


def test_of_a_very_long_message_beginning_and_end_are_read() -> None:
    passages = read_in("First. " + "Once upon a time there was a long story. " * 5000 + "Last.")
    assert len(passages) == MAX_PASSAGES
    assert passages[0].startswith("First.")
    assert passages[-1].endswith("Last.")


def test_invisible_letters_do_not_count() -> None:
    assert visible("no\u200b quiero\u202e vivir") == "no quiero vivir"
    assert read_in("\u200b" * 2000 + "hello") == ["hello"]
