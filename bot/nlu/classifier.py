"""The topic classifier itself: logistic regression on sentence vectors, nudged by n-grams. Imports no Rasa."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

import joblib
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from bot.errors import ModelError
from bot.nlu.encoder import Vectors
from bot.nlu.spacing import Spacer

Probabilities = npt.NDArray[np.float64]

OUT_OF_SCOPE: Final = "out_of_scope"
ELSEWHERE: Final = "elsewhere"
"""The class of texts that are far from all messages; to those who ask it is part of what is out of scope."""

_SMOOTHING: Final = 0.03
_FLOOR: Final = 1e-6
_TOLERANCE: Final = 1e-3
_SEEN: Final = 3
"""How often a word must stand in the training messages to count as a word when lost spaces are looked for."""
_WORD: Final = re.compile(r"[^\W\d_]+")


class Encoder(Protocol):
    """What gives the sentence vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text."""
        ...


class TopicModel:
    """Puts messages on topics.

    The probability of a topic is proportional to p_vectors(topic) * p_ngrams(topic) ** ngram_weight, sharpened or
    flattened by a temperature. The vectors carry meaning; the n-grams know the rare words that the encoder does not.

    Args:
        encoder: gives the sentence vectors.
        strength: inverse of the regularisation of the logistic regression (scikit-learn's C).
        ngram_weight: how much the n-grams count.
        temperature: over 1 flattens the probabilities.
        odds: what the odds of a topic are multiplied by, by topic: for topics that turn up more often among what people ask
            than among the training messages, or whose miss costs more.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        strength: float = 1.0,
        ngram_weight: float = 0.2,
        temperature: float = 1.0,
        odds: Mapping[str, float] | None = None,
    ) -> None:
        self._encoder = encoder
        self._ngram_weight = ngram_weight
        self._temperature = temperature
        self._odds = dict(odds or {})
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 4), min_df=3, sublinear_tf=True, dtype=np.float32
        )
        self._words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32)
        self._letters: npt.NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)
        self._regression = LogisticRegression(C=strength, max_iter=300, tol=_TOLERANCE)
        self._spacer = Spacer({})

    @property
    def topics(self) -> list[str]:
        """The topics in the order of the columns of `probabilities`."""
        return [topic for topic in self._classes if topic != ELSEWHERE]

    @property
    def _classes(self) -> list[str]:
        return [str(topic) for topic in self._regression.classes_]

    def fit(self, texts: Sequence[str], topics: Sequence[str], elsewhere: Sequence[str] = ()) -> TopicModel:
        """Train and return the model itself.

        Args:
            texts: the messages.
            topics: the topic of each.
            elsewhere: texts that are far from all of them. Apart from the messages that are out of scope, most of which are near,
                they make a class of their own, so that the border to these stays sharp.

        Raises:
            ModelError: if there are texts from elsewhere and no topic that they can count as.
        """
        if elsewhere and OUT_OF_SCOPE not in topics:
            raise ModelError(
                f"There are texts from elsewhere, but no messages on {OUT_OF_SCOPE!r}.", "Add some, or leave them out."
            )
        texts, topics = [*texts, *elsewhere], [*topics, *[ELSEWHERE] * len(elsewhere)]
        self._characters.fit(texts)
        self._words.fit(texts)
        bayes = MultinomialNB(alpha=_SMOOTHING, fit_prior=False).fit(self._ngrams(texts), topics)
        # One row a feature, in one piece of memory: scikit-learn's own predict copies the whole table at every call.
        self._letters = np.ascontiguousarray(bayes.feature_log_prob_.T, dtype=np.float32)
        self._regression.fit(self._encoder.encode(texts), topics)
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        self._spacer = Spacer({word: count for word, count in counts.items() if count >= _SEEN})
        return self

    def spaced(self, text: str) -> str:
        """Return a text with lost spaces found again, by the words of the training messages."""
        return self._spacer.split(text)

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return the probability of each topic.

        Returns:
            Array of shape (number of texts, number of topics); rows sum to 1.
        """
        meaning = np.log(self._regression.predict_proba(self._encoder.encode(texts)) + _FLOOR)
        ngrams = self._ngrams(texts) @ self._letters
        ngrams -= logsumexp(ngrams, axis=1, keepdims=True)
        scores = (meaning + self._ngram_weight * ngrams) / self._temperature
        scores += np.log([self._odds.get(topic, 1.0) for topic in self._classes])
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        return self._with_elsewhere(shares / shares.sum(axis=1, keepdims=True))

    def save(self, file: Path) -> None:
        """Write the trained parts to a file; the encoder is not part of it."""
        parts = (
            self._ngram_weight,
            self._temperature,
            self._odds,
            self._characters,
            self._words,
            self._letters,
            self._regression,
            self._spacer,
        )
        joblib.dump(parts, file, compress=3)

    @classmethod
    def load(cls, file: Path, encoder: Encoder) -> TopicModel:
        """Read a model that `save` wrote.

        Raises:
            ModelError: if the file is missing or damaged.
        """
        model = cls(encoder)
        try:
            parts = joblib.load(file)
            (
                model._ngram_weight,
                model._temperature,
                model._odds,
                model._characters,
                model._words,
                model._letters,
                model._regression,
                model._spacer,
            ) = parts
        except Exception as error:
            raise ModelError(
                f"The topic model {file.name} cannot be read: {type(error).__name__}.", "Train again with `make train`."
            ) from error
        return model

    def _with_elsewhere(self, shares: Probabilities) -> Probabilities:
        """Return the probabilities of the topics: what is elsewhere is out of scope."""
        classes = self._classes
        if ELSEWHERE not in classes:
            return shares
        place = classes.index(ELSEWHERE)
        shares[:, classes.index(OUT_OF_SCOPE)] += shares[:, place]
        return np.delete(shares, place, axis=1)

    def _ngrams(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([self._characters.transform(texts), self._words.transform(texts)]).tocsr()
