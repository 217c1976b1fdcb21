"""What is sent to Telegram: in order, in spite of floods, short failures of the network and refused markup."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from html import unescape
from typing import Any, Final, TypeVar

import httpx
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

PAUSES_S: Final[tuple[float, ...]] = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 60.0, 60.0)
"""Pauses between tries while Telegram cannot be reached: four minutes in all. Then the message is given up, which is logged."""

_MOST_LATE: Final = 2
"""Times that a call is repeated though Telegram may have taken it: it was sent, and no answer came. Rather twice than never."""
_SLACK_S: Final = 0.1

_TYPING_S: Final = 4.5
"""Telegram shows "typing" for five seconds. Source: https://core.telegram.org/bots/api#sendchataction"""


class Outbox:
    """Sends, edits and acknowledges; no failure of Telegram leaves it.

    Args:
        bot: the bot; its rate limiter keeps to Telegram's limits.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._beside: set[asyncio.Task[None]] = set()

    async def send(
        self, chat_id: int, html: str, keyboard: InlineKeyboardMarkup | None = None, reply_to: int | None = None
    ) -> None:
        """Send one message; that Telegram did not take it is logged."""
        plain = unescape(re.sub(r"<[^<>]*>", "", html))
        known = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        preview = LinkPreviewOptions(is_disabled=True)
        # Whatever Telegram does not like about markup or buttons, the words must arrive.
        forms: list[dict[str, Any]] = [
            {"text": html, "parse_mode": ParseMode.HTML, "reply_markup": keyboard, "reply_parameters": known},
            {"text": plain, "reply_markup": keyboard, "reply_parameters": known},
            {"text": plain},
        ]

        async def say(chat: int) -> None:
            for form in forms:
                try:
                    await self._patiently(partial(self._bot.send_message, chat, link_preview_options=preview, **form))
                except BadRequest:
                    if form is forms[-1]:
                        raise
                    logger.error("Telegram refused a message with its markup or buttons; it goes in a plainer form.")  # noqa: TRY400
                else:
                    return

        try:
            try:
                await say(chat_id)
            except ChatMigrated as moved:
                await say(moved.new_chat_id)
        except Forbidden:
            logger.info("A chat does not take messages from the assistant any more.")
        except TelegramError as error:
            logger.error("A message could not be sent to Telegram (%s).", type(error).__name__)  # noqa: TRY400

    async def edit(
        self, chat_id: int, message_id: int, html: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Put other words and buttons in the place of a message of ours."""
        await self._quietly(
            lambda: self._bot.edit_message_text(
                html,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def edit_buttons(self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None) -> None:
        """Put other buttons under a message of ours."""
        await self._quietly(lambda: self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard))

    def acknowledge(self, query_id: str, note: str = "") -> None:
        """End the spinner on a button, with a short note if there is one; nobody waits for it."""
        task = asyncio.create_task(self._quietly(lambda: self._bot.answer_callback_query(query_id, text=note or None)))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for what nobody waited for, at most some seconds."""
        if self._beside:
            await asyncio.wait(self._beside, timeout=seconds)

    @asynccontextmanager
    async def typing(self, chat_id: int) -> AsyncIterator[None]:
        """Show "typing" while the block runs. It delays nothing, and that it fails hurts nobody."""
        task = asyncio.create_task(self._type(chat_id))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _type(self, chat_id: int) -> None:
        with suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
                await asyncio.sleep(_TYPING_S)

    async def _patiently(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Return what a call returns, tried again while Telegram cannot be reached.

        Raises:
            TelegramError: if Telegram refuses, or is still not reached at the last try.
        """
        late = 0
        for pause_s in PAUSES_S:
            try:
                return await call()
            except RetryAfter as error:
                logger.warning("Telegram asks to wait.")
                await asyncio.sleep(_seconds(error) + _SLACK_S)
            except TelegramError as error:
                late += isinstance(error.__cause__, httpx.ReadTimeout)
                if not _passes(error) or late > _MOST_LATE:
                    raise
                logger.warning("Telegram cannot be reached (%s); trying again.", type(error).__name__)
                await asyncio.sleep(pause_s)
        return await call()

    async def _quietly(self, call: Callable[[], Awaitable[object]]) -> None:
        try:
            await self._patiently(call)
        except TelegramError as error:
            logger.warning("Telegram did not take a change to a message or button (%s).", type(error).__name__)


def _passes(error: TelegramError) -> bool:
    """Return whether trying again may help: Telegram was not reached, failed, or what came back was no answer of it."""
    if isinstance(error, BadRequest):
        return False  # the library counts it among the failures of the network
    return isinstance(error, (NetworkError, InvalidToken)) or type(error) is TelegramError  # the token was good before


def _seconds(error: RetryAfter) -> float:
    waiting = error.retry_after
    return waiting.total_seconds() if isinstance(waiting, dt.timedelta) else float(waiting)
