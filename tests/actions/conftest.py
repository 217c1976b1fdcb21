"""A small harness: a tracker made of one message, an action run on it, and what it said and set."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import replier
from bot.content.load import load_answers
from bot.settings import settings
from bot.storage.answers import load_into
from bot.storage.engine import create_engine, engine_for
from bot.storage.migrate import upgrade

SENDER = "web:test"


@dataclass
class Said:
    """What an action did."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that were set."""
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def texts(self) -> list[str]:
        """The text of each bubble."""
        return [message["text"] for message in self.messages]

    @property
    def topics(self) -> list[str]:
        """The topic of each bubble."""
        return [message["topic"] for message in self.messages]

    @property
    def tiers(self) -> list[str]:
        """The safety tier of each bubble."""
        return [message.get("tier", "none") for message in self.messages]

    @property
    def payloads(self) -> list[str]:
        """The payloads of all buttons."""
        return [button["payload"] for message in self.messages for button in message["buttons"]]

    @property
    def loop_closed(self) -> bool:
        """True if the form was closed."""
        return {"event": "active_loop", "timestamp": None, "name": None} in self.events


def run(
    action: Action,
    text: str = "hello",
    topic: str = "greet",
    confidence: float = 0.9,
    *,
    safety: dict[str, Any] | None = None,
    ranking: tuple[tuple[str, float], ...] = (),
    questions: tuple[str, ...] = (),
    channel: str = "web",
    page_country: str | None = None,
    **slots: Any,
) -> Said:
    """Run an action on a message understood as given, with slots set as given."""
    message: dict[str, Any] = {
        "text": text,
        "intent": {"name": topic, "confidence": confidence},
        "intent_ranking": [{"name": name, "confidence": value} for name, value in ranking],
        "questions": list(questions),
        "entities": [],
        "metadata": {"country": page_country},
    }
    if safety:
        message["safety"] = safety
    events = [{"event": "user", "text": text, "input_channel": channel}]
    tracker = Tracker(SENDER, slots, message, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    found = asyncio.run(action.run(dispatcher, tracker, {}))
    return Said(dispatcher.messages, list(found))


@pytest.fixture(scope="session")
def content_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a database that holds all answers."""
    url = f"sqlite:///{tmp_path_factory.mktemp('content') / 'content.db'}"
    engine = create_engine(url)
    upgrade(engine)
    load_into(engine, load_answers())
    engine.dispose()
    return url


def forget() -> None:
    """Make settings, engine and replier be made anew."""
    settings.cache_clear()
    engine_for.cache_clear()
    replier.cache_clear()


@pytest.fixture(autouse=True)
def database(content_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the actions use the database with all answers."""
    monkeypatch.setenv("DATABASE_URL", content_url)
    monkeypatch.delenv("SITE_COUNTRY", raising=False)
    forget()
    yield content_url
    forget()


@pytest.fixture
def no_database(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the actions find no database."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    forget()
