"""The assistant as people meet it, in this process: a message in, how it was understood and the reply out."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

from bot.channels.conversation import Collector, run_turn
from bot.channels.requests import read_message
from bot.content.load import load_answers
from bot.engine.server import endpoints_for, latest_model
from bot.logs import configure_logging
from bot.settings import settings
from bot.storage.answers import load_into
from bot.storage.engine import engine_for
from bot.storage.migrate import upgrade


class Assistant:
    """The assistant as people meet it, in this process, with a database of its own.

    Args:
        model: the trained model.

    Raises:
        ModelError: if there is no trained model.
    """

    def __init__(self, model: str | None = None) -> None:
        engine = engine_for(settings().database_url)
        upgrade(engine)
        load_into(engine, load_answers())
        self._loop = asyncio.new_event_loop()
        self._agent = self._loop.run_until_complete(
            load_agent(model_path=model or latest_model(), endpoints=endpoints_for(settings()))
        )

    def ask(self, conversation: str, text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Return how a message was understood, and the bubbles of the reply."""
        return self._loop.run_until_complete(self._ask(conversation, text))

    async def _ask(self, conversation: str, text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        collector = Collector("web")
        said = read_message({"text": text}).text
        message = UserMessage(said, collector, conversation, input_channel="web")
        bubbles = await run_turn(self._agent.handle_message, message, collector, None)
        tracker = await self._agent.processor.get_tracker(conversation)
        return dict(tracker.latest_message.parse_data), bubbles


@contextmanager
def assistant_of_its_own(model: str | None = None) -> Iterator[Assistant]:
    """Give an assistant whose database is thrown away afterwards, and which logs errors only.

    Args:
        model: the trained model; the newest in models/ if left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/evaluation.db"
        os.environ["LOG_LEVEL"] = "ERROR"
        configure_logging()
        yield Assistant(model)
