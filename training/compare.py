"""Compare ways of finding the topic of a message, on messages that none of them was trained on. Prints one table.

    python -m training.compare --published model_int8.onnx

The messages of data/nlu are dealt into five folds by their own digest; fold 0 is what the fine-tuned encoder was never shown.
Ways that need no fine-tuning are measured on every fold (cross-validation). The fine-tuned encoder has seen the others, so it is
measured on fold 0 alone; the others are shown on fold 0 too. Nothing here reads eval/.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.classifier import OUT_OF_SCOPE, TopicModel
from bot.nlu.encoder import TOKENIZER_FILE, SentenceEncoder, default_encoder
from bot.settings import ROOT
from training.messages import HELD_OUT, held_out, place, read_messages, read_ordinary

FOLDS = 5
NEIGHBOURS = 16

Scores = npt.NDArray[np.float64]
Fit = Callable[[Sequence[str], Sequence[str]], tuple[list[str], Callable[[Sequence[str]], Scores]]]
"""From training texts and topics to the names of the topics and a function that scores texts, one column a topic."""


@dataclass(frozen=True)
class Result:
    """Shares right on one fold, and the time for one message."""

    first: float
    three: float
    out_of_scope: float
    milliseconds: float


def fold_of(text: str) -> int:
    """Return a message's fold; fold 0 holds just what the encoder was never shown."""
    if held_out(text):
        return 0
    return 1 + int((place(text) - HELD_OUT) / (1 - HELD_OUT) * (FOLDS - 1))


def grams(texts: Sequence[str]) -> tuple[Callable[[Sequence[str]], csr_matrix], csr_matrix]:
    """Return a function from texts to word and character n-grams, fitted on texts, and theirs."""
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True, dtype=np.float32)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32)
    both = hstack([characters.fit_transform(texts), words.fit_transform(texts)]).tocsr()
    return lambda new: hstack([characters.transform(new), words.transform(new)]).tocsr(), both


def n_grams(texts: Sequence[str], topics: Sequence[str]) -> tuple[list[str], Callable[[Sequence[str]], Scores]]:
    """N-grams with logistic regression, one against the rest."""
    transform, features = grams(texts)
    model = LogisticRegression(C=20, solver="liblinear").fit(features, topics)
    return list(model.classes_), lambda new: model.predict_proba(transform(new))


def vectors(encoder: SentenceEncoder) -> Fit:
    """Sentence vectors with logistic regression."""

    def fit(texts: Sequence[str], topics: Sequence[str]) -> tuple[list[str], Callable[[Sequence[str]], Scores]]:
        model = LogisticRegression(C=10, max_iter=300, tol=1e-3).fit(encoder.encode(texts), topics)
        return list(model.classes_), lambda new: model.predict_proba(encoder.encode(new))

    return fit


def vectors_and_n_grams(encoder: SentenceEncoder) -> Fit:
    """The mean of the log probabilities of vectors and n-grams."""

    def fit(texts: Sequence[str], topics: Sequence[str]) -> tuple[list[str], Callable[[Sequence[str]], Scores]]:
        names, meaning = vectors(encoder)(texts, topics)
        _, letters = n_grams(texts, topics)
        return names, lambda new: np.log(meaning(new) + 1e-6) + np.log(letters(new) + 1e-6)

    return fit


def nearest(encoder: SentenceEncoder) -> Fit:
    """The topics of the nearest examples, weighted by likeness."""

    def fit(texts: Sequence[str], topics: Sequence[str]) -> tuple[list[str], Callable[[Sequence[str]], Scores]]:
        names = sorted(set(topics))
        known, labels = encoder.encode(texts), np.array([names.index(topic) for topic in topics])

        def score(new: Sequence[str]) -> Scores:
            likeness = encoder.encode(new) @ known.T
            best = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
            scores = np.zeros((len(new), len(names)))
            for row, chosen in enumerate(best):
                np.add.at(scores[row], labels[chosen], np.exp(likeness[row, chosen] * 20))
            return scores

        return names, score

    return fit


def shipped(encoder: SentenceEncoder) -> Fit:
    """What config.yml uses: bot.nlu.classifier.TopicModel."""

    def fit(texts: Sequence[str], topics: Sequence[str]) -> tuple[list[str], Callable[[Sequence[str]], Scores]]:
        ordinary = [text for text in read_ordinary() if not held_out(text)]
        model = TopicModel(encoder).fit(texts, topics, ordinary)
        return model.topics, model.probabilities

    return fit


def measure(fit: Fit, texts: Sequence[str], topics: Sequence[str], fold: int) -> Result:
    """Train on the other folds and measure on one."""
    inside = [number for number, text in enumerate(texts) if fold_of(text) == fold]
    outside = sorted(set(range(len(texts))) - set(inside))
    names, score = fit([texts[n] for n in outside], [topics[n] for n in outside])
    scores = score([texts[n] for n in inside])
    order = np.argsort(-scores, axis=1)[:, :3]
    wanted = [topics[n] for n in inside]
    first = [names[row[0]] == topic for row, topic in zip(order, wanted, strict=True)]
    three = [topic in {names[place] for place in row} for row, topic in zip(order, wanted, strict=True)]
    outs = [right for right, topic in zip(first, wanted, strict=True) if topic == OUT_OF_SCOPE]
    times = []
    for n in inside[:200]:
        started = time.perf_counter()
        score([texts[n]])
        times.append(time.perf_counter() - started)
    return Result(float(np.mean(first)), float(np.mean(three)), float(np.mean(outs)), float(np.median(times)) * 1000)


def main() -> int:
    """Measure every way and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--published", type=Path, required=True, help="all-MiniLM-L6-v2 as published, as int8 ONNX")
    parser.add_argument(
        "--folds", type=int, default=FOLDS, help="on how many folds to measure what needs no fine-tuning"
    )
    options = parser.parse_args()
    published = SentenceEncoder(options.published, TOKENIZER_FILE, threads=1)
    tuned = default_encoder()
    texts, topics = read_messages(ROOT / "data" / "nlu")
    ways: list[tuple[str, Fit, int]] = [
        ("n-grams, logistic regression", n_grams, options.folds),
        ("MiniLM as published, logistic regression", vectors(published), options.folds),
        ("MiniLM as published and n-grams", vectors_and_n_grams(published), options.folds),
        ("MiniLM as published, nearest examples", nearest(published), options.folds),
        ("MiniLM fine-tuned, logistic regression", vectors(tuned), 1),
        ("MiniLM fine-tuned, nearest examples", nearest(tuned), 1),
        ("MiniLM fine-tuned and n-grams", vectors_and_n_grams(tuned), 1),
        ("shipped: fine-tuned, with a nudge from n-grams", shipped(tuned), 1),
    ]
    print("| way | fold 0: right | among three | out of scope recall | all folds: right | ms a message |")
    print("|---|---|---|---|---|---|")
    for name, fit, folds in ways:
        results = [measure(fit, texts, topics, fold) for fold in range(folds)]
        first = results[0]
        mean = (
            f"{np.mean([r.first for r in results]):.1%} (sd {np.std([r.first for r in results]):.1%})"
            if folds > 1
            else ""
        )
        print(
            f"| {name} | {first.first:.1%} | {first.three:.1%} | {first.out_of_scope:.1%} | {mean} | {first.milliseconds:.1f} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
