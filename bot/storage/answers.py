"""The answer store: load reviewed answers from `content/` into the database, and read them back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.errors import StoreError
from bot.model import Answer, AnswerText, Source
from bot.storage.engine import unit_of_work
from bot.storage.models import AnswerRow, AnswerSourceRow, AnswerTextRow, SourceRow


class Answers(Protocol):
    """Where answers come from."""

    def get(self, topic: str) -> Answer:
        """Return the answer to a topic.

        Raises:
            StoreError: if there is none or the store fails.
        """

    def titles(self, topics: Iterable[str]) -> dict[str, str]:
        """Return the button labels of those topics that have an answer.

        Raises:
            StoreError: if the store fails.
        """


@dataclass(frozen=True)
class Changes:
    """What a load changed, in numbers of answers."""

    added: int
    updated: int
    removed: int
    unchanged: int


def load_into(engine: Engine, answers: Mapping[str, Answer]) -> Changes:
    """Make the database hold exactly these answers, in one transaction; running it twice changes nothing.

    Raises:
        StoreError: if the database fails; it then holds what it held before.
    """
    sources = {source.id: source for answer in answers.values() for source in answer.sources}
    with unit_of_work(engine) as session:
        stored = {row.topic: row for row in session.execute(sa.select(AnswerRow)).scalars()}
        for source in sources.values():
            session.merge(_source_row(source))
        added = updated = 0
        for topic, answer in answers.items():
            old = stored.pop(topic, None)
            if old is not None and old.fingerprint == fingerprint(answer):
                continue
            if old is not None:
                session.delete(old)
                session.flush()
                updated += 1
            else:
                added += 1
            session.add(_answer_row(answer))
        for row in stored.values():
            session.delete(row)
        session.flush()
        _drop_unused_sources(session)
    return Changes(added, updated, len(stored), len(answers) - added - updated)


def fingerprint(answer: Answer) -> str:
    """Return a digest that changes with any part of the answer."""
    return hashlib.sha256(repr(answer).encode()).hexdigest()


class StoredAnswers:
    """The answers in a database.

    Args:
        engine: the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, topic: str) -> Answer:
        """Return the answer to a topic, as it is in the database now.

        Raises:
            StoreError: if there is none or the database fails.
        """
        with unit_of_work(self._engine) as session:
            row = session.get(AnswerRow, topic)
            if row is None:
                raise StoreError(
                    f"There is no answer to {topic!r} in the database.", "Run `make content` to load them."
                )
            return _answer(row)

    def titles(self, topics: Iterable[str]) -> dict[str, str]:
        """Return the button labels of those topics that have an answer.

        Raises:
            StoreError: if the database fails.
        """
        wanted = list(topics)
        query = sa.select(AnswerRow.topic, AnswerRow.title).where(AnswerRow.topic.in_(wanted))
        with unit_of_work(self._engine) as session:
            found = dict(session.execute(query).all())
        return {topic: found[topic] for topic in wanted if topic in found}


def _drop_unused_sources(session: Session) -> None:
    used = sa.select(AnswerSourceRow.source_id)
    session.execute(sa.delete(SourceRow).where(SourceRow.id.not_in(used)).execution_options(synchronize_session=False))


def _source_row(source: Source) -> SourceRow:
    return SourceRow(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        checked_on=source.checked_on,
    )


def _answer_row(answer: Answer) -> AnswerRow:
    texts = {"": answer.text, **answer.by_country}
    return AnswerRow(
        topic=answer.topic,
        title=answer.title,
        question=answer.question,
        follow_ups=list(answer.follow_ups),
        reviewed_on=answer.reviewed_on,
        fingerprint=fingerprint(answer),
        texts=[AnswerTextRow(country=country, short=text.short, full=text.full) for country, text in texts.items()],
        cites=[AnswerSourceRow(source_id=source.id, position=place) for place, source in enumerate(answer.sources)],
    )


def _answer(row: AnswerRow) -> Answer:
    texts = {text.country: AnswerText(text.short, text.full) for text in row.texts}
    everywhere = texts.pop("")
    return Answer(
        topic=row.topic,
        title=row.title,
        question=row.question,
        text=everywhere,
        by_country=texts,
        follow_ups=tuple(row.follow_ups),
        sources=tuple(_source(cite.source) for cite in row.cites),
        reviewed_on=row.reviewed_on,
    )


def _source(row: SourceRow) -> Source:
    return Source(row.id, row.title, row.publisher, row.url, row.checked_on)
