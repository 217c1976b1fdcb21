"""The trained model with real actions, and the answers in the tests' database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.core.agent import Agent, load_agent

from bot.content.load import load_answers
from bot.engine.server import endpoints_for
from bot.settings import settings
from bot.storage.answers import load_into
from bot.storage.engine import engine_for
from bot.storage.migrate import upgrade


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def agent(model_path: Path, loop: asyncio.AbstractEventLoop) -> Agent:
    engine = engine_for(settings().database_url)
    upgrade(engine)
    load_into(engine, load_answers())
    return loop.run_until_complete(load_agent(model_path=str(model_path), endpoints=endpoints_for(settings())))
