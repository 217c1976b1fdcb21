"""What people type is read as plain words, disguises undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.normalise import clip, plain, readings, undisguise, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Hello", "hello"),
        ("ＤＩＥ", "die"),
        ("𝐝𝐢𝐞", "die"),
        ("I’m", "i'm"),
        ("‘die’", "'die'"),
        ("“die”", '"die"'),
        ("d\u200bi\u200de\ufeff", "die"),
        ("d\u00adie", "die"),
        ("\u202edie\u202c", "die"),
        ("want\x00to\x1bdie", "want to die"),
        ("want\tto", "want to"),
        ("want\nto", "want\nto"),
        ("want\u2028to\u2029die", "want to die"),
        ("wait…", "wait..."),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_plain_text_is_lower_case_visible_and_folded(typed: str, expected: str) -> None:
    assert plain(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("k1ll", "kill"),
        ("su1cide", "suicide"),
        ("$uicide", "suicide"),
        ("su!cide", "suicide"),
        ("k i l l", "kill"),
        ("k.i.l.l", "kill"),
        ("k-i-l-l", "kill"),
        ("k*ll", "kill"),
        ("su**ide", "suicide"),
        ("diiiie", "die"),
        ("dieeee", "die"),
        ("pléase", "please"),
        ("dіе", "die"),
        ("mуself", "myself"),
    ],
)
def test_a_disguise_is_undone(typed: str, expected: str) -> None:
    assert undisguise(typed) == expected


@pytest.mark.parametrize(
    "typed", ["20 mg", "20mg", "2x", "3rd", "why 20 mg?", "follow up", "well", "a b", "half-life", "12345"]
)
def test_what_is_no_disguise_stays(typed: str) -> None:
    assert undisguise(typed) == typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i'm", ["i", "am"]),
        ("im", ["i", "am"]),
        ("don't", ["do", "not"]),
        ("dont", ["do", "not"]),
        ("can't", ["can", "not"]),
        ("wanna", ["want", "to"]),
        ("myslef", ["myself"]),
        ("sucidal", ["suicidal"]),
        ("my sister's", ["my", "sisters"]),
        ("no, wait", ["no", ",", "wait"]),
        ("no! wait? ok; yes\nno.", ["no", ".", "wait", ".", "ok", ".", "yes", ".", "no", "."]),
        ("20 mg", ["20", "mg"]),
        ("(really)", ["really"]),
        ("", []),
        ('😀 -- "', []),
    ],
)
def test_words_are_spelt_out_and_sentence_marks_kept(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(("typed", "count"), [("i want to live", 1), ("i want to l1ve", 2), ("k*ll", 2), ("", 1)])
def test_a_text_has_a_second_reading_only_if_something_is_disguised(typed: str, count: int) -> None:
    assert len(readings(typed)) == count


def test_the_second_reading_undoes_the_disguise_and_the_first_keeps_what_was_typed() -> None:
    assert readings("K1LL me") == [["k1ll", "me"], ["kill", "me"]]


@pytest.mark.parametrize("length", [0, 1, 12_000])
def test_a_text_of_bounded_length_is_not_clipped(length: int) -> None:
    assert clip("a" * length) == "a" * length


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_longer_text_is_bounded_and_keeps_both_ends_and_the_middle(place: int) -> None:
    parts = ["a" * 100_000, "b" * 100_000]
    parts.insert(place, "MARK")
    assert "MARK" in clip("".join(parts))
    assert len(clip("".join(parts))) <= 20_002


@given(st.text(st.characters() | st.sampled_from("\ud800\udfff\x00\u200b")))
def test_any_text_becomes_lower_case_words_without_spaces(text: str) -> None:
    for reading in readings(text):
        assert all(word and word == word.casefold() and not word.isspace() for word in reading)
