"""What is answered to what a person does in a Telegram chat: in order, once, in time, and never with silence.

It is one module, as every step shares the conversation, its order and its limits.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Engine
from telegram import InlineKeyboardMarkup

from bot.channels.conversation import Collector, Handler, emergency_reply, finished, run_turn, within
from bot.channels.limits import Limiter, Rate
from bot.channels.telegram import CALL_PAGE, CHANNEL
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.rendering import as_html, source_list
from bot.channels.telegram.updates import Incoming, Press
from bot.content.telegram import telegram_texts
from bot.errors import StoreError
from bot.model import ENGLISH, STICKY_TIERS, TIERS
from bot.payloads import without_slash
from bot.replies.safety import SAFETY_BUTTONS, safety_replies
from bot.safety.screen import screen
from bot.settings import Settings
from bot.storage.conversations import StoredTurn, begin_turn, erase, finish_turn, recent_turns
from bot.storage.feedback import add_feedback

logger = logging.getLogger(__name__)

_LAST_TURNS: Final = 50
_REMEMBERED: Final = 10_000
_PRIVATE: Final = "helpnow"
"""What a link from a group starts the private chat with."""

_PAYLOADS: Final = {"help": "/help", "helpnow": "/talk_to_human", "country": "/set_country"}
"""Commands that are topics of the conversation."""

_SPREAD: Final = 2
"""Texts before the latest that are read together with it, as in the engine."""
_NEVER_TOO_MANY: Final = frozenset(button.title for button in SAFETY_BUTTONS)

Replies = list[dict[str, Any]]


class Answering:
    """Answers what people do in all chats; what one person does in one chat is taken in order.

    Args:
        configuration: the settings.
        handler: what understands and answers a message.
        outbox: where replies go.
        engine: the database.
        limiter: where limits are counted.
        key: the key of conversation ids and buttons.
    """

    def __init__(
        self,
        *,
        configuration: Settings,
        handler: Handler,
        outbox: Outbox,
        engine: Engine,
        limiter: Limiter,
        key: bytes,
    ) -> None:
        self.username = ""
        """The bot's name on Telegram, for the link to a private chat; known once Telegram is reached."""
        self._settings = configuration
        self._handler = handler
        self._outbox = outbox
        self._engine = engine
        self._limiter = limiter
        self._identity = Identity(key, engine)
        public = configuration.telegram_webhook_url.rstrip("/")
        named = "." in (urlsplit(public).hostname or "")  # Telegram refuses buttons to hosts that are no names
        self._buttons = Buttons(key, f"{public}{CALL_PAGE}" if named else "")
        self._country = configuration.site_country or None
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        self._taken: OrderedDict[tuple[int, int, str], None] = OrderedDict()
        self._said: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        """The last texts by conversation: danger may be said over several messages."""
        self._slowed: set[str] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._hurried = False

    async def answer(self, incoming: Incoming) -> None:
        """Answer one thing that a person did. Whatever fails, the person hears something; nothing of it reaches the log."""
        place = (incoming.chat_id, incoming.person_id)
        if self._repeated((*place, incoming.key)):
            return
        lock = self._locks.setdefault(place, asyncio.Lock())
        await self._wait_for(lock, incoming)
        try:
            conversation_id = await self._identity.conversation(*place)
            try:
                await self._answer(incoming, conversation_id)
            except Exception as error:  # noqa: BLE001  (one update must not end the channel, nor end in silence)
                logger.error("Answering on Telegram failed: %s.", type(error).__name__)  # noqa: TRY400
                await self._say(incoming, conversation_id, [self._emergency(incoming.text)], incoming.text)
        finally:
            lock.release()

    def hurry(self) -> None:
        """Answer what still waits at once, without the engine: the server is about to stop."""
        self._hurried = True

    async def finish(self, seconds: float) -> None:
        """Wait until answers that came late are sent and buttons acknowledged, at most some seconds each."""
        if self._late:
            await asyncio.wait(self._late, timeout=seconds)
        await self._outbox.finish(seconds)

    async def _wait_for(self, lock: asyncio.Lock, incoming: Incoming) -> None:
        """Wait until it is a message's turn. Who is in danger hears of help within the time limit, even behind many messages."""
        if lock.locked() and screen(incoming.text).danger:
            try:
                async with asyncio.timeout(self._settings.turn_timeout_s):
                    await lock.acquire()
            except TimeoutError:
                conversation_id = await self._identity.conversation(incoming.chat_id, incoming.person_id)
                await self._say(incoming, conversation_id, [self._emergency(incoming.text)], incoming.text)
            else:
                return
        await lock.acquire()

    def _repeated(self, thing: tuple[int, int, str]) -> bool:
        """Return whether this process took it before. What other processes took, the database knows."""
        if thing in self._taken:
            return True
        self._taken[thing] = None
        if len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)
        return False

    async def _answer(self, incoming: Incoming, conversation_id: str) -> None:
        if await self._refused(incoming, conversation_id):
            return
        if incoming.press:
            await self._pressed(incoming, conversation_id, incoming.press)
        elif incoming.command:
            await self._commanded(incoming, conversation_id)
        elif incoming.text:
            text = without_slash(incoming.text).strip() or incoming.text.strip("/ ") or "?"
            await self._turn(incoming, conversation_id, text)
        else:
            kind = telegram_texts().kinds[incoming.kind]
            await self._note(incoming, self._phrase("unreadable", kind=kind))

    async def _commanded(self, incoming: Incoming, conversation_id: str) -> None:
        command, words = incoming.command, incoming.text
        if command == "country" and words:
            await self._turn(incoming, conversation_id, f"I am in {words}")
        elif command == "start" and words == _PRIVATE:
            await self._turn(incoming, conversation_id, _PAYLOADS[_PRIVATE])
        elif words and (command != _PRIVATE or screen(words).danger):
            await self._turn(incoming, conversation_id, without_slash(words) or "?")  # a question behind a command
        elif command in _PAYLOADS:
            await self._turn(incoming, conversation_id, _PAYLOADS[command])
        elif command == "sources":
            await self._sources(incoming, conversation_id)
        elif command == "delete":
            await self._note(incoming, self._phrase("delete"), self._buttons.deletion(conversation_id))
        else:
            name = "start" if command == "start" else "menu"
            await self._note(incoming, self._phrase(name), self._buttons.menu(conversation_id))

    async def _sources(self, incoming: Incoming, conversation_id: str) -> None:
        turns = await asyncio.to_thread(recent_turns, self._engine, conversation_id, _LAST_TURNS)
        named = [reply["metadata"]["sources"] for turn in turns for reply in turn.replies]
        last = next((sources for sources in reversed(named) if sources), None)
        if last:
            heading = escape(self._phrase("sources"), quote=False)
            await self._outbox.send(incoming.chat_id, f"{heading}\n{source_list(last)}", None, _reply_to(incoming))
        else:
            await self._note(incoming, self._phrase("no_sources"))

    async def _pressed(self, incoming: Incoming, conversation_id: str, press: Press) -> None:
        try:
            turns = await asyncio.to_thread(recent_turns, self._engine, conversation_id, _LAST_TURNS)
        except StoreError:
            # What was offered cannot be asked for. The words on the button are as good as typed ones.
            self._outbox.acknowledge(press.query_id)
            await self._turn(incoming, conversation_id, press.title or "?")
            return
        offer = self._buttons.meant(conversation_id, press.data, turns)
        if offer is None:
            self._outbox.acknowledge(press.query_id, self._phrase("old_button"))
        elif offer.act in {"helped", "not_helped"}:
            await self._rated(incoming, conversation_id, press, offer.what, helped=offer.act == "helped")
        else:
            self._outbox.acknowledge(press.query_id)
            if offer.act == "say":
                await self._turn(incoming, conversation_id, offer.what, shown=press.title)
            elif offer.act == "menu":
                heading = escape(offer.what or self._phrase("menu"), quote=False)
                keyboard = self._buttons.menu(conversation_id, offer.what)
                await self._outbox.edit(incoming.chat_id, incoming.message_id, heading, keyboard)
            else:
                phrase = await self._deleted(conversation_id) if offer.act == "delete" else "kept"
                words = escape(self._phrase(phrase), quote=False)
                await self._outbox.edit(incoming.chat_id, incoming.message_id, words)

    async def _rated(self, incoming: Incoming, conversation_id: str, press: Press, topic: str, *, helped: bool) -> None:
        try:
            await asyncio.to_thread(add_feedback, self._engine, conversation_id, topic, helped=helped)
        except StoreError:
            self._outbox.acknowledge(press.query_id, self._phrase("not_kept"))
            return
        self._outbox.acknowledge(press.query_id, self._phrase("thanks"))
        keyboard = self._buttons.without_rating(conversation_id, topic, press.keyboard)
        await self._outbox.edit_buttons(incoming.chat_id, incoming.message_id, keyboard)

    async def _deleted(self, conversation_id: str) -> str:
        """Delete a conversation and return the name of the phrase that says so, or that it failed."""
        try:
            await asyncio.to_thread(erase, self._engine, conversation_id)
        except StoreError:
            return "not_kept"
        return "deleted"

    async def _turn(self, incoming: Incoming, conversation_id: str, text: str, shown: str = "") -> None:
        """Let the engine answer a text or payload; past the time limit with a first reply, and the answer when it is there."""
        message_id = self._identity.message(conversation_id, incoming.key)
        with suppress(StoreError):  # a person in danger must be heard even if the database is not there
            cut = (shown or text)[: self._settings.message_max_chars]
            earlier = await asyncio.to_thread(begin_turn, self._engine, conversation_id, message_id, cut)
            if earlier is not None and await self._answered_elsewhere(conversation_id, earlier, text):
                return
        if self._hurried:
            await self._say(incoming, conversation_id, [self._emergency(text)], text)
            return
        collector = Collector(CHANNEL)
        message = UserMessage(text, collector, conversation_id, input_channel=CHANNEL)
        task = asyncio.ensure_future(run_turn(self._handler, message, collector, self._country))
        async with AsyncExitStack() as stack:
            if not incoming.in_group:
                await stack.enter_async_context(self._outbox.typing(incoming.chat_id))
            replies = await within(task, self._settings.turn_timeout_s)
        done = replies is not None
        if replies is None:
            replies = [emergency_reply(text, self._country, late=True)]
        await self._say(incoming, conversation_id, replies, text)
        await self._keep(conversation_id, message_id, replies, done=done)
        if not done:
            follow = asyncio.create_task(self._follow(incoming, conversation_id, task, text))
            self._late.add(follow)
            follow.add_done_callback(self._late.discard)

    async def _answered_elsewhere(self, conversation_id: str, earlier: StoredTurn, text: str) -> bool:
        """Return whether another process has answered a message; one that is at it may end before it has, so it is waited for.

        Danger does not wait: rather two help texts than none.
        """
        if not earlier.done and screen(text).danger:
            return False
        return await finished(self._engine, conversation_id, earlier) is not None

    async def _follow(self, incoming: Incoming, conversation_id: str, task: asyncio.Task[Replies], text: str) -> None:
        """Send the answer of a turn that took longer than the limit."""
        replies = await task
        try:
            await self._say(incoming, conversation_id, replies, text)
        except Exception as error:  # noqa: BLE001  (the help or apology has been sent; there is nobody to hear of this but the operator)
            logger.error("A late answer could not be given on Telegram: %s.", type(error).__name__)  # noqa: TRY400
        message_id = self._identity.message(conversation_id, incoming.key)
        await self._keep(conversation_id, message_id, replies, done=True)

    async def _refused(self, incoming: Incoming, conversation_id: str) -> bool:
        """Return whether something is too long, or one of too many, and has been answered as such; danger as danger.

        Asking for people to call, and the buttons under help texts, are never too many.
        """
        before = self._said.pop(conversation_id, ())
        self._said[conversation_id] = (*before, incoming.text)[-_SPREAD:] if incoming.text else before
        if len(self._said) > _REMEMBERED:
            self._said.popitem(last=False)
        if incoming.command == _PRIVATE or (incoming.press and incoming.press.title in _NEVER_TOO_MANY):
            return False
        rate = Rate(self._settings.session_burst, self._settings.session_per_minute)
        slow = bool(self._limiter.wait_s(conversation_id, rate))
        long = len(incoming.text) > self._settings.message_max_chars
        if not slow:
            self._slowed.discard(conversation_id)
        if not (slow or long):
            return False
        entry = self._emergency(incoming.text, before)
        if entry["metadata"]["tier"] != "none":
            self._said.pop(conversation_id, None)  # heard: what follows is read for itself
            await self._say(incoming, conversation_id, [entry], incoming.text)
        elif long:
            await self._note(incoming, safety_replies().phrase("too_long", self._country))
        elif conversation_id not in self._slowed:
            self._slowed.add(conversation_id)
            await self._note(incoming, self._phrase("too_many"))
        if incoming.press:
            self._outbox.acknowledge(incoming.press.query_id)
        return True

    async def _keep(self, conversation_id: str, message_id: str, replies: Replies, *, done: bool) -> None:
        with suppress(StoreError):  # the person has the reply all the same
            await asyncio.to_thread(finish_turn, self._engine, conversation_id, message_id, replies, done=done)

    async def _say(self, incoming: Incoming, conversation_id: str, replies: Replies, text: str) -> None:
        """Send replies to a text with their buttons; in a group help in danger goes gently."""
        for reply in replies:
            if incoming.in_group and reply["metadata"]["topic"] in TIERS:
                await self._gently(incoming, reply, text)
                continue
            *first, last = as_html(reply)
            for html in first:
                await self._outbox.send(incoming.chat_id, html, None, _reply_to(incoming))
            keyboard = self._buttons.under(conversation_id, reply)
            await self._outbox.send(incoming.chat_id, last, keyboard, _reply_to(incoming))

    async def _gently(self, incoming: Incoming, reply: dict[str, Any], text: str) -> None:
        """Send what is said in a group: a few words instead of the help text, the numbers, and a way to a private chat.

        The few words are there in English only; who writes in another language gets the help text in it.
        """
        name = "group_mood" if reply["metadata"]["tier"] in STICKY_TIERS else "group_body"
        words = self._phrase(name) if screen(text).answer_in == ENGLISH else reply["text"]
        link = f"https://t.me/{self.username}?start={_PRIVATE}"
        await self._note(incoming, words, self._buttons.private(link, reply))

    async def _note(self, incoming: Incoming, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        await self._outbox.send(incoming.chat_id, escape(text, quote=False), keyboard, _reply_to(incoming))

    def _emergency(self, text: str, before: Sequence[str] = ()) -> dict[str, Any]:
        return emergency_reply(text, self._country, before=before)

    def _phrase(self, name: str, **more: str) -> str:
        return safety_replies().fill(telegram_texts().phrases[name], self._country, **more)


def _reply_to(incoming: Incoming) -> int | None:
    """Return the message that a reply is put under: in a group that of the person, or the one with the button; else none."""
    return incoming.message_id if incoming.in_group else None
