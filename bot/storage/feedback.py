"""Storing whether an answer helped."""

from __future__ import annotations

import time

from sqlalchemy.engine import Engine

from bot.storage.engine import unit_of_work
from bot.storage.models import ErasedRow, FeedbackRow


def add_feedback(engine: Engine, conversation_id: str, topic: str, *, helped: bool) -> None:
    """Keep that an answer helped or did not, without any words of the person; nothing for an erased one.

    Raises:
        StoreError: if the database fails.
    """
    with unit_of_work(engine) as session:
        if session.get(ErasedRow, conversation_id):
            return
        session.add(FeedbackRow(conversation_id=conversation_id, topic=topic, helped=helped, created_at=time.time()))
