"""A message is split where a question of its own begins, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.clauses import asks, clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is it? Can I drink?", ["What is it?", "Can I drink?"]),
        ("Can I drink and is it safe in the sun", ["Can I drink", "is it safe in the sun"]),
        ("does it hurt, can I swim", ["does it hurt", "can I swim"]),
        ("does it hurt, and can I swim", ["does it hurt", "can I swim"]),
        ("what is it\nhow long does it take", ["what is it", "how long does it take"]),
        ("I take 20 mg. Is that low?", ["I take 20 mg.", "Is that low?"]),
        ("my lips crack; what helps", ["my lips crack;", "what helps"]),
        ("Is it safe but WHY 20 mg", ["Is it safe", "WHY 20 mg"]),
    ],
)
def test_a_text_is_split_where_a_question_begins(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "why 20 mg",
        "dry lips and dry eyes",
        "can I drink beer, wine and cider",
        "I take 1.5 mg per kg",
        "is candy and cannabis ok",
        "a",
        "hi",
    ],
)
def test_a_text_without_borders_is_one_clause(text: str) -> None:
    assert clauses(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"), [("Why? How? What is it", ["What is it"]), ("Hi! Can I drink?", ["Can I drink?"])]
)
def test_single_words_beside_a_question_are_left_out(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_nothing_has_no_clauses(text: str) -> None:
    assert clauses(text) == []


@given(st.text(max_size=300))
def test_clauses_are_parts_of_the_text_in_order(text: str) -> None:
    place = 0
    for part in clauses(text):
        place = text.index(part, place) + len(part)
        assert part == part.strip() != ""


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("can I drink", True),
        ("I drink?", True),
        ("and what about it", True),
        ("hello how are you", True),
        ("Any side effects", True),
        ("I drink", False),
        ("canada is cold", False),
        ("isotretinoin", False),
        ("whatever", False),
        ("", False),
    ],
)
def test_a_question_is_told_from_a_statement(clause: str, expected: bool) -> None:
    assert asks(clause) is expected
