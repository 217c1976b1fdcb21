"""Lost spaces are found again, and nothing else is split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.spacing import Spacer

SPACER = Spacer(
    {"can": 50, "i": 90, "drink": 20, "on": 60, "this": 40, "what": 30, "about": 30, "sun": 9, "isotretinoin": 80}
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("canidrinkonthis", "can i drink on this"),
        ("CanIDrinkOnThis?", "Can I Drink On This?"),
        ("and whataboutsun pls", "and what about sun pls"),
    ],
)
def test_lost_spaces_are_found(text: str, found: str) -> None:
    assert SPACER.split(text) == found


@pytest.mark.parametrize(
    "text",
    ["isotretinoin", "spironolactone", "can i", "whatabo", "", "aaaaaaaaaaaaaaaaaaaab", "x" * 200],
)
def test_what_is_no_row_of_known_words_stays(text: str) -> None:
    assert SPACER.split(text) == text


@given(st.text(max_size=200))
def test_only_spaces_are_added(text: str) -> None:
    assert SPACER.split(text).replace(" ", "") == text.replace(" ", "")
