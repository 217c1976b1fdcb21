"""The topic classifier itself: sentence vectors and character n-grams into logistic regression. Imports no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.errors import ModelError
from bot.model import Guess
from bot.nlu.encoder import SentenceEncoder

Probabilities = npt.NDArray[np.float64]


class TopicModel:
    """Puts messages on topics.

    Args:
        encoder: gives the sentence vectors.
        strength: inverse of the regularisation (scikit-learn's C).
        ngram_weight: weight of the n-gram features against the unit-length sentence vector.
    """

    def __init__(self, encoder: SentenceEncoder, *, strength: float = 10.0, ngram_weight: float = 0.7) -> None:
        self._encoder = encoder
        self._ngram_weight = ngram_weight
        self._characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
        self._words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        self._regression = LogisticRegression(C=strength, max_iter=200)

    @property
    def topics(self) -> list[str]:
        """The topics in the order of the columns of `probabilities`."""
        return [str(topic) for topic in self._regression.classes_]

    def fit(self, texts: Sequence[str], topics: Sequence[str]) -> TopicModel:
        """Train on labelled texts and return the model itself."""
        self._characters.fit(texts)
        self._words.fit(texts)
        self._regression.fit(self._features(texts), list(topics))
        return self

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return the probability of each topic.

        Returns:
            Array of shape (number of texts, number of topics); rows sum to 1.
        """
        return np.asarray(self._regression.predict_proba(self._features(texts)))

    def guesses(self, text: str) -> list[Guess]:
        """Return every topic with its probability, most likely first."""
        row = self.probabilities([text])[0]
        return [Guess(self.topics[index], float(row[index])) for index in np.argsort(-row)]

    def save(self, file: Path) -> None:
        """Write the trained parts to a file; the encoder is not part of it."""
        joblib.dump((self._ngram_weight, self._characters, self._words, self._regression), file, compress=3)

    @classmethod
    def load(cls, file: Path, encoder: SentenceEncoder) -> TopicModel:
        """Read a model that `save` wrote.

        Raises:
            ModelError: if the file is missing or damaged.
        """
        model = cls(encoder)
        try:
            model._ngram_weight, model._characters, model._words, model._regression = joblib.load(file)
        except Exception as error:
            raise ModelError(
                f"The topic model {file.name} cannot be read: {type(error).__name__}.", "Train again with `make train`."
            ) from error
        return model

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        weight = self._ngram_weight
        parts = [
            csr_matrix(self._encoder.encode(texts)),
            self._characters.transform(texts) * weight,
            self._words.transform(texts) * weight,
        ]
        return hstack(parts).tocsr()
