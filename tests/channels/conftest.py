"""A running server with the web channel and a stand-in for the engine; every response is checked against the document."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from sanic.touchup import TouchUp
from sqlalchemy.engine import Engine

from bot.channels.openapi import openapi_document
from bot.channels.web import PREFIX, WebInput
from bot.settings import Settings
from bot.storage.engine import create_engine
from bot.storage.migrate import upgrade

DOCUMENT = openapi_document(PREFIX)
CHECKER = jsonschema.FormatChecker(["date"])
CHECKER.checkers["date-time"] = (lambda text: dt.datetime.fromisoformat(text).tzinfo is not None, ValueError)
Handler = Callable[[UserMessage], Awaitable[Any]]


async def echo(message: UserMessage) -> None:
    """Answer as the engine does: with what was said, and a button."""
    response = {
        "text": f"You said {message.text}",
        "buttons": [{"title": "Dry lips", "payload": "/dry_lips"}],
        "topic": "greet",
        "tier": "none",
        "sources": [{"title": "t", "publisher": "p", "url": None, "checked_on": "2026-11-22"}],
        "reviewed_on": "2026-11-22",
    }
    await message.output_channel.send_response(message.sender_id, response)


async def unscreened(message: UserMessage) -> None:
    """Answer as something else than an action of ours would: the reply does not say that the message was screened."""
    await message.output_channel.send_response(message.sender_id, {"text": f"You said {message.text}"})


class Web:
    """A client of the running server.

    Args:
        channel: the channel under test.
        base_url: where it is served.
    """

    def __init__(self, channel: WebInput, base_url: str) -> None:
        self.channel = channel
        self.handler: Handler = echo
        self.seen: list[UserMessage] = []
        self.client = httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=20)
        self.token = ""

    @property
    def engine(self) -> Engine:
        """The database of the channel."""
        return self.channel._engine

    @property
    def conversation_id(self) -> str:
        """The conversation of the open session."""
        return "web:" + self.token.split(".", 1)[0]

    async def handle(self, message: UserMessage) -> None:
        """Stand in for the engine."""
        self.seen.append(message)
        await self.handler(message)

    async def request(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        """Send a request with the session's token and check the response against the document."""
        headers = {
            "authorization": f"Bearer {self.token if token is None else token}".strip(),
            **more.pop("headers", {}),
        }
        response = await self.client.request(method, PREFIX + path, headers=headers, **more)
        check(method, path, response)
        return response

    async def open(self) -> None:
        """Open a session and use it from now on."""
        self.token = (await self.request("POST", "/session")).json()["token"]

    async def say(self, text: str, message_id: str | None = None, **more: Any) -> httpx.Response:
        """Send typed text."""
        return await self.send({"text": text, **({"message_id": message_id} if message_id else {})}, **more)

    async def send(self, body: object, **more: Any) -> httpx.Response:
        """Send a body as JSON."""
        content = body if isinstance(body, (bytes, str)) else json.dumps(body)
        headers = {"content-type": "application/json", **more.pop("headers", {})}
        return await self.request("POST", "/messages", content=content, headers=headers, **more)

    async def history(self) -> list[dict[str, Any]]:
        """Return the turns so far."""
        response = await self.request("GET", "/messages")
        assert response.status_code == 200
        turns: list[dict[str, Any]] = response.json()["turns"]
        return turns


def check(method: str, path: str, response: httpx.Response) -> None:
    """Check status, content type and body of a response against the OpenAPI document."""
    described = DOCUMENT["paths"][PREFIX + path][method.lower()]["responses"]
    assert str(response.status_code) in described, f"{method} {path}: status {response.status_code} is not described"
    content = described[str(response.status_code)].get("content")
    if content is None:
        assert response.content == b""
        return
    [(kind, media)] = content.items()
    assert response.headers["content-type"].split(";")[0] == kind
    if "schema" in media:
        schema = {**media["schema"], "components": DOCUMENT["components"]}
        jsonschema.Draft202012Validator(schema, format_checker=CHECKER).validate(response.json())


def settings_for(tmp_path: Path, **more: Any) -> Settings:
    """Return settings with a database of their own and a short time limit."""
    url = f"sqlite:///{tmp_path / 'web.db'}"
    made = Settings(database_url=url, secret_key="k" * 32, turn_timeout_s=5.0)
    return replace(made, **more)


@pytest_asyncio.fixture
async def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Awaitable[Web]]]:
    """Return a function that starts a server with the given settings and opens a session."""
    running: list[tuple[Any, Web]] = []
    # Sanic 21.12 rewrites methods of its own at a start, and can do so only once; this takes the change back afterwards.
    for target, name in TouchUp._registry:
        monkeypatch.setattr(target, name, getattr(target, name))

    async def start(*, tables: bool = True, **more: Any) -> Web:
        configuration = settings_for(tmp_path, **more)
        if tables:
            engine = create_engine(configuration.database_url)
            upgrade(engine)
            engine.dispose()
        app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        app.config.REQUEST_MAX_SIZE = 64 * 1024
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        web = Web(WebInput(configuration), f"http://127.0.0.1:{listening.getsockname()[1]}")
        app.blueprint(web.channel.blueprint(web.handle), url_prefix=PREFIX)
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        running.append((server, web))
        await web.open()
        return web

    yield start
    for server, web in running:
        await web.client.aclose()
        for task in web.channel._running.values():
            task.cancel()
        await asyncio.wait_for(server.close(), 5)
        web.engine.dispose()


@pytest_asyncio.fixture
async def web(serve: Callable[..., Awaitable[Web]]) -> Web:
    """Return a server with an open session."""
    return await serve()
