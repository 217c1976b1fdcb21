"""The reading grade follows the Flesch-Kincaid formula."""

from __future__ import annotations

import pytest

from bot.content.reading import reading_grade


@pytest.mark.parametrize(
    ("text", "sentences", "words", "syllables"),
    [
        ("The cat sat on the mat.", 1, 6, 6),
        ("The cat sat. The dog ran.", 2, 6, 6),
        ("Take it with food", 1, 4, 4),
        ("- one cap\n- two caps\n- three caps", 3, 6, 6),
        ("Is it dry? Yes! Rest: sleep; drink.", 5, 7, 7),
        ("20 mg a day.", 1, 3, 3),
        ("Sunburn is a problem", 1, 4, 6),
    ],
)
def test_grade_comes_from_words_per_sentence_and_syllables_per_word(
    text: str, sentences: int, words: int, syllables: int
) -> None:
    expected = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    assert reading_grade(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "   ", "20 - 40", "...", "\n\n"])
def test_a_text_without_words_has_grade_zero(text: str) -> None:
    assert reading_grade(text) == 0.0


@pytest.mark.parametrize(
    ("easier", "harder"),
    [
        ("Take it with food.", "Administration should accompany nutritional consumption."),
        ("It dries your lips. Use balm. Use it a lot.", "It dries your lips so use balm and use it a lot."),
    ],
)
def test_long_words_and_long_sentences_are_harder(easier: str, harder: str) -> None:
    assert reading_grade(easier) < reading_grade(harder)
