"""One engine per database URL, tuned so that neither SQLite nor PostgreSQL makes a person wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

from bot.errors import SettingsError, StoreError

BUSY_TIMEOUT_S = 2.0
"""How long a query waits for a lock before the person is told that something is wrong."""


def create_engine(url: str) -> Engine:
    """Return a new engine for a database URL. SQL parameters never reach an error text or a log.

    Raises:
        SettingsError: if the URL cannot be understood.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgres":
            parsed = parsed.set(drivername="postgresql")
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError):
        raise SettingsError(
            "DATABASE_URL is not a database address that can be used.",
            "Write it like sqlite:///file or postgresql://user:password@host/name.",
        ) from None  # the cause may quote the password
    if parsed.get_backend_name() != "sqlite":
        seconds = int(BUSY_TIMEOUT_S)
        options = f"-c statement_timeout={seconds * 1000} -c lock_timeout={seconds * 1000}"
        connect: dict[str, Any] = {"connect_timeout": seconds, "options": options}
        return sa.create_engine(parsed, future=True, hide_parameters=True, pool_pre_ping=True, connect_args=connect)
    in_memory = parsed.database in {None, "", ":memory:"}
    if not in_memory:
        folder = Path(str(parsed.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"DATABASE_URL names a file in {folder}, which cannot be made ({error.strerror}).",
                "Choose another place.",
            ) from error
    engine = sa.create_engine(
        parsed,
        future=True,
        hide_parameters=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )
    event.listen(engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


@lru_cache(maxsize=4)
def engine_for(url: str) -> Engine:
    """Return the engine of this process for a URL, made at the first call."""
    return create_engine(url)


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """Open a session, commit at the end, roll back on an error.

    Raises:
        StoreError: if the database cannot be reached, is locked, damaged or not set up.
    """
    try:
        with Session(engine, future=True) as session, session.begin():
            yield session
    except SQLAlchemyError as error:
        kind = type(error.orig).__name__ if getattr(error, "orig", None) else type(error).__name__
        raise StoreError(
            f"The database at {engine.url.render_as_string(hide_password=True)} failed ({type(error).__name__}: {kind}).",
            "Check that it is reachable and not locked, then run `make content` to set up tables and answers.",
            kind=type(error).__name__,
        ) from None  # the library's error may quote what people typed
