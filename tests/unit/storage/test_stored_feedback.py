"""Feedback in the database, on SQLite and PostgreSQL."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.errors import StoreError
from bot.storage.feedback import add_feedback
from bot.storage.models import FeedbackRow


@pytest.mark.parametrize("helped", [True, False])
def test_feedback_is_kept_with_topic_and_time(engine: Engine, helped: bool) -> None:
    before = time.time()
    add_feedback(engine, "web:one", "alcohol", helped=helped)
    with engine.connect() as connection:
        row = connection.execute(sa.select(FeedbackRow.__table__)).one()
    assert (row.conversation_id, row.topic, row.helped) == ("web:one", "alcohol", helped)
    assert before <= row.created_at <= time.time()


def test_feedback_may_be_given_again_and_again(engine: Engine) -> None:
    for helped in (True, False, True):
        add_feedback(engine, "web:one", "alcohol", helped=helped)
    with engine.connect() as connection:
        stored = connection.execute(sa.select(FeedbackRow.helped).order_by(FeedbackRow.id)).scalars().all()
    assert stored == [True, False, True]


def test_the_table_has_no_room_for_words_of_the_person() -> None:
    assert set(FeedbackRow.__table__.columns.keys()) == {"id", "conversation_id", "topic", "helped", "created_at"}


def test_without_tables_it_is_a_store_error(empty_engine: Engine) -> None:
    with pytest.raises(StoreError):
        add_feedback(empty_engine, "web:one", "alcohol", helped=True)
