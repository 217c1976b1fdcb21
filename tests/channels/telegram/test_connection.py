"""The connection: it starts and serves whatever Telegram does, waits where it is told to, and a stop loses nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.core.channels.channel import UserMessage

from bot.channels.telegram import outbox, service
from bot.channels.telegram.service import TelegramService
from bot.content.telegram import COMMANDS
from bot.logs import configure_logging
from tests.channels.telegram.bot_api import TOKEN, BotApi, RefusedError
from tests.channels.telegram.conftest import Engine, Person, Serve, answer

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PAUSES_S", (0.1,))
    monkeypatch.setattr(outbox, "PAUSES_S", (0.05,) * 6)


def drop() -> web.Response:
    """Close the connection without an answer."""
    raise web.HTTPInternalServerError


def server_error() -> web.Response:
    return web.Response(status=502, text="<html>Bad Gateway</html>")


def flood() -> web.Response:
    raise RefusedError(429, "Too Many Requests: retry after 1", retry_after=1)


def not_json() -> web.Response:
    return web.Response(text="ok")


def of_a_proxy() -> web.Response:
    return web.json_response({"status": "please log in"})


def unauthorized() -> web.Response:
    return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)


async def slow() -> web.Response:
    await asyncio.sleep(0.4)
    return web.Response(status=504, text="{}")


FAULTS: dict[str, Callable[[], Any]] = {
    "an error of the server": drop,
    "a bad gateway": server_error,
    "a flood": flood,
    "no JSON": not_json,
    "a timeout": slow,
    "an answer of a proxy": of_a_proxy,
    "a token refused for a moment": unauthorized,
}


async def test_the_commands_are_registered_with_descriptions(api: BotApi, bot: TelegramService) -> None:
    assert [command["command"] for command in api.commands] == list(COMMANDS)


async def test_the_wanted_kinds_of_updates_are_asked_for(api: BotApi, bot: TelegramService) -> None:
    asked = next(parameters for method, parameters in api.calls if method == "getUpdates")
    assert asked["allowed_updates"] == ["message", "edited_message", "callback_query"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "deleteWebhook"])
async def test_a_start_goes_on_until_telegram_is_reached(
    api: BotApi, person: Person, serve: Serve, method: str, fault: str
) -> None:
    api.fail(method, 2, FAULTS[fault])
    await serve()
    await person.say("hello")
    assert (await api.shows(1))[0].text.startswith("You said hello")


async def test_a_token_that_is_refused_is_said_and_does_no_harm(
    api: BotApi, serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = TOKEN.replace("test", "nope")
    await serve(wait=False, telegram_bot_token=wrong)
    await api.until(lambda: "refused TELEGRAM_BOT_TOKEN" in caplog.text)
    assert {method for method, _ in api.calls} == {"getMe"}
    assert wrong not in caplog.text


async def test_without_telegram_the_service_waits_and_stops(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        await serve(wait=False, telegram_api_url="http://127.0.0.1:1")
        await asyncio.sleep(0.5)
    assert "Telegram cannot be reached (NetworkError); next try in" in caplog.text


@pytest.mark.parametrize("fault", FAULTS)
async def test_polling_goes_on_after_a_failure(api: BotApi, person: Person, bot: TelegramService, fault: str) -> None:
    api.fail("getUpdates", 2, FAULTS[fault])
    await person.say("hello")
    await person.say("again")
    await api.shows(2)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_message_is_sent_again_after_a_failure_and_only_once(
    api: BotApi, person: Person, bot: TelegramService, fault: str
) -> None:
    api.fail("sendMessage", 2, FAULTS[fault])
    started = time.monotonic()
    await person.say("hello")
    await person.say("again")
    shown = await api.shows(2)
    assert [message.text.split("\n")[0] for message in shown] == ["You said hello", "You said again"]
    assert fault != "a flood" or time.monotonic() - started > 2.0


@pytest.mark.parametrize("method", ["sendChatAction", "answerCallbackQuery", "editMessageReplyMarkup"])
async def test_what_fails_beside_the_answer_does_not_keep_it(
    api: BotApi, person: Person, bot: TelegramService, method: str
) -> None:
    def refuse() -> None:
        raise RefusedError(403, "Forbidden: no rights")

    api.fail(method, 100, refuse)
    await person.say("hello")
    (shown,) = await api.shows(1)
    await person.press(shown, shown.titles[-1])
    await person.press(shown, "Sun")
    await api.shows(2)


async def test_a_failure_that_lasts_is_given_up_and_logged_without_words(
    api: BotApi, person: Person, bot: TelegramService, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("sendMessage", 7, server_error)
    await person.say("hello")
    await api.until(lambda: "A message could not be sent to Telegram" in caplog.text)
    await person.say("again")
    await api.shows(1)
    assert "You said" not in caplog.text


async def test_who_has_blocked_the_bot_is_no_error_and_keeps_nobody(
    api: BotApi, person: Person, bot: TelegramService, caplog: pytest.LogCaptureFixture
) -> None:
    api.blocked.add(person.person_id)
    await person.say("hello")
    await Person(api, 7002).say("hello")
    await api.shows(1)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_markup_that_telegram_refuses_is_sent_as_plain_text(
    api: BotApi, person: Person, bot: TelegramService
) -> None:
    def refuse() -> None:
        raise RefusedError(400, "Bad Request: can't parse entities", because="test")

    api.fail("sendMessage", 1, refuse)
    await person.say("1 < 2")
    (shown,) = await api.shows(1)
    assert shown.text == "You said 1 < 2\n\nSources: NHS (reviewed 22 November 2026)"


async def test_a_long_answer_comes_in_parts_with_buttons_under_the_last(
    api: BotApi, person: Person, engine: Engine, bot: TelegramService
) -> None:
    text = " ".join(f"Sentence number {number} & more." for number in range(400))

    async def long(message: UserMessage) -> None:
        await answer(message, text=text)

    engine.act = long
    await person.say("hello")
    shown = await api.shows(3)
    assert " ".join(message.text for message in shown).startswith(text)
    assert all(message.text.split("\n")[0].endswith("more.") for message in shown)
    assert [bool(message.rows) for message in shown] == [False, False, True]


async def test_a_stop_answers_what_was_taken_and_a_start_what_came_meanwhile(
    api: BotApi, person: Person, engine: Engine, serve: Serve
) -> None:
    async def slowly(message: UserMessage) -> None:
        await asyncio.sleep(0.3)
        await answer(message)

    engine.act = slowly
    first = await serve()
    await person.say("one")
    await api.until(lambda: bool(engine.seen))
    await person.say("two")
    await api.until(lambda: not api.waiting or len(engine.seen) > 1 or first._queue.empty())
    await first.stop()
    first.stop = _nothing  # type: ignore[method-assign]
    taken = len(api.shown)
    assert taken >= 1
    await person.say("three")
    await serve(wait=False)
    await api.shows(3)
    assert engine.texts == ["one", "two", "three"]


async def _nothing() -> None:
    return None


async def test_a_stop_that_cannot_wait_answers_at_once_what_still_waits(
    api: BotApi, person: Person, engine: Engine, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_message: UserMessage) -> None:
        await asyncio.sleep(30)

    engine.act = hangs
    running = await serve(site_country="UK", turn_timeout_s=2.0)
    await person.say("hello")
    await api.until(lambda: bool(engine.seen))
    for number in range(3):
        await person.say(f"question {number}")
    await api.until(lambda: len(running._answers) == 4)
    monkeypatch.setattr(service, "_STOP_S", 8.0)
    running._answering.hurry()
    await running.stop()
    running.stop = _nothing  # type: ignore[method-assign]
    assert len(api.shown) == 4
    assert engine.texts == ["hello"]


async def test_a_message_refused_with_its_buttons_comes_without(
    api: BotApi, person: Person, bot: TelegramService
) -> None:
    def refuse() -> None:
        raise RefusedError(400, "Bad Request: BUTTON_URL_INVALID", because="test")

    api.fail("sendMessage", 2, refuse)
    await person.say("hello")
    (shown,) = await api.shows(1)
    assert shown.rows == []
    assert "You said hello" in shown.text


async def test_a_flood_in_one_chat_keeps_nobody_else(api: BotApi, person: Person, bot: TelegramService) -> None:
    def flooded() -> None:
        raise RefusedError(429, "Too Many Requests: retry after 5", retry_after=5)

    api.fail("sendMessage", 1, flooded)
    await person.say("hello")
    await api.until(lambda: any(method == "sendMessage" for method, _ in api.calls))
    started = time.monotonic()
    await Person(api, 7002).say("hello")
    (shown,) = await api.shows(1)
    assert shown.chat_id == 7002
    assert time.monotonic() - started < 4


async def test_two_pollers_are_named_in_the_log(
    api: BotApi, bot: TelegramService, caplog: pytest.LogCaptureFixture
) -> None:
    def conflict() -> None:
        raise RefusedError(409, "Conflict: terminated by other getUpdates request")

    api.fail("getUpdates", 1, conflict)
    await Person(api).say("hello")
    await api.shows(1)
    assert "Another process asks Telegram for messages" in caplog.text


async def test_neither_token_nor_words_reach_the_log(
    api: BotApi, person: Person, serve: Serve, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    request.addfinalizer(lambda: (setattr(root, "handlers", handlers), root.setLevel(level)))
    configure_logging()
    api.fail("getMe", 1, server_error)
    api.fail("sendMessage", 1, server_error)
    await serve()
    await person.say("my secret words")
    await api.shows(1)
    logged = capsys.readouterr().err
    assert "Ready on Telegram as @iso_faq_bot" in logged
    assert TOKEN.split(":")[1] not in logged
    assert "secret words" not in logged


async def test_an_unreachable_telegram_does_not_keep_the_server_from_starting(
    api: BotApi, tmp_path: Path, serve: Serve
) -> None:
    started = time.monotonic()
    await serve(wait=False, telegram_api_url="http://10.255.255.1")
    assert time.monotonic() - started < 1.0
