"""Conversations against the trained model, with real actions and a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.channels.conversation import Collector, run_turn
from bot.channels.requests import read_message

SCENARIOS = [
    pytest.param(turns, id=f"{file.stem}: {name}")
    for file in sorted(Path(__file__).parent.glob("*.yml"))
    for name, turns in yaml.safe_load(file.read_text(encoding="utf-8")).items()
]


@pytest.mark.model
@pytest.mark.parametrize("turns", SCENARIOS)
def test_conversation(turns: list[dict[str, Any]], agent: Agent, loop: asyncio.AbstractEventLoop, request: Any) -> None:
    offered: dict[str, str] = {}
    for turn in turns:
        text = offered[turn["press"]] if "press" in turn else read_message({"text": turn["say"]}).text
        collector = Collector("web")
        message = UserMessage(text, collector, f"test:{request.node.name}", input_channel="web")
        bubbles = loop.run_until_complete(run_turn(agent.handle_message, message, collector, None))
        for bubble in bubbles:
            offered.update({button["title"]: button["payload"] for button in bubble["buttons"]})
        check(turn, bubbles)


def check(turn: dict[str, Any], bubbles: list[dict[str, Any]]) -> None:
    """Compare the bubbles of a turn with what the scenario asks for."""
    said = "\n".join(bubble["text"] for bubble in bubbles)
    first = bubbles[0]["metadata"]
    context = f"after {turn.get('say') or turn.get('press')!r} came {first['topic']} ({first['tier']}): {said[:200]}"
    assert turn.get("topic", first["topic"]) == first["topic"], context
    assert turn.get("tier", first["tier"]) == first["tier"], context
    assert turn.get("bubbles", len(bubbles)) == len(bubbles), context
    for words in turn.get("says", ()):
        assert words in said, f"{words!r} is missing {context}"
    for words in turn.get("not", ()):
        assert words not in said, f"{words!r} should not be there {context}"
    for title in turn.get("buttons", ()):
        assert title in [button["title"] for bubble in bubbles for button in bubble["buttons"]], context
    if turn.get("sources"):
        assert first["sources"], context
        assert first["reviewed_on"], context
