"""People in the terminal and in the widget get the same answers: one table, said to both."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.engine.shell import talk
from bot.settings import settings
from tests.chaos.conftest import Client, served

TABLE = [
    ["hello"],
    ["why only 20 mg?", "tell me more"],
    ["my lips are so dry", "why?"],
    ["can i drink alcohol"],
    ["are blood tests needed? and can i wax my legs?"],
    ["i dont want to be here anymore", "ok"],
    ["i feel so low since i started"],
    ["i think i am pregnant"],
    ["i cant breathe and my face is swelling"],
    ["i'm in the UK", "i want to die"],
    ["quiero morir"],
    ["what is the weather"],
    ["how long for my course", "60 kg", "20 mg"],
    ["/restart"],
    ["thanks"],
]
"""Conversations: what is typed, message by message."""

_SOURCES = re.compile(r"\n\nSources: [^\n]+ \(checked [^\n]+\)\Z")
"""The shell shows sources as a line of text, the widget from the metadata."""


@pytest.fixture(scope="module")
def server(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with served(tmp_path_factory.mktemp("widget"), str(model_path)) as client:
        yield client


async def in_the_shell(agent: Agent, typed: list[str]) -> list[str]:
    """Return what the shell prints, without the opening."""
    lines = iter(typed)
    shown: list[str] = []

    def ask(_prompt: str) -> str:
        line = next(lines, None)
        if line is None:
            raise EOFError
        return line

    async def handle(message: UserMessage) -> Any:
        return await agent.handle_message(message)

    await talk(handle, settings(), ask, shown.append)
    return [text.strip("\n") for text in shown[1:]]


def in_the_widget(server: Client, typed: list[str]) -> list[str]:
    """Return what the widget is sent, in the form in which the shell prints it."""
    shown: list[str] = []
    with httpx.Client(base_url=f"{server.url}/webhooks/web", trust_env=False, timeout=60) as http:
        token = http.post("/session").json()["token"]
        for text in typed:
            answer = http.post("/messages", json={"text": text}, headers={"Authorization": f"Bearer {token}"}).json()
            titles = [button["title"] for message in answer["messages"] for button in message["buttons"]]
            shown += [message["text"] for message in answer["messages"]]
            if titles:
                shown.append("\n".join(f"  {number}: {title}" for number, title in enumerate(titles, start=1)))
    return shown


@pytest.mark.model
@pytest.mark.parametrize("typed", TABLE, ids=lambda typed: typed[0])
def test_shell_and_widget_give_the_same_answers(
    typed: list[str], agent: Agent, server: Client, loop: asyncio.AbstractEventLoop
) -> None:
    shell = [_SOURCES.sub("", text) for text in loop.run_until_complete(in_the_shell(agent, typed))]
    assert shell == in_the_widget(server, typed)
    assert shell
