"""The tables, as SQLAlchemy models."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, relationship

Base: Any = declarative_base()

_AutoKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class SourceRow(Base):
    """A source that answers cite."""

    __tablename__ = "source"

    id = sa.Column(sa.String(64), primary_key=True)
    title = sa.Column(sa.Text, nullable=False)
    publisher = sa.Column(sa.Text, nullable=False)
    url = sa.Column(sa.Text)
    checked_on = sa.Column(sa.Date, nullable=False)


class AnswerRow(Base):
    """A reviewed answer to one topic."""

    __tablename__ = "answer"

    topic = sa.Column(sa.String(64), primary_key=True)
    title = sa.Column(sa.String(64), nullable=False)
    question = sa.Column(sa.String(128), nullable=False)
    follow_ups = sa.Column(sa.JSON, nullable=False)
    reviewed_on = sa.Column(sa.Date, nullable=False)
    fingerprint = sa.Column(sa.String(64), nullable=False)
    texts = relationship("AnswerTextRow", cascade="all, delete-orphan", lazy="selectin")
    cites = relationship(
        "AnswerSourceRow", cascade="all, delete-orphan", lazy="selectin", order_by="AnswerSourceRow.position"
    )


class AnswerTextRow(Base):
    """The short and full text of an answer; `country` is "" for the text that holds everywhere."""

    __tablename__ = "answer_text"

    topic = sa.Column(sa.String(64), sa.ForeignKey("answer.topic", ondelete="CASCADE"), primary_key=True)
    country = sa.Column(sa.String(2), primary_key=True, default="")
    short = sa.Column(sa.Text, nullable=False)
    full = sa.Column(sa.Text, nullable=False)


class AnswerSourceRow(Base):
    """That an answer cites a source, and in which place."""

    __tablename__ = "answer_source"

    topic = sa.Column(sa.String(64), sa.ForeignKey("answer.topic", ondelete="CASCADE"), primary_key=True)
    source_id = sa.Column(sa.String(64), sa.ForeignKey("source.id"), primary_key=True)
    position = sa.Column(sa.Integer, nullable=False)
    source = relationship("SourceRow", lazy="joined")


class EventRow(Base):
    """One event of a conversation, appended and never changed."""

    __tablename__ = "conversation_event"
    __table_args__ = (sa.Index("ix_conversation_event_slot", "conversation_id", "slot_name", "id"),)

    id = sa.Column(_AutoKey, primary_key=True, autoincrement=True)
    conversation_id = sa.Column(sa.String(96), nullable=False, index=True)
    type_name = sa.Column(sa.String(64), nullable=False)
    slot_name = sa.Column(sa.String(64))
    action_name = sa.Column(sa.String(64))
    timestamp = sa.Column(sa.Float, nullable=False)
    data = sa.Column(sa.Text, nullable=False)


class TurnRow(Base):
    """One message on the web or Telegram and what was replied, for history and so that a repeat is answered once."""

    __tablename__ = "web_turn"
    __table_args__ = (sa.UniqueConstraint("conversation_id", "message_id", name="uq_web_turn_message"),)

    id = sa.Column(_AutoKey, primary_key=True, autoincrement=True)
    conversation_id = sa.Column(sa.String(96), nullable=False, index=True)
    message_id = sa.Column(sa.String(64), nullable=False)
    text = sa.Column(sa.Text, nullable=False)
    replies = sa.Column(sa.JSON, nullable=False)
    done = sa.Column(sa.Boolean, nullable=False, default=False)
    created_at = sa.Column(sa.Float, nullable=False)


class ErasedRow(Base):
    """A conversation that its owner deleted; its token is refused and late turns are not stored."""

    __tablename__ = "erased_conversation"

    conversation_id = sa.Column(sa.String(96), primary_key=True)
    erased_at = sa.Column(sa.Float, nullable=False)


class FeedbackRow(Base):
    """Whether an answer helped. Holds no words of the person."""

    __tablename__ = "feedback"

    id = sa.Column(_AutoKey, primary_key=True, autoincrement=True)
    conversation_id = sa.Column(sa.String(96), nullable=False, index=True)
    topic = sa.Column(sa.String(64), nullable=False)
    helped = sa.Column(sa.Boolean, nullable=False)
    created_at = sa.Column(sa.Float, nullable=False)
