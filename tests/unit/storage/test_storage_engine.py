"""What a person and an operator get when the database is missing, locked, damaged or empty."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

import bot.storage.engine
from bot.errors import SettingsError, StoreError
from bot.storage import migrate
from bot.storage.answers import StoredAnswers, load_into
from bot.storage.conversations import (
    all_events,
    append_events,
    begin_turn,
    conversation_ids,
    erase,
    find_turn,
    finish_turn,
    is_erased,
    latest_events,
    recent_turns,
)
from bot.storage.engine import create_engine, engine_for, unit_of_work
from bot.storage.feedback import add_feedback
from bot.storage.models import EventRow
from tests.databases import count, empty

SECRET = "SECRETWORDS"
Use = Callable[[Engine], object]

READS: dict[str, Use] = {
    "answer": lambda engine: StoredAnswers(engine).get(SECRET),
    "titles": lambda engine: StoredAnswers(engine).titles([SECRET]),
    "latest_events": lambda engine: latest_events(engine, SECRET, 80),
    "all_events": lambda engine: all_events(engine, SECRET),
    "conversation_ids": conversation_ids,
    "find_turn": lambda engine: find_turn(engine, SECRET, "m1"),
    "recent_turns": lambda engine: recent_turns(engine, SECRET, 5),
    "is_erased": lambda engine: is_erased(engine, SECRET),
}
WRITES: dict[str, Use] = {
    "load_into": lambda engine: load_into(engine, {}),
    "append_events": lambda engine: append_events(engine, SECRET, [{"event": "user", "text": SECRET}]),
    "begin_turn": lambda engine: begin_turn(engine, SECRET, "m1", SECRET),
    "finish_turn": lambda engine: finish_turn(engine, SECRET, "m1", [{"text": SECRET}], done=True),
    "erase": lambda engine: erase(engine, SECRET),
    "add_feedback": lambda engine: add_feedback(engine, SECRET, SECRET, helped=True),
}
USES = {**READS, **WRITES}
MIGRATIONS: dict[str, Use] = {
    "upgrade": migrate.upgrade,
    "downgrade": lambda engine: migrate.downgrade(engine, "base"),
    "current_revision": migrate.current_revision,
}


def check(error: StoreError, engine: Engine) -> None:
    """Check that an error says which database failed and what to do, and holds nothing that a person typed."""
    assert error.code == "store"
    assert str(error).startswith("[store] ")
    assert str(engine.url.database) in error.what
    assert "make content" in error.do
    assert SECRET not in str(error)
    if engine.dialect.name == "sqlite":
        assert SECRET not in str(error.__cause__)


@pytest.fixture(params=["file in a folder's place", "port without a server", "no such database"])
def missing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return engines of databases that are not there."""
    if request.param == "file in a folder's place":
        engine = create_engine(f"sqlite:///{tmp_path}")
    elif request.param == "port without a server":
        engine = create_engine("postgresql://someone:hidden-word@127.0.0.1:1/nowhere")
    else:
        url = sa.engine.make_url(request.getfixturevalue("postgres_url"))
        engine = create_engine(url.set(database="no_such_database").render_as_string(hide_password=False))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("use", [*USES.values(), *MIGRATIONS.values()], ids=[*USES, *MIGRATIONS])
def test_a_missing_database_is_a_clear_error(missing: Engine, use: Use) -> None:
    with pytest.raises(StoreError) as caught:
        use(missing)
    check(caught.value, missing)
    assert "hidden-word" not in str(caught.value)


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_an_empty_database_is_a_clear_error(empty_engine: Engine, use: Use) -> None:
    with pytest.raises(StoreError) as caught:
        use(empty_engine)
    check(caught.value, empty_engine)


@pytest.mark.parametrize("use", [*USES.values(), *MIGRATIONS.values()], ids=[*USES, *MIGRATIONS])
@pytest.mark.parametrize("header", [b"", b"SQLite format 3\x00"], ids=["no database", "damaged pages"])
def test_a_corrupt_file_is_a_clear_error(tmp_path: Path, use: Use, header: bytes) -> None:
    file = tmp_path / "corrupt.db"
    file.write_bytes(header + b"garbage" * 5000)
    engine = create_engine(f"sqlite:///{file}")
    with pytest.raises(StoreError) as caught:
        use(engine)
    check(caught.value, engine)


@pytest.mark.parametrize("use", MIGRATIONS.values(), ids=MIGRATIONS.keys())
def test_a_damaged_file_may_be_moved_away(tmp_path: Path, use: Use) -> None:
    file = tmp_path / "corrupt.db"
    file.write_bytes(b"garbage" * 5000)
    with pytest.raises(StoreError, match="can be moved away"):
        use(create_engine(f"sqlite:///{file}"))
    file.rename(tmp_path / "away.db")
    engine = create_engine(f"sqlite:///{file}")
    migrate.upgrade(engine)
    assert migrate.current_revision(engine) == migrate.head_revision()


def test_a_table_that_lacks_a_column_is_a_clear_error(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE web_turn DROP COLUMN done"))
    with pytest.raises(StoreError) as caught:
        begin_turn(engine, SECRET, "m1", SECRET)
    check(caught.value, engine)


@pytest.mark.parametrize("use", WRITES.values(), ids=WRITES.keys())
def test_a_locked_sqlite_file_is_a_clear_error_soon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, use: Use) -> None:
    monkeypatch.setattr(bot.storage.engine, "BUSY_TIMEOUT_S", 0.1)
    engine = create_engine(f"sqlite:///{tmp_path / 'locked.db'}")
    migrate.upgrade(engine)
    holder = sqlite3.connect(tmp_path / "locked.db")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreError) as caught:
            use(engine)
        check(caught.value, engine)
    finally:
        holder.rollback()
        holder.close()
    use(engine)


@pytest.mark.parametrize("use", READS.values(), ids=READS.keys())
def test_a_writer_does_not_stop_readers(tmp_path: Path, use: Use) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'busy.db'}")
    migrate.upgrade(engine)
    holder = sqlite3.connect(tmp_path / "busy.db")
    holder.execute("BEGIN IMMEDIATE")
    try:
        use(engine)
    except StoreError as error:
        assert "There is no answer" in error.what  # noqa: PT017  (only one of the reads asks for what is not there)
    finally:
        holder.close()


@pytest.mark.parametrize("name", ["append_events", "recent_turns"])
def test_a_locked_postgresql_table_is_a_clear_error_soon(
    monkeypatch: pytest.MonkeyPatch, postgres_url: str, name: str
) -> None:
    monkeypatch.setattr(bot.storage.engine, "BUSY_TIMEOUT_S", 1.0)
    empty(postgres_url)
    engine = create_engine(postgres_url)
    migrate.upgrade(engine)
    holder = sa.create_engine(postgres_url, poolclass=sa.pool.NullPool).connect()
    with holder.begin():
        holder.execute(sa.text("LOCK TABLE conversation_event, web_turn, feedback IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StoreError) as caught:
            USES[name](engine)
        check(caught.value, engine)
    holder.close()
    USES[name](engine)
    engine.dispose()


def test_a_value_that_breaks_a_rule_leaks_nothing_and_leaves_nothing(engine: Engine) -> None:
    row = {"conversation_id": "c", "type_name": "user", "timestamp": 1.0}
    rows = [EventRow(**row, data="fine"), EventRow(**row, data=None, slot_name=SECRET)]
    with pytest.raises(StoreError) as caught, unit_of_work(engine) as session:
        session.add_all(rows)
    assert SECRET not in str(caught.value)
    assert count(engine, "conversation_event") == 0


def test_an_error_of_the_caller_is_passed_on_and_nothing_is_kept(engine: Engine) -> None:
    def fail() -> None:
        with unit_of_work(engine) as session:
            session.add(EventRow(conversation_id="c", type_name="user", timestamp=1.0, data="{}"))
            session.flush()
            raise KeyError("mine")

    with pytest.raises(KeyError):
        fail()
    assert count(engine, "conversation_event") == 0


@pytest.mark.parametrize("url", ["", "not a url", "assistant.db", "http//x"])
def test_an_address_that_is_none_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL is not a database address"):
        create_engine(url)


def test_the_old_name_of_postgresql_is_taken() -> None:
    assert create_engine("postgres://user@host/name").url.drivername == "postgresql"


def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'new' / 'folder' / 'test.db'}")
    migrate.upgrade(engine)
    assert (tmp_path / "new" / "folder" / "test.db").exists()


def test_sqlite_is_tuned(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 2000}


def test_a_database_in_memory_is_one_for_all_connections() -> None:
    engine = create_engine("sqlite://")
    migrate.upgrade(engine)
    add_feedback(engine, "c", "alcohol", helped=True)
    assert count(engine, "feedback") == 1


def test_a_process_has_one_engine_per_address(tmp_path: Path) -> None:
    engine_for.cache_clear()
    one, other = f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'other.db'}"
    assert engine_for(one) is engine_for(one)
    assert engine_for(one) is not engine_for(other)
    engine_for.cache_clear()
