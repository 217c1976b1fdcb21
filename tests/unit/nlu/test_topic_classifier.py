"""The texts from elsewhere that the Rasa component reads: part of its fingerprint, and missed clearly."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.nlu.topic_classifier import TopicClassifier


def test_another_text_from_elsewhere_trains_anew(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.txt"
    digests = {TopicClassifier.fingerprint_addon({"elsewhere": None})}
    for text in ("the council met", "the council sat"):
        file.write_text(text)
        digests.add(TopicClassifier.fingerprint_addon({"elsewhere": str(file)}))
    assert len(digests) == 3


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"], ids=["missing", "not UTF-8"])
def test_texts_from_elsewhere_that_cannot_be_read_are_said_clearly(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelError, match=r"elsewhere\.txt, cannot be read.*config\.yml"):
        TopicClassifier.fingerprint_addon({"elsewhere": str(file)})
