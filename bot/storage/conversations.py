"""A conversation's events and turns: append, read the latest, erase everything."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import StoreError
from bot.storage.engine import unit_of_work
from bot.storage.models import ErasedRow, EventRow, FeedbackRow, TurnRow

_RESETTING_EVENTS = ("restart", "reset_slots", "session_started")
_LISTEN = "action_listen"


@dataclass(frozen=True)
class StoredTurn:
    """A message with its replies; `done` is false while it is being answered."""

    message_id: str
    text: str
    replies: list[dict[str, Any]]
    done: bool
    created_at: float


def append_events(engine: Engine, conversation_id: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Append events, unless the conversation was erased meanwhile.

    Raises:
        StoreError: if the database fails.
    """
    with unit_of_work(engine) as session:
        if session.get(ErasedRow, conversation_id):
            return
        session.add_all(
            EventRow(
                conversation_id=conversation_id,
                type_name=event["event"],
                slot_name=event.get("name") if event["event"] == "slot" else None,
                action_name=event.get("name") if event["event"] == "action" else None,
                timestamp=event.get("timestamp") or time.time(),
                data=json.dumps(event),
            )
            for event in events
        )


def latest_events(engine: Engine, conversation_id: str, window: int) -> list[dict[str, Any]]:
    """Return about the last `window` events, cut where the assistant was listening, after the slots set before them.

    The cost does not grow with the conversation.

    Raises:
        StoreError: if the database fails.
    """
    mine = EventRow.conversation_id == conversation_id
    with unit_of_work(engine) as session:
        query = sa.select(EventRow).where(mine).order_by(EventRow.id.desc()).limit(window)
        rows = list(session.execute(query).scalars())[::-1]
        if len(rows) < window:
            return [json.loads(row.data) for row in rows]
        rows = _cut_at_listen(rows)
        slots = _slots_before(session, conversation_id, rows[0].id)
        return [*slots, *(json.loads(row.data) for row in rows)]


def all_events(engine: Engine, conversation_id: str) -> list[dict[str, Any]]:
    """Return every event of a conversation.

    Raises:
        StoreError: if the database fails.
    """
    query = sa.select(EventRow.data).where(EventRow.conversation_id == conversation_id).order_by(EventRow.id)
    with unit_of_work(engine) as session:
        return [json.loads(data) for data in session.execute(query).scalars()]


def conversation_ids(engine: Engine) -> list[str]:
    """Return the ids of the conversations that have events.

    Raises:
        StoreError: if the database fails.
    """
    with unit_of_work(engine) as session:
        return list(session.execute(sa.select(EventRow.conversation_id).distinct()).scalars())


def begin_turn(engine: Engine, conversation_id: str, message_id: str, text: str) -> StoredTurn | None:
    """Claim a message id for answering; return the turn that has it already, if any.

    Raises:
        StoreError: if the database fails.
    """
    found = find_turn(engine, conversation_id, message_id)
    if found:
        return found
    try:
        with unit_of_work(engine) as session:
            if session.get(ErasedRow, conversation_id):
                return None
            session.add(
                TurnRow(
                    conversation_id=conversation_id,
                    message_id=message_id,
                    text=text,
                    replies=[],
                    done=False,
                    created_at=time.time(),
                )
            )
    except StoreError as error:
        if error.kind == IntegrityError.__name__:
            return find_turn(engine, conversation_id, message_id)
        raise
    return None


def find_turn(engine: Engine, conversation_id: str, message_id: str) -> StoredTurn | None:
    """Return the turn of a message id, if there is one.

    Raises:
        StoreError: if the database fails.
    """
    query = sa.select(TurnRow).where(TurnRow.conversation_id == conversation_id, TurnRow.message_id == message_id)
    with unit_of_work(engine) as session:
        row = session.execute(query).scalar_one_or_none()
        return _turn(row) if row else None


def finish_turn(
    engine: Engine, conversation_id: str, message_id: str, replies: list[dict[str, Any]], *, done: bool
) -> None:
    """Keep the replies of a turn; nothing happens if the conversation was erased meanwhile.

    Raises:
        StoreError: if the database fails.
    """
    mine = sa.and_(TurnRow.conversation_id == conversation_id, TurnRow.message_id == message_id)
    with unit_of_work(engine) as session:
        session.execute(sa.update(TurnRow).where(mine).values(replies=replies, done=done))


def recent_turns(engine: Engine, conversation_id: str, limit: int) -> list[StoredTurn]:
    """Return the last turns of a conversation, oldest first.

    Raises:
        StoreError: if the database fails.
    """
    query = (
        sa.select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.id.desc()).limit(limit)
    )
    with unit_of_work(engine) as session:
        return [_turn(row) for row in session.execute(query).scalars()][::-1]


def erase(engine: Engine, conversation_id: str) -> None:
    """Delete everything of a conversation and remember that it is gone.

    Raises:
        StoreError: if the database fails; nothing is deleted then.
    """
    with unit_of_work(engine) as session:
        for table in (EventRow, TurnRow, FeedbackRow):
            session.execute(sa.delete(table).where(table.conversation_id == conversation_id))
        session.merge(ErasedRow(conversation_id=conversation_id, erased_at=time.time()))


def is_erased(engine: Engine, conversation_id: str) -> bool:
    """Return whether a conversation was deleted by its owner.

    Raises:
        StoreError: if the database fails.
    """
    with unit_of_work(engine) as session:
        return session.get(ErasedRow, conversation_id) is not None


def times_erased(engine: Engine, name: str) -> int:
    """Return how many conversations named `name.<number>` were deleted by their owner.

    Raises:
        StoreError: if the database fails.
    """
    mine = ErasedRow.conversation_id.startswith(f"{name}.", autoescape=True)
    with unit_of_work(engine) as session:
        return int(session.execute(sa.select(sa.func.count()).where(mine)).scalar_one())


def _cut_at_listen(rows: list[EventRow]) -> list[EventRow]:
    for index, row in enumerate(rows):
        if row.action_name == _LISTEN:
            return rows[index:]
    return rows


def _slots_before(session: Session, conversation_id: str, first_id: int) -> list[dict[str, Any]]:
    mine = sa.and_(EventRow.conversation_id == conversation_id, EventRow.id < first_id)
    reset = sa.select(sa.func.max(EventRow.id)).where(mine, EventRow.type_name.in_(_RESETTING_EVENTS)).scalar_subquery()
    newest = (
        sa.select(sa.func.max(EventRow.id))
        .where(mine, EventRow.slot_name.is_not(None), EventRow.id > sa.func.coalesce(reset, 0))
        .group_by(EventRow.slot_name)
    )
    query = sa.select(EventRow.data).where(EventRow.id.in_(newest)).order_by(EventRow.id)
    return [json.loads(data) for data in session.execute(query).scalars()]


def _turn(row: TurnRow) -> StoredTurn:
    return StoredTurn(row.message_id, row.text, list(row.replies), row.done, row.created_at)
