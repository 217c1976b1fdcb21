"""Fixtures of the engine tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rasa.shared.core.domain import Domain
from sqlalchemy.engine import Engine

from bot.engine.tracker_store import ConversationStore
from bot.settings import ROOT, settings
from bot.storage.engine import engine_for
from tests.databases import empty_engine, empty_url, engine, postgres_url

__all__ = ["empty_engine", "empty_url", "engine", "postgres_url"]


@pytest.fixture(scope="session")
def domain() -> Domain:
    """Return the assistant's domain."""
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def clean_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Make settings be read anew, and forget them afterwards."""
    monkeypatch.delenv("SITE_COUNTRY", raising=False)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()
    engine_for.cache_clear()


@pytest.fixture
def store(engine: Engine, domain: Domain, clean_settings: pytest.MonkeyPatch) -> ConversationStore:
    """Return a tracker store on a database with tables."""
    clean_settings.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return ConversationStore(domain)
