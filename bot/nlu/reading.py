"""How a message is read: as a whole, in passages if it is long, and question by question. Imports no Rasa."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.nlu.clauses import asks, clauses, passages

Row = npt.NDArray[np.float64]
"""The probability of each topic for one piece of text."""

_FLOOR: Final = 1e-9
_MAX_CLAUSES: Final = 24
_LEAD: Final = 2
"""Statements before a question that are read together with it."""


@dataclass(frozen=True)
class Limits:
    """From which probability a clause counts as a question of its own on a topic.

    Read from training/questions.tsv, 450 messages with one, two or three questions that nothing is trained on: the several
    questions of a message are all found in 78%, and 4% of the messages with one question are answered on something else too.

    Attributes:
        question: for a clause that reads like a question.
        in_context: for a question together with the statements before it.
        statement: for a clause that does not read like a question.
        whole: what the topic needs in the message as a whole.
    """

    question: float = 0.5
    in_context: float = 0.8
    statement: float = 0.9
    whole: float = 0.0005


@dataclass(frozen=True)
class _Clause:
    text: str
    asks: bool
    in_context: str | None


class Reading:
    """One message, read in every way with a single call of the model.

    Args:
        text: the message.
        probabilities: gives the probability of each topic for texts, shape (number of texts, number of topics).
        watched: the passages in which danger is looked for, if the message is long.
    """

    def __init__(self, text: str, probabilities: Callable[[Sequence[str]], Row], watched: Sequence[str] = ()) -> None:
        self._clauses = _read_clauses(text)
        self._passages = passages(text)
        self._watched = list(watched) if len(watched) > 1 else [text]
        pieces = [text, *self._passages, *self._watched, *(clause.text for clause in self._clauses)]
        pieces += [clause.in_context for clause in self._clauses if clause.in_context]
        unique = list(dict.fromkeys(pieces))
        self._rows = dict(zip(unique, probabilities(unique), strict=True))
        self._text = text

    @cached_property
    def topics(self) -> Row:
        """The probability of each topic in the message.

        The encoder reads 256 tokens. Of 190 messages of over 500 letters that it was never shown, read so 92% are put on their
        topic; in passages, as still longer ones are read (with the clauses that ask and their beginning), 83%.
        """
        whole = self._rows[self._text]
        if len(self._passages) == 1:
            return whole
        asking = [passage for passage in self._passages if any(asks(clause) for clause in clauses(passage))]
        questions = [clause.text for clause in self._clauses if clause.asks]
        scores = (
            self._mean(asking or self._passages)
            + self._mean(questions or self._passages)
            + 0.5 * np.log(whole + _FLOOR)
        )
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum())

    def questions(self, allowed: Collection[int], limits: Limits, outside: int | None = None) -> list[int]:
        """Return the topics of the separate questions in the message, in order, each once.

        Args:
            allowed: the columns of the topics that have an answer.
            limits: from which probability a clause counts.
            outside: the column of what is out of scope, which does not count in a clause: "can I drink at the wedding" looks
                so by itself, with the medicine in another clause.
        """
        found: list[int] = []
        whole = self._rows[self._text]
        columns = np.array(sorted(allowed))
        for clause in self._clauses:
            if clause.text == self._text.strip():
                break  # one clause: nothing is asked apart from the message itself
            row, least = self._inside(clause.text, outside), limits.question if clause.asks else limits.statement
            if clause.in_context:
                row, least = np.maximum(row, self._inside(clause.in_context, outside)), limits.in_context
            best = int(columns[row[columns].argmax()])
            if row[best] >= least and whole[best] >= limits.whole and best not in found:
                found.append(best)
        return found

    def danger(self, columns: Sequence[int]) -> dict[str, list[Row]]:
        """Return the probabilities of topics that a safety screen looks at, by where they were found.

        "passages": in each passage that is watched, which is the message itself if it is short; "clauses": in each clause.
        """
        pieces = {"passages": self._watched, "clauses": [clause.text for clause in self._clauses]}
        return {where: [self._rows[piece][list(columns)] for piece in found] for where, found in pieces.items()}

    def _inside(self, piece: str, outside: int | None) -> Row:
        """Return the probabilities of a piece, given that it is not outside."""
        row = self._rows[piece]
        return row if outside is None else np.asarray(row / max(1.0 - row[outside], _FLOOR))

    def _mean(self, pieces: Sequence[str]) -> Row:
        return np.asarray(np.log(np.mean([self._rows[piece] for piece in pieces], axis=0) + _FLOOR))


def _read_clauses(text: str) -> list[_Clause]:
    found: list[_Clause] = []
    lead: list[str] = []
    for part in clauses(text)[:_MAX_CLAUSES]:
        if asks(part):
            found.append(_Clause(part, asks=True, in_context=" ".join([*lead, part]) if lead else None))
            lead = []
        else:
            found.append(_Clause(part, asks=False, in_context=None))
            lead = [*lead, part][-_LEAD:]
    return found
