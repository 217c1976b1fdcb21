"""Bring a database to the current tables, or back down."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError

_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to a revision.

    Raises:
        StoreError: if the database cannot be reached or is damaged.
    """
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back down to a revision; "base" removes every table.

    Raises:
        StoreError: if the database cannot be reached or is damaged.
    """
    _run(engine, lambda config: command.downgrade(config, revision))


def current_revision(engine: Engine) -> str | None:
    """Return the revision a database is at, or None before the first migration.

    Raises:
        StoreError: if the database cannot be reached or is damaged.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise _failed(engine, error) from error


def head_revision() -> str:
    """Return the newest revision there is."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _run(engine: Engine, work: object) -> None:
    try:
        with engine.begin() as connection:
            work(_config(connection))  # type: ignore[operator]
    except SQLAlchemyError as error:
        raise _failed(engine, error) from error


def _failed(engine: Engine, error: SQLAlchemyError) -> StoreError:
    return StoreError(
        f"The database at {engine.url.render_as_string(hide_password=True)} failed ({type(error).__name__}).",
        "Check that it is reachable, not locked and not damaged. A damaged SQLite file can be moved away: "
        "`make content` makes a new one.",
    )
