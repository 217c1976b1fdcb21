"""The webhook: updates with the secret are taken, all others refused; the server serves whether Telegram is there or not."""

from __future__ import annotations

import asyncio
import logging
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.telegram import service
from bot.channels.telegram.channel import TelegramInput
from bot.channels.telegram.service import WEBHOOK, webhook_secret
from bot.storage.engine import create_engine
from bot.storage.migrate import upgrade
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.conftest import Engine, Person, telegram_settings

pytestmark = pytest.mark.asyncio

PUBLIC = "https://assistant.example"
SECRET = webhook_secret(b"k" * 32)
HEADER = "X-Telegram-Bot-Api-Secret-Token"

Start = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def start(api: BotApi, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Return a function that starts a server with the channel and returns a client of it."""
    running: list[tuple[Any, httpx.AsyncClient]] = []
    # Sanic 21.12 rewrites methods of its own at a start, and can do so only once; this takes the change back afterwards.
    for target, name in TouchUp._registry:
        monkeypatch.setattr(target, name, getattr(target, name))

    async def begin(*, wait: bool = True, **more: Any) -> httpx.AsyncClient:
        configuration = telegram_settings(tmp_path, api, **{"telegram_webhook_url": PUBLIC, **more})
        made = create_engine(configuration.database_url)
        upgrade(made)
        made.dispose()
        app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        channel = TelegramInput(configuration)
        app.blueprint(channel.blueprint(engine.handle), url_prefix=f"/webhooks/{channel.name()}")
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await server.after_start()
        client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False, timeout=20
        )
        running.append((server, client))
        if wait:
            await api.until(lambda: bool(api.webhook))
            await asyncio.sleep(0.05)
        return client

    yield begin
    for server, client in running:
        await client.aclose()
        await server.before_stop()
        await asyncio.wait_for(server.close(), 5)


def update_of(person: Person, text: str, number: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": person.message(text=text)}


async def post(client: httpx.AsyncClient, body: object, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {HEADER: secret}
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    return (await client.post(WEBHOOK, headers=headers, **content)).status_code


def known(api: BotApi, person: Person) -> Person:
    api.known[person.person_id] = set()
    return person


async def test_telegram_is_told_address_secret_and_kinds(api: BotApi, start: Start) -> None:
    await start()
    assert api.webhook["url"] == f"{PUBLIC}/webhooks/telegram/webhook"
    assert api.webhook["secret_token"] == SECRET
    assert api.webhook["allowed_updates"] == ["message", "edited_message", "callback_query"]
    assert not any(method == "getUpdates" for method, _ in api.calls)


async def test_an_update_with_the_secret_is_answered_once(
    api: BotApi, person: Person, engine: Engine, start: Start
) -> None:
    client = await start()
    update = update_of(known(api, person), "hello")
    assert [await post(client, update), await post(client, update)] == [200, 200]
    assert await post(client, update_of(person, "next", 2)) == 200
    await api.shows(2)
    assert engine.texts == ["hello", "next"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET.upper(), f"{SECRET} x", "\u00fc".encode()])
async def test_without_the_secret_nothing_is_taken_and_nothing_logged(
    api: BotApi, person: Person, engine: Engine, start: Start, secret: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = await start()
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert await post(client, update_of(known(api, person), "hello"), secret) == 403
    assert await post(client, update_of(person, "next", 2)) == 200
    await api.shows(1)
    assert engine.texts == ["next"]
    assert not [record for record in caplog.records if record.name.startswith("bot")]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"update_id": "x"}', b'{"message": {}}'])
async def test_what_is_no_update_is_refused(api: BotApi, start: Start, body: bytes) -> None:
    assert await post(await start(), body) == 400


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "message": {}},
        {"update_id": 1, "message": {"message_id": 1, "date": "x", "chat": 5}},
        {"update_id": 1, "callback_query": {"id": 1}},
        {"update_id": 1, "mind_reading": {"depth": 3}},
    ],
)
async def test_an_update_that_cannot_be_read_is_taken_once_and_harms_nobody(
    api: BotApi, person: Person, engine: Engine, start: Start, update: dict[str, Any]
) -> None:
    client = await start()
    assert await post(client, update) == 200
    assert await post(client, update_of(known(api, person), "hello", 2)) == 200
    await api.shows(1)
    assert engine.texts == ["hello"]


@pytest.mark.parametrize("full", [True, False])
async def test_telegram_is_asked_to_come_again_while_it_is_not_reached_or_too_much_waits(
    api: BotApi, person: Person, start: Start, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    client = await start(wait=False, telegram_api_url=api.url if full else "http://127.0.0.1:1")
    if full:
        await api.until(lambda: bool(api.webhook))
        monkeypatch.setattr(service, "_MOST_WAITING", 0)
    assert await post(client, update_of(person, "hello")) == 503


async def test_a_help_text_has_buttons_that_lead_to_the_phone(
    api: BotApi, person: Person, engine: Engine, start: Start
) -> None:
    async def fails(_message: UserMessage) -> None:
        raise RuntimeError

    engine.act = fails
    client = await start(site_country="UK")
    await post(client, update_of(known(api, person), "i want to kill myself"))
    (shown,) = await api.shows(1)
    calls = [button for row in shown.rows for button in row if "url" in button]
    assert [call["text"].split("Call ")[1] for call in calls[:2]] == ["999", "116 123"]
    for call, dialled in zip(calls, ("999", "116123"), strict=False):
        page = await client.get(call["url"].removeprefix(PUBLIC))
        assert page.status_code == 200
        assert f'href="tel:{dialled}"' in page.text
        assert "unsafe-inline" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("number", ["12345", "0900123456", "116123%22%3E", "..%2F..", "999;ext=1"])
async def test_the_page_calls_numbers_of_the_help_lines_only(start: Start, number: str) -> None:
    client = await start()
    assert (await client.get(f"/webhooks/telegram/call/{number}")).status_code == 404


async def test_without_a_token_there_is_no_route_and_no_connection(api: BotApi, engine: Engine, tmp_path: Path) -> None:
    routes = TelegramInput(telegram_settings(tmp_path, api, telegram_bot_token="")).blueprint(engine.handle)
    assert not routes._future_routes
    assert not routes._future_listeners


async def test_the_secret_is_that_of_the_key(start: Start) -> None:
    assert webhook_secret(b"one") != webhook_secret(b"two")
    assert webhook_secret(b"one") == webhook_secret(b"one")
    assert len(SECRET) == 64
