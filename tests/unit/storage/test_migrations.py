"""The migrations, on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from bot.storage import migrate
from bot.storage.models import Base

SCRIPTS = ScriptDirectory(str(Path(migrate.__file__).with_name("migrations")))


def tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head_and_one_base() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1
    assert migrate.head_revision() == SCRIPTS.get_heads()[0]


def test_upgrade_from_empty_makes_every_table(empty_engine: Engine) -> None:
    assert migrate.current_revision(empty_engine) is None
    migrate.upgrade(empty_engine)
    assert tables(empty_engine) == set(Base.metadata.tables)
    assert migrate.current_revision(empty_engine) == migrate.head_revision()


def test_upgrade_twice_changes_nothing_and_loses_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO erased_conversation VALUES ('web:one', 1.0)"))
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT conversation_id FROM erased_conversation")).scalar() == "web:one"


def test_the_models_match_the_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_downgrade_to_base_leaves_no_table_and_up_again_works(engine: Engine) -> None:
    migrate.downgrade(engine, "base")
    assert tables(engine) == set()
    assert migrate.current_revision(engine) is None
    migrate.upgrade(engine)
    assert tables(engine) == set(Base.metadata.tables)


@pytest.mark.parametrize("revision", [script.revision for script in SCRIPTS.walk_revisions()])
def test_every_revision_can_be_taken_back_and_applied_again(empty_engine: Engine, revision: str) -> None:
    migrate.upgrade(empty_engine, revision)
    before = tables(empty_engine)
    migrate.downgrade(empty_engine, SCRIPTS.get_revision(revision).down_revision or "base")
    migrate.upgrade(empty_engine, revision)
    assert tables(empty_engine) == before


@pytest.mark.parametrize("script", list(SCRIPTS.walk_revisions()), ids=lambda script: script.revision)
def test_every_revision_says_how_to_go_back(script: object) -> None:
    assert callable(script.module.downgrade)
    assert callable(script.module.upgrade)
    assert script.doc
