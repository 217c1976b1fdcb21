"""The topic model learns, keeps its probabilities, and says clearly when its file is missing or damaged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ModelError
from bot.nlu.classifier import ELSEWHERE, OUT_OF_SCOPE, TopicModel
from bot.nlu.encoder import DIMENSION, Vectors

WORDS = ["drink", "beer", "wine", "sun", "burn", "beach"]
TEXTS = [f"can i {word} with this {number}" for number in range(6) for word in WORDS]
TOPICS = ["alcohol" if word in WORDS[:3] else "sun_protection" for _ in range(6) for word in WORDS]


class Encoder:
    """One dimension a word."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text."""
        vectors = np.full((len(texts), DIMENSION), 0.001, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for place, word in enumerate(WORDS):
                row[place] += word in text
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel(Encoder(), strength=10.0).fit(TEXTS, TOPICS)


@pytest.mark.parametrize(
    ("text", "topic"), [("a beer or two", "alcohol"), ("sun and beach", "sun_protection"), ("wine?", "alcohol")]
)
def test_it_learns(model: TopicModel, text: str, topic: str) -> None:
    (row,) = model.probabilities([text])
    assert model.topics[int(row.argmax())] == topic
    assert row.sum() == pytest.approx(1.0)


def test_odds_shift_what_is_uncertain_and_not_what_is_clear() -> None:
    shifted = TopicModel(Encoder(), strength=10.0, odds={"alcohol": 3.0}).fit(TEXTS, TOPICS)
    plain = TopicModel(Encoder(), strength=10.0).fit(TEXTS, TOPICS)
    before, after = (each.probabilities(["beer on the beach"])[0] for each in (plain, shifted))
    assert after[0] / after[1] == pytest.approx(3 * before[0] / before[1])
    assert shifted.topics[int(shifted.probabilities(["sun and beach"])[0].argmax())] == "sun_protection"


def test_what_is_elsewhere_counts_as_out_of_scope() -> None:
    texts = [*TEXTS, "which cheese", "a poem about cheese"]
    topics = [*TOPICS, OUT_OF_SCOPE, OUT_OF_SCOPE]
    found = TopicModel(Encoder(), strength=10.0).fit(texts, topics, ["the council met", "the council sat"] * 5)
    assert ELSEWHERE not in found.topics
    (row,) = found.probabilities(["the council met again"])
    assert row.shape == (len(found.topics),)
    assert row.sum() == pytest.approx(1.0)
    assert found.topics[int(row.argmax())] == OUT_OF_SCOPE


def test_texts_from_elsewhere_need_a_topic_to_count_as() -> None:
    with pytest.raises(ModelError, match="out_of_scope"):
        TopicModel(Encoder()).fit(TEXTS, TOPICS, ["the council met"])


def test_lost_spaces_are_found_by_the_words_of_the_training_messages(model: TopicModel) -> None:
    assert model.spaced("canidrinkwiththis") == "can i drink with this"


def test_it_is_the_same_after_saving(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path / "topics.joblib")
    again = TopicModel.load(tmp_path / "topics.joblib", Encoder())
    assert again.topics == model.topics
    assert np.allclose(again.probabilities(TEXTS), model.probabilities(TEXTS))
    assert again.spaced("canidrinkwiththis") == "can i drink with this"


@pytest.mark.parametrize(
    "content", [None, b"", b"no model", b"\x80\x04N."], ids=["missing", "empty", "text", "pickle of None"]
)
def test_a_missing_or_damaged_file_is_said_clearly(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "topics.joblib"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"topics\.joblib cannot be read.*make train"):
        TopicModel.load(file, Encoder())
