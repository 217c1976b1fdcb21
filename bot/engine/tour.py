"""A tour of every topic: one question each through the trained model, and the first words of the reply."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

from bot.channels.conversation import Collector, run_turn
from bot.content.load import load_answers
from bot.engine.server import endpoints_for, latest_model
from bot.settings import ROOT, settings
from bot.storage.answers import load_into
from bot.storage.engine import engine_for
from bot.storage.migrate import upgrade

_FIRST_WORDS = 14


def tour(questions: str) -> Iterator[str]:
    """Yield a table row per question: topic, question, topic and tier of the reply, first words of the reply.

    Args:
        questions: a file of lines "topic<TAB>question".

    Raises:
        ModelError: if there is no trained model.
        ContentError: if the answers cannot be read.
    """
    rows = [line.split("\t", 1) for line in (ROOT / Path(questions)).read_text(encoding="utf-8").splitlines() if line]
    engine = engine_for(settings().database_url)
    upgrade(engine)
    load_into(engine, load_answers())
    replies = asyncio.run(_ask([question for _, question in rows]))
    right = 0
    yield "| topic | question | reply's topic (tier) | first words |"
    yield "|---|---|---|---|"
    for (topic, question), bubbles in zip(rows, replies, strict=True):
        first = bubbles[0]
        found = first["metadata"]["topic"]
        right += found == topic
        words = " ".join(first["text"].split()[:_FIRST_WORDS])
        yield f"| {topic} | {question} | {found} ({first['metadata']['tier']}) | {words} ... |"
    yield f"\n{right} of {len(rows)} questions got a reply on their own topic."


async def _ask(questions: list[str]) -> list[list[dict[str, Any]]]:
    agent = await load_agent(model_path=latest_model(), endpoints=endpoints_for(settings()))
    replies = []
    for number, question in enumerate(questions):
        collector = Collector("web")
        message = UserMessage(question, collector, f"tour:{number}", input_channel="web")
        replies.append(await run_turn(agent.handle_message, message, collector, None))
    return replies
