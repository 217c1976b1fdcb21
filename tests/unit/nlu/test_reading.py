"""A message is read whole, in passages if it is long, and question by question."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from bot.nlu.clauses import PASSAGE_WORDS, WHOLE_WORDS, passages
from bot.nlu.reading import Limits, Reading, Row

TOPICS = ["alcohol", "sun", "lips", "greet", "crisis"]
ANSWERED = [0, 1, 2]
WORDS = {"drink": 0, "beer": 0, "sun": 1, "burn": 1, "lips": 2, "hello": 3, "die": 4}


class Model:
    """Knows topics by single words; what it was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Row:
        """Return the probability of each topic."""
        self.asked.append(list(texts))
        rows = np.full((len(texts), len(TOPICS)), 0.01)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().replace("?", " ").replace(".", " ").replace(",", " ").split():
                if word in WORDS:
                    row[WORDS[word]] += 1
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))


FILLER = "I went to see my aunt in the village and we looked at old maps together. "

QUESTIONS = [
    ("can I drink", []),
    ("can I drink, and do I need to care about sun?", ["alcohol", "sun"]),
    ("Can I drink? And beer?", ["alcohol"]),
    ("do my lips peel? can I drink? does sun burn me?", ["lips", "alcohol", "sun"]),
    ("hello. can I drink?", ["alcohol"]),
    ("my lips are dry. what now?", ["lips"]),
    ("nothing here. and nothing there?", []),
]


@pytest.mark.parametrize(("text", "topics"), QUESTIONS)
def test_the_questions_of_a_message(text: str, topics: list[str]) -> None:
    reading = Reading(text, Model())
    assert [TOPICS[number] for number in reading.questions(ANSWERED, Limits())] == topics


def test_a_statement_must_be_clearer_than_a_question() -> None:
    text = "my lips and the sun today. can I drink?"
    assert Reading(text, Model()).questions(ANSWERED, Limits(statement=0.9, in_context=0.9)) == [0]
    assert Reading(text, Model()).questions(ANSWERED, Limits(statement=0.4, in_context=0.9)) == [1, 0]


def test_a_topic_must_show_in_the_message_as_a_whole() -> None:
    text = "can I drink, and do I need to care about sun?"
    assert Reading(text, Model()).questions(ANSWERED, Limits(whole=0.9)) == []


def test_what_is_outside_does_not_count_in_a_clause() -> None:
    reading = Reading("hello can I drink, and does sun burn me?", Model())
    assert reading.questions(ANSWERED, Limits()) == [1]
    assert reading.questions(ANSWERED, Limits(), outside=TOPICS.index("greet")) == [0, 1]


def test_the_model_is_asked_once_and_never_twice_for_the_same_words() -> None:
    model = Model()
    Reading("can I drink", model)
    Reading("can I drink? can I drink?", model)
    assert [len(texts) == len(set(texts)) for texts in model.asked] == [True, True]
    assert model.asked[0] == ["can I drink"]


def test_a_short_message_is_what_the_model_says_of_it() -> None:
    model = Model()
    assert np.allclose(Reading("can I drink in the sun", model).topics, model(["can I drink in the sun"])[0])


@pytest.mark.parametrize("place", [0, 8, 16])
def test_the_question_is_found_anywhere_in_a_long_story(place: int) -> None:
    sentences = [FILLER.strip()] * 16
    text = " ".join([*sentences[:place], "Can I drink?", *sentences[place:]])
    topics = Reading(text, Model()).topics
    assert TOPICS[int(topics.argmax())] == "alcohol"
    assert topics.sum() == pytest.approx(1.0)


def test_danger_in_a_long_story_is_looked_for_in_the_passages_that_are_watched() -> None:
    watched = ["my lips are dry", "I want to die.", "the sun"]
    found = Reading(FILLER * 16, Model(), watched).danger([4])
    assert [float(row[0]) > 0.9 for row in found["passages"]] == [False, True, False]


def test_danger_in_a_short_message_counts_whole_and_by_its_clause() -> None:
    found = Reading("my lips. I die. sun", Model(), ["my lips. I die. sun"]).danger([4])
    assert [float(row[0]) < 0.4 for row in found["passages"]] == [True]
    assert max(float(row[0]) for row in found["clauses"]) > 0.9


@pytest.mark.parametrize("text", ["", "one two", "word " * WHOLE_WORDS])
def test_a_short_text_is_one_passage(text: str) -> None:
    assert passages(text) == [text]


def test_passages_are_bounded_hold_every_word_and_overlap_by_a_sentence() -> None:
    text = " ".join(f"Sentence number {number} has six words." for number in range(60))
    parts = passages(text)
    assert all(len(part.split()) <= PASSAGE_WORDS for part in parts)
    assert set(" ".join(parts).split()) == set(text.split())
    assert all(after.startswith(before.split(". ")[-1][:10]) for before, after in pairwise(parts))


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(part.split()) for part in passages("word " * 200)] == [60, 60, 60, 20]
