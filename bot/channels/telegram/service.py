"""The connection to Telegram: reach it however long it takes, take updates by polling or webhook, stop without losing any."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from itertools import count
from typing import Any, Final

from telegram import BotCommand, Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, ExtBot, Updater

from bot.channels.conversation import Handler
from bot.channels.limits import make_limiter
from bot.channels.telegram.answering import Answering
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.requests import Request, UpdatesRequest
from bot.channels.telegram.updates import ALLOWED, read_update, readable
from bot.content.telegram import telegram_texts
from bot.settings import Settings, signing_key
from bot.storage.engine import engine_for

logger = logging.getLogger(__name__)

WEBHOOK: Final = "/webhooks/telegram/webhook"
"""Where Telegram sends updates, below the public address."""

_CONNECTIONS: Final = 256
_READ_S: Final = 30.0
"""How long an answer of Telegram is waited for; after it a message may have been taken or not."""
_PAUSES_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Pauses between tries to reach Telegram at the start; the last one is repeated."""
_MOST_WAITING: Final = 1000
"""Updates under way from which Telegram is asked to come again later."""
_POLL_S: Final = 25
_STOP_S: Final = 20.0
"""How long a stop waits for answers that are under way."""


class TelegramService:
    """One bot: its connection, its updates and their answers.

    Args:
        configuration: the settings.
        handler: what understands and answers a message.
    """

    def __init__(self, configuration: Settings, handler: Handler) -> None:
        key = signing_key(configuration.secret_key)
        self.secret = webhook_secret(key)
        self.engine = engine_for(configuration.database_url)
        self._public = configuration.telegram_webhook_url.rstrip("/")
        self._queue: asyncio.Queue[object] = asyncio.Queue()
        self._bot: ExtBot[Any] = ExtBot(
            configuration.telegram_bot_token,
            base_url=f"{configuration.telegram_api_url.rstrip('/')}/bot",
            # It waits before Telegram's limits are reached. "Retry after" concerns one chat, so the outbox waits, for that one.
            rate_limiter=AIORateLimiter(max_retries=0),
            request=Request(connection_pool_size=_CONNECTIONS, read_timeout=_READ_S),
            get_updates_request=UpdatesRequest(connection_pool_size=1),
        )
        self._updater = Updater(self._bot, self._queue)
        self._answering = Answering(
            configuration=configuration,
            handler=handler,
            outbox=Outbox(self._bot),
            engine=self.engine,
            limiter=make_limiter(configuration.redis_url),
            key=key,
        )
        self._answers: set[asyncio.Task[None]] = set()
        self._background: list[asyncio.Task[None]] = []
        self._ready = False

    def start(self) -> None:
        """Begin to reach Telegram and to answer, in the background."""
        self._background = [asyncio.create_task(self._reach()), asyncio.create_task(self._take())]

    def accept(self, body: dict[str, Any]) -> bool:
        """Take an update (with `update_id`) that came to the webhook; return False if Telegram must come again later."""
        if not self._ready or len(self._answers) + self._queue.qsize() >= _MOST_WAITING:
            return False
        self._queue.put_nowait(Update.de_json(readable(body), self._bot))
        return True

    async def stop(self) -> None:
        """Take no more updates, answer those that were taken, and let go."""
        self._ready = False
        reaching, taking = self._background
        reaching.cancel()
        if self._updater.running:
            try:
                await self._updater.stop()
            except Exception as error:  # noqa: BLE001  (what was taken must be answered all the same)
                logger.error("Polling ended with an error (%s).", type(error).__name__)  # noqa: TRY400
        await self._queue.join()
        taking.cancel()
        await self._answered(_STOP_S)
        self._answering.hurry()
        if left := await self._answered(_STOP_S / 4):
            logger.error("The server stops with %s messages from Telegram unanswered.", left)
        await self._answering.finish(_STOP_S / 4)
        await self._updater.shutdown()

    async def _answered(self, seconds: float) -> int:
        """Wait until all is answered, at most some seconds; return how many are not."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=seconds)
        return len(self._answers)

    async def _reach(self) -> None:
        for number in count():
            try:
                await self._connect()
            except InvalidToken:
                logger.error(  # noqa: TRY400  (its text holds the token)
                    "Telegram refused TELEGRAM_BOT_TOKEN. Copy it again from @BotFather and restart. The web is served."
                )
                await asyncio.sleep(_PAUSES_S[-1])
            except Exception as error:  # noqa: BLE001  (whatever came back, Telegram is tried again)
                pause_s = _PAUSES_S[min(number, len(_PAUSES_S) - 1)]
                reason = f": {error.message}" if isinstance(error, BadRequest) else ""
                logger.warning(
                    "Telegram cannot be reached (%s%s); next try in %.0f s. The web is served.",
                    type(error).__name__,
                    reason,
                    pause_s,
                )
                await asyncio.sleep(pause_s)
            else:
                return

    async def _connect(self) -> None:
        """Learn who the bot is, say what its commands are, and begin to listen.

        Raises:
            TelegramError: if Telegram is not reached or refuses.
        """
        await self._updater.initialize()
        await self._bot.set_my_commands([BotCommand(*pair) for pair in telegram_texts().commands.items()])
        name = self._bot.username
        self._answering.username = name
        self._ready = True
        if self._public:
            await self._bot.set_webhook(
                f"{self._public}{WEBHOOK}", allowed_updates=list(ALLOWED), secret_token=self.secret
            )
            logger.info("Ready on Telegram as @%s, by webhook.", name)
        else:
            await self._updater.start_polling(
                timeout=_POLL_S, allowed_updates=list(ALLOWED), error_callback=_not_polled
            )
            logger.info("Ready on Telegram as @%s, by polling. Open https://t.me/%s", name, name)

    async def _take(self) -> None:
        """Begin to answer each update as it comes. What one person does is kept in order by `Answering`."""
        while True:
            update = await self._queue.get()
            try:
                incoming = read_update(update, self._bot.bot) if isinstance(update, Update) else None
                if incoming:
                    task = asyncio.create_task(self._answering.answer(incoming))
                    self._answers.add(task)
                    task.add_done_callback(self._answers.discard)
            except Exception as error:  # noqa: BLE001  (an update of an unforeseen shape must not end the channel)
                logger.error("An update from Telegram could not be understood (%s).", type(error).__name__)  # noqa: TRY400
            finally:
                self._queue.task_done()


def webhook_secret(key: bytes) -> str:
    """Return the secret that Telegram sends with each update, the same in all servers with this key."""
    return hmac.new(key, b"telegram webhook", hashlib.sha256).hexdigest()


def _not_polled(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        logger.error("Another process asks Telegram for messages of this bot. Stop it, or set TELEGRAM_WEBHOOK_URL.")
    else:
        logger.warning("Telegram cannot be asked for messages (%s); trying again.", type(error).__name__)
