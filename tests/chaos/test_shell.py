"""The terminal: whatever breaks behind it, a crisis message gets the help text in time and any other an honest sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.conversation import Handler
from bot.engine.shell import STOP, talk
from bot.settings import Settings

CRISIS = "i dont want to be alive anymore"
HARMLESS = "can i drink a beer"
LIMIT = 0.3
SLACK = 3.0
"""Seconds beyond the limit: starting threads on a busy machine takes its time."""


def said(handler: Handler, lines: Iterable[str]) -> list[str]:
    """Return what is shown when these lines are typed."""
    shown: list[str] = []
    waiting = iter(lines)

    def ask(_prompt: str) -> str:
        line = next(waiting, None)
        if line is None:
            raise EOFError
        return line

    asyncio.run(talk(handler, Settings(site_country="GB", turn_timeout_s=LIMIT), ask, shown.append))
    return shown[1:]


async def raises(_message: UserMessage) -> None:
    raise RuntimeError


async def hangs(_message: UserMessage) -> None:
    await asyncio.sleep(LIMIT * 4)


async def blocks(_message: UserMessage) -> None:
    time.sleep(LIMIT * 4)  # noqa: ASYNC251  (a model that computes and never yields)


async def is_silent(_message: UserMessage) -> None:
    return None


async def chats(message: UserMessage) -> None:
    """Answer everything as if no danger were in it."""
    assert message.output_channel is not None
    buttons = [{"title": "Alcohol", "payload": "/alcohol"}, {"title": "Sun", "payload": "/sun_protection"}]
    await message.output_channel.send_response(
        message.sender_id, {"text": f"You said {message.text}.", "buttons": buttons}
    )


@pytest.mark.parametrize("handler", [raises, hangs, blocks, is_silent, chats])
def test_a_crisis_gets_the_help_text_in_time(handler: Handler) -> None:
    started = time.monotonic()
    shown = said(handler, [CRISIS])
    assert time.monotonic() - started < LIMIT * 4 + SLACK
    assert "999" in shown[0]
    assert "116 123" in shown[0]


@pytest.mark.parametrize("handler", [raises, hangs, blocks, is_silent])
def test_anything_else_gets_an_honest_sentence(handler: Handler) -> None:
    (shown,) = said(handler, [HARMLESS])
    assert "went wrong" in shown or "taking longer" in shown or "cannot answer" in shown


def test_an_answer_that_comes_too_late_is_shown_with_the_next_one() -> None:
    async def slow_at_first(message: UserMessage) -> None:
        if message.text == HARMLESS:
            await asyncio.sleep(LIMIT * 1.3)
        else:
            await asyncio.sleep(LIMIT * 2 / 3)
        await chats(message)

    shown = said(slow_at_first, [HARMLESS, "hello", "hello", "hello"])
    assert "taking longer" in shown[0]
    assert sum(f"You said {HARMLESS}." in text for text in shown) == 1
    assert sum("You said hello." in text for text in shown) == 3


def test_a_number_presses_the_button_that_was_offered() -> None:
    shown = said(chats, ["hello", "2"])
    assert "You said hello." in shown[0]
    assert shown[1] == "  1: Alcohol\n  2: Sun\n"
    assert "You said /sun_protection." in shown[2]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("/alcohol", "alcohol"), ("7", "7"), ("//// ", "?"), ("  spaced  ", "spaced")],
)
def test_what_is_typed_is_never_a_payload(typed: str, understood: str) -> None:
    assert f"You said {understood}." in said(chats, [typed])[0]


def test_empty_lines_are_passed_over_and_stop_ends() -> None:
    assert said(chats, ["", "   ", STOP, "hello"]) == []
