"""One turn through the engine for any channel: in order, once, within the time limit, and never without a reply."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from rasa.core.channels.channel import OutputChannel, UserMessage
from sqlalchemy.engine import Engine

from bot.channels.engine_thread import in_engine
from bot.model import Reply, Tier
from bot.replies.safety import safety_replies
from bot.safety.screen import screen
from bot.storage.conversations import StoredTurn, find_turn

logger = logging.getLogger(__name__)

_ABANDONED_S: Final = 60.0
_POLL_S: Final = 0.2

Handler = Callable[[UserMessage], Awaitable[Any]]


class Collector(OutputChannel):
    """Collects bot messages with their metadata, one entry per bubble.

    Args:
        channel: name of the channel the messages go to.
    """

    def __init__(self, channel: str) -> None:
        self.replies: list[dict[str, Any]] = []
        self.unscreened = False
        """Whether a reply came from elsewhere than an action of ours, which all screen the message and say the tier."""
        self._channel = channel

    def name(self) -> str:
        """Return the channel's name."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002  (Rasa's signature)
        """Keep one bot message; Rasa hands its metadata over flat."""
        if message.get("text"):
            self.unscreened = self.unscreened or "tier" not in message
            self.replies.append(
                {
                    "text": message["text"],
                    "buttons": [_button(button) for button in message.get("buttons") or ()],
                    "metadata": {
                        "topic": message.get("topic") or "out_of_scope",
                        "tier": message.get("tier") or "none",
                        "sources": message.get("sources") or [],
                        "reviewed_on": message.get("reviewed_on"),
                    },
                }
            )


def _button(button: dict[str, Any]) -> dict[str, str]:
    return {"title": str(button["title"]), "payload": str(button["payload"])}


def as_entry(reply: Reply) -> dict[str, Any]:
    """Return a reply of ours in the form a collector keeps."""
    buttons = [button.as_dict() for button in reply.buttons]
    return {"text": reply.text, "buttons": buttons, "metadata": reply.metadata()}


def emergency_reply(
    text: str, country: str | None, *, late: bool = False, before: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what a person gets when the engine fails or is slow: the help text if the screen sees danger.

    `before` is what the person typed just before, oldest first.
    """
    verdict = screen(text, before=before)
    tier: Tier = verdict.tier
    replies = safety_replies()
    if verdict.danger:
        return as_entry(replies.reply(tier, country, about_other=verdict.about_other, language=verdict.answer_in))
    return as_entry(replies.trouble("none", country, late=late))


async def run_turn(
    handler: Handler, message: UserMessage, collector: Collector, country: str | None
) -> list[dict[str, Any]]:
    """Let the engine answer a message and return the bubbles; whatever fails, there is at least one.

    Nothing of the message reaches the log.
    """
    try:
        await in_engine(_handled(handler, message))
    except Exception as error:  # noqa: BLE001  (whatever the engine raises, the person gets a reply)
        logger.error("The engine failed on a turn: %s.", type(error).__name__)  # noqa: TRY400
        collector.replies.append(emergency_reply(message.text or "", country))
    if not collector.replies:
        logger.error("The engine gave no reply to a turn.")
        collector.replies.append(emergency_reply(message.text or "", country))
    return _with_help(collector, message.text or "", country)


async def _handled(handler: Handler, message: UserMessage) -> None:
    await handler(message)


def _with_help(collector: Collector, text: str, country: str | None) -> list[dict[str, Any]]:
    """Put the help text first if the screen sees danger and the engine gave none, without an action of ours having looked."""
    replies = collector.replies
    helped = any(reply["metadata"]["tier"] != "none" for reply in replies)
    if helped or not collector.unscreened or not screen(text).danger:
        return replies
    logger.error("The engine answered a message with danger in it without the help text; it was added.")
    return [emergency_reply(text, country), *replies]


def is_abandoned(turn: StoredTurn) -> bool:
    """Return whether a turn was begun so long ago that nobody can still be answering it."""
    return not turn.done and time.time() - turn.created_at >= _ABANDONED_S


async def finished(engine: Engine, conversation_id: str, turn: StoredTurn) -> StoredTurn | None:
    """Return a turn that another request or server is answering, once it is answered; None if it is abandoned.

    Raises:
        StoreError: if the database fails.
    """
    found: StoredTurn | None = turn
    while found is not None and not found.done and not is_abandoned(found):
        await asyncio.sleep(_POLL_S)
        found = await asyncio.to_thread(find_turn, engine, conversation_id, turn.message_id)
    return found if found is not None and found.done else None


async def within(task: asyncio.Task[list[dict[str, Any]]], seconds: float) -> list[dict[str, Any]] | None:
    """Return a turn's bubbles, or None if it takes longer; the turn goes on in that case."""
    try:
        return await asyncio.wait_for(asyncio.shield(task), seconds)
    except TimeoutError:
        return None
