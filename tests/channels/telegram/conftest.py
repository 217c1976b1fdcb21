"""The Bot API server, people who write to the bot, and the channel's service with a stand-in for the engine."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage

from bot.channels.telegram import outbox, service
from bot.channels.telegram.service import TelegramService
from bot.settings import Settings
from bot.storage.engine import create_engine, engine_for
from bot.storage.migrate import upgrade
from tests.channels.conftest import settings_for
from tests.channels.telegram.bot_api import ME, TOKEN, BotApi, Shown, running_bot_api

_numbers = itertools.count(1)


@dataclass
class Person:
    """Someone who writes to the bot, in private or in a group."""

    api: BotApi
    person_id: int = 7001
    group_id: int = 0

    @property
    def chat(self) -> dict[str, Any]:
        """The chat as Telegram describes it."""
        if self.group_id:
            return {"id": self.group_id, "type": "supergroup", "title": "Clear skin club"}
        return {"id": self.person_id, "type": "private", "first_name": "Sam"}

    @property
    def user(self) -> dict[str, Any]:
        """The person as Telegram describes them."""
        return {"id": self.person_id, "is_bot": False, "first_name": "Sam", "language_code": "en"}

    def message(self, **content: Any) -> dict[str, Any]:
        """Return a message as Telegram describes it; commands and names in its text are marked."""
        made = {"message_id": next(_numbers), "from": self.user, "chat": self.chat, "date": int(time.time()), **content}
        for words, marks in (("text", "entities"), ("caption", "caption_entities")):
            if words in made and marks not in made and (found := entities(made[words])):
                made[marks] = found
        return made

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Write a message; returns the update."""
        return await self.api.push(message=self.message(text=text, **more))

    async def send(self, **content: Any) -> dict[str, Any]:
        """Send a message that may be no text; returns the update."""
        return await self.api.push(message=self.message(**content))

    async def press(self, shown: Shown, title: str, **more: Any) -> str:
        """Press a button under a message of the bot; returns the id of the query."""
        return await self.press_data(shown, shown.button(title)["callback_data"], **more)

    async def press_data(self, shown: Shown, data: str, **more: Any) -> str:
        """Press a button with some data; returns the id of the query."""
        query_id = str(4_000_000_000_000_000_000 + next(_numbers))
        message = {
            "message_id": shown.message_id,
            "from": ME,
            "chat": self.chat,
            "date": int(time.time()),
            "text": shown.text,
            "reply_markup": {"inline_keyboard": shown.rows},
        }
        query = {"id": query_id, "from": self.user, "message": message, "chat_instance": "1", "data": data, **more}
        await self.api.push(callback_query=query)
        return query_id


def entities(text: str) -> list[dict[str, Any]]:
    """Return the commands and names in a text, marked as Telegram marks them."""
    kinds = (("bot_command", r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?"), ("mention", r"(?<![\w/])@\w{4,}"))
    return [
        {"type": kind, "offset": len(text[: found.start()].encode("utf-16-le")) // 2, "length": len(found[0])}
        for kind, pattern in kinds
        for found in re.finditer(pattern, text)
    ]


class Engine:
    """Stands in for the engine: answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[UserMessage] = []
        self.act: Callable[[UserMessage], Awaitable[Any]] = answer

    async def handle(self, message: UserMessage) -> None:
        """Take a message."""
        self.seen.append(message)
        await self.act(message)

    @property
    def texts(self) -> list[str]:
        """What it was asked, in order."""
        return [message.text for message in self.seen]


SOURCE = {
    "title": "Isotretinoin capsules",
    "publisher": "NHS",
    "url": "https://www.nhs.uk/medicines/isotretinoin-capsules/",
    "checked_on": "2026-11-22",
}


async def answer(message: UserMessage, **more: Any) -> None:
    """Answer as the engine does: with what was said, buttons and a source."""
    response = {
        "text": f"You said {message.text}",
        "buttons": [
            {"title": "Tell me more", "payload": "/more_detail"},
            {"title": "Sun", "payload": "/sun_protection"},
        ],
        "topic": "dry_lips",
        "tier": "none",
        "sources": [SOURCE],
        "reviewed_on": "2026-11-22",
        **more,
    }
    await message.output_channel.send_response(message.sender_id, response)


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    """Return a running Bot API server."""
    async with running_bot_api() as server:
        yield server


@pytest_asyncio.fixture
async def person(api: BotApi) -> Person:
    """Return someone in a private chat."""
    return Person(api)


@pytest_asyncio.fixture
async def engine() -> Engine:
    """Return the stand-in for the engine."""
    return Engine()


def telegram_settings(tmp_path: Path, api: BotApi, **more: Any) -> Settings:
    """Return settings for a bot on the test's server."""
    return settings_for(tmp_path, **{"telegram_bot_token": TOKEN, "telegram_api_url": api.url, **more})


@pytest.fixture(autouse=True)
def _short_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stop not wait long for what hangs on purpose."""
    monkeypatch.setattr(service, "_STOP_S", 1.0)
    monkeypatch.setattr(outbox, "_SLACK_S", 0.0)


Serve = Callable[..., Awaitable[TelegramService]]


@pytest_asyncio.fixture
async def serve(api: BotApi, engine: Engine, tmp_path: Path) -> AsyncIterator[Serve]:
    """Return a function that starts the service with the given settings."""
    running: list[tuple[TelegramService, Settings]] = []

    async def start(*, tables: bool = True, wait: bool = True, **more: Any) -> TelegramService:
        configuration = telegram_settings(tmp_path, api, **more)
        if tables:
            made = create_engine(configuration.database_url)
            upgrade(made)
            made.dispose()
        made_service = TelegramService(configuration, engine.handle)
        running.append((made_service, configuration))
        made_service.start()
        if wait:
            await api.until(lambda: any(method == "getUpdates" for method, _ in api.calls))
        return made_service

    yield start
    for made_service, configuration in running:
        await made_service.stop()
        engine_for(configuration.database_url).dispose()


@pytest_asyncio.fixture
async def bot(serve: Serve) -> TelegramService:
    """Return a running service with the usual settings."""
    return await serve()
