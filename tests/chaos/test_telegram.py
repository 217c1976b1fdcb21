"""Every part broken in turn, on Telegram with the whole assistant: a crisis gets help in time, others an honest sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.content.telegram import telegram_texts
from tests.channels.telegram.bot_api import TOKEN, BotApi, Shown, running_bot_api
from tests.channels.telegram.conftest import Person
from tests.chaos.conftest import BROKEN, GRACE_S, LIMIT_S, Start, broken_options

pytestmark = [pytest.mark.model, pytest.mark.asyncio]

CRISIS = "i want to kill myself"
SPANISH = "ya no quiero vivir"
QUESTION = "can i drink alcohol at a wedding while on this"
HONEST = ("Something went wrong", "taking longer", "cannot", "could not", "not able", "sorry", "Sorry")

Begin = Callable[..., Awaitable[BotApi]]


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    """Return a running Bot API server."""
    async with running_bot_api() as server:
        yield server


@pytest.fixture
def begin(start: Start, api: BotApi) -> Begin:
    """Return a function that starts an assistant with something broken, which answers on Telegram."""

    async def run(**options: str) -> BotApi:
        given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, **options}
        await asyncio.to_thread(start, **given)
        await api.until(lambda: any(method == "getUpdates" for method, _ in api.calls), 60)
        return api

    return run


async def reply_to(api: BotApi, person: Person, text: str) -> Shown:
    """Return the first message that answers a text; it must come in time."""
    before, started = len(api.shown), time.monotonic()
    await person.say(text)
    await api.until(lambda: len(api.shown) > before)
    assert time.monotonic() - started < LIMIT_S + GRACE_S, "the reply came late"
    return api.shown[before]


@pytest.mark.parametrize("broken", BROKEN)
async def test_whatever_is_broken_people_are_heard(begin: Begin, tmp_path: Path, broken: str) -> None:
    api = await begin(**broken_options(broken, tmp_path))
    assert "988" in (await reply_to(api, Person(api, 1), CRISIS)).text
    assert "emergencias" in (await reply_to(api, Person(api, 2), SPANISH)).text
    answered = (await reply_to(api, Person(api, 3), QUESTION)).text
    if broken == "nothing is broken":
        assert "alcohol" in answered.lower()
        assert "Sources: " in answered
    else:
        assert any(words in answered for words in HONEST), answered


async def test_three_hundred_messages_at_once(begin: Begin) -> None:
    api = await begin()
    for number in range(300):
        await Person(api, 100 + number % 30).say(CRISIS if number % 10 == 0 else QUESTION)

    def sent(number: int) -> list[Shown]:
        return [shown for shown in api.shown if shown.chat_id == 100 + number]

    # Who is in danger behind slow answers hears of help twice: at the time limit, and when it is their turn.
    await api.until(lambda: all(len(sent(number)) >= 10 for number in range(30)), 120)
    for number in range(0, 30, 10):
        assert sum("988" in message.text for message in sent(number)) >= 10


async def test_a_conversation_with_the_whole_assistant(begin: Begin) -> None:
    api = await begin(SITE_COUNTRY="UK")
    person, phrases = Person(api), telegram_texts().phrases
    answer = await reply_to(api, person, "my lips are splitting, what helps")
    assert phrases["helped"] in answer.titles
    await person.press(answer, "Tell me more")
    more = (await api.shows(2))[1]
    assert len(more.text) > len(answer.text)
    help_text = await reply_to(api, person, CRISIS)
    assert "999" in help_text.text
    after = await reply_to(api, person, "ok")
    assert "116 123" in after.text
    await person.press(after, "I'm safe, I have a question")
    await api.shows(5)
    assert "alcohol" in (await reply_to(api, person, QUESTION)).text.lower()
    assert "\u2022 " in (await reply_to(api, person, "/sources")).text
    assert "116 123" in (await reply_to(api, person, "/helpnow")).text
    assert "Ireland" in (await reply_to(api, person, "/country Ireland")).text
    asked = await reply_to(api, person, "/delete")
    await person.press(asked, phrases["delete_yes"])
    await api.until(lambda: asked.text == phrases["deleted"])
