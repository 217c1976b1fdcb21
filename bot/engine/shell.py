"""The assistant in the terminal: the same turn as on the web, with numbered buttons. Whatever fails, there is a reply."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, Final

from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

from bot.channels.conversation import Collector, Handler, emergency_reply, run_turn, within
from bot.engine.server import endpoints_for, latest_model
from bot.payloads import without_slash
from bot.settings import Settings

CHANNEL: Final = "shell"
STOP: Final = "/stop"
Turn = asyncio.Task[list[dict[str, Any]]]
_OPENING: Final = f"Ask about isotretinoin. A number presses a button, {STOP} ends.\n"


def shell(configuration: Settings) -> None:
    """Talk to the assistant in the terminal until the input ends or the person types /stop.

    Raises:
        ModelError: if there is no trained model.
    """
    asyncio.run(_talk_with_model(configuration, latest_model()))


async def _talk_with_model(configuration: Settings, model: str) -> None:
    agent = await load_agent(model_path=model, endpoints=endpoints_for(configuration))
    await talk(agent.handle_message, configuration)


async def talk(
    handler: Handler, configuration: Settings, ask: Callable[[str], str] = input, show: Callable[[str], None] = print
) -> None:
    """Read a line, answer it, and so on. An answer that comes too late is shown with the next one.

    Args:
        handler: what understands and answers a message.
        configuration: the settings: country and time limit.
        ask: returns the next line for a prompt; raises EOFError at the end.
        show: prints a text.
    """
    conversation_id = f"{CHANNEL}:{uuid.uuid4()}"
    offered: list[dict[str, str]] = []
    late: list[Turn] = []
    show(_OPENING)
    while True:
        try:
            line = (await asyncio.to_thread(ask, "> ")).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line == STOP:
            return
        if not line:
            continue
        said = _pressed(line, offered)
        turn = _begin(handler, configuration, conversation_id, said)
        replies = await within(turn, configuration.turn_timeout_s)
        come = [reply for earlier in late if earlier.done() for reply in earlier.result()]
        late = [earlier for earlier in late if not earlier.done()] + ([] if replies else [turn])
        replies = come + (replies or [emergency_reply(said, configuration.site_country or None, late=True)])
        offered = [button for reply in replies for button in reply["buttons"]]
        for text in _shown(replies):
            show(text)


def _pressed(line: str, offered: list[dict[str, str]]) -> str:
    """Return the payload of the button whose number was typed, or what was typed, made harmless."""
    if line.isdigit() and 1 <= int(line) <= len(offered):
        return offered[int(line) - 1]["payload"]
    return without_slash(line).strip() or line.strip("/ ") or "?"


def _begin(handler: Handler, configuration: Settings, conversation_id: str, text: str) -> Turn:
    collector = Collector(CHANNEL)
    message = UserMessage(text, collector, conversation_id, input_channel=CHANNEL)
    return asyncio.ensure_future(run_turn(handler, message, collector, configuration.site_country or None))


def _shown(replies: list[dict[str, Any]]) -> list[str]:
    """Return the texts to print: each bubble, then the buttons of all, numbered."""
    titles = [button["title"] for reply in replies for button in reply["buttons"]]
    buttons = "\n".join(f"  {number}: {title}" for number, title in enumerate(titles, start=1))
    return [f"\n{reply['text']}\n" for reply in replies] + ([f"{buttons}\n"] if buttons else [])
