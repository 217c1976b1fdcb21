"""A small Bot API server: it checks what it is sent as the real one would, and keeps what was shown in the chats.

Limits and error texts after https://core.telegram.org/bots/api (Bot API 10).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from aiohttp import web

TOKEN: Final = "123456789:test-token-of-the-fake-bot-api-0"
ME: Final = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Isotretinoin assistant",
    "username": "iso_faq_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
_TAGS: Final = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "code",
    "pre",
    "a",
    "blockquote",
    "tg-spoiler",
}
_LONGEST: Final = 4096


class RefusedError(Exception):
    """What the Bot API answers with `ok: false`."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class _Markup(HTMLParser):
    """Reads Telegram HTML as strictly as Telegram does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.visible = ""
        self.links: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise RefusedError(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise RefusedError(400, "Bad Request: can't parse entities: Unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.visible += data

    def handle_comment(self, data: str) -> None:
        raise RefusedError(400, "Bad Request: can't parse entities: Unsupported start tag")

    handle_decl = handle_comment
    handle_pi = handle_comment

    def finish(self) -> None:
        self.close()
        if self._open:
            raise RefusedError(400, "Bad Request: can't parse entities: Can't find end tag")


def read_html(html: str) -> tuple[str, list[str]]:
    """Return the visible text and the links of Telegram HTML, or refuse it."""
    if re.search(r"<(?![a-z/])|<[a-z/][^<>]*\Z|&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)", html):
        raise RefusedError(400, "Bad Request: can't parse entities: stray character")
    reader = _Markup()
    reader.feed(html)
    reader.finish()
    return reader.visible, reader.links


@dataclass
class Shown:
    """A message of the bot as it stands in a chat."""

    chat_id: int
    message_id: int
    text: str
    html: str
    links: list[str]
    rows: list[list[dict[str, Any]]]
    reply_to: int | None = None

    def button(self, title: str) -> dict[str, Any]:
        """Return the button with a title."""
        return next(b for row in self.rows for b in row if b["text"] == title)

    @property
    def titles(self) -> list[str]:
        """The titles of the buttons, in order."""
        return [button["text"] for row in self.rows for button in row]


@dataclass
class Fault:
    """What goes wrong with the next calls of a method ("" for any)."""

    method: str
    times: int
    act: Callable[[], Any]


@dataclass
class BotApi:
    """The server and what it knows.

    `shown` are the bot's messages in order, `calls` the methods called with their parameters, `spinning` says of each query
    whether it is still to be answered.
    """

    url: str = ""
    shown: list[Shown] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    spinning: dict[str, bool] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: list[dict[str, str]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What a test must know of: a call that the real server would refuse though no fault was asked for."""

    known: dict[int, set[int]] = field(default_factory=dict)
    """The messages of people by chat."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1000))
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a port of its own."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        address = self._runner.addresses[0]
        self.url = f"http://{address[0]}:{address[1]}"

    async def stop(self) -> None:
        """Close all connections."""
        if self._runner:
            await self._runner.cleanup()

    # What people do

    async def push(self, **content: Any) -> dict[str, Any]:
        """Let something happen: an update with one content such as message={...}; returns the update."""
        update = {"update_id": next(self._numbers), **content}
        await self.repeat(update)
        return update

    async def repeat(self, update: dict[str, Any]) -> None:
        """Deliver an update, again if it was delivered before."""
        for part in ("message", "edited_message"):
            if part in update:
                message = update[part]
                self.known.setdefault(message["chat"]["id"], set()).add(message["message_id"])
        if query := update.get("callback_query"):
            self.spinning[query["id"]] = True
        async with self._news:
            self.waiting.append(update)
            self._news.notify_all()

    def fail(self, method: str, times: int, act: Callable[[], Any]) -> None:
        """Let the next calls of a method fail by raising or returning a response."""
        self.faults.append(Fault(method, times, act))

    async def until(self, done: Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, f"nothing came: {[message.text[:80] for message in self.shown]}"
            await asyncio.sleep(0.01)

    async def shows(self, number: int) -> list[Shown]:
        """Wait until the bot has sent a number of messages and return all."""
        await self.until(lambda: len(self.shown) >= number)
        return self.shown

    # What the bot calls

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        parameters = {key: _value(value) for key, value in (await request.post()).items() if isinstance(value, str)}
        self.calls.append((method, parameters))
        try:
            response = await self._faulty(method)
            if response is not None:  # an empty one counts as false
                return response
            result = await self._handler(request)(parameters)
        except RefusedError as refused:
            if refused.status in {400, 404} and not refused.parameters:
                self.problems.append(f"{method}: {refused.description}")
            body = {"ok": False, "error_code": refused.status, "description": refused.description}
            return web.json_response({**body, "parameters": refused.parameters}, status=refused.status)
        return web.json_response({"ok": True, "result": result})

    async def _faulty(self, method: str) -> web.Response | None:
        """Let a call fail if a test asked for it."""
        for fault in self.faults:
            if fault.method in {"", method} and fault.times > 0:
                fault.times -= 1
                response = fault.act()
                return await response if asyncio.iscoroutine(response) else response
        return None

    def _handler(self, request: web.Request) -> Callable[[dict[str, Any]], Awaitable[Any]]:
        if request.match_info["token"] != TOKEN:
            raise RefusedError(401, "Unauthorized")
        handler: Callable[[dict[str, Any]], Awaitable[Any]] | None
        handler = getattr(self, f"_{request.match_info['method']}", None)
        if handler is None:
            raise RefusedError(404, "Not Found")
        return handler

    async def _getMe(self, _p: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return ME

    async def _setMyCommands(self, p: dict[str, Any]) -> bool:  # noqa: N802
        for command in p["commands"]:
            _demand(re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]), "BOT_COMMAND_INVALID")
            _demand(1 <= len(command["description"]) <= 256, "BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = p["commands"]
        return True

    async def _setWebhook(self, p: dict[str, Any]) -> bool:  # noqa: N802
        _demand(p["url"].startswith("https://"), "bad webhook: An HTTPS URL must be provided for webhook")
        secret = p.get("secret_token") or ""
        _demand(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret), "bad webhook: secret token contains illegal symbols")
        self.webhook = p
        return True

    async def _deleteWebhook(self, _p: dict[str, Any]) -> bool:  # noqa: N802
        self.webhook = {}
        return True

    async def _getUpdates(self, p: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        if self.webhook:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, end = int(p.get("offset") or 0), time.monotonic() + float(p.get("timeout") or 0)
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        allowed = p.get("allowed_updates") or []
        async with self._news:
            while not self.waiting and time.monotonic() < end:
                try:
                    await asyncio.wait_for(self._news.wait(), end - time.monotonic())
                except TimeoutError:
                    break
        return [update for update in self.waiting if not allowed or set(update) & set(allowed)][:100]

    async def _sendChatAction(self, p: dict[str, Any]) -> bool:  # noqa: N802
        self._chat(p)
        _demand(p["action"] == "typing", "wrong parameter action in request")
        return True

    async def _sendMessage(self, p: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        chat_id = self._chat(p)
        text, links = self._text(p)
        reply = p.get("reply_parameters") or {}
        target = reply.get("message_id")
        if target and target not in self.known.get(chat_id, set()):
            _demand(reply.get("allow_sending_without_reply"), "message to be replied not found")
            target = None
        message = Shown(chat_id, next(self._message_ids), text, str(p["text"]), links, _rows(p), target)
        self.shown.append(message)
        return self._as_message(message)

    async def _editMessageText(self, p: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        message = self._own(p)
        text, links = self._text(p)
        rows = _rows(p)
        _demand((text, rows) != (message.text, message.rows), "message is not modified")
        message.text, message.html, message.links, message.rows = text, str(p["text"]), links, rows
        return self._as_message(message)

    async def _editMessageReplyMarkup(self, p: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        message, rows = self._own(p), _rows(p)
        _demand(rows != message.rows, "message is not modified")
        message.rows = rows
        return self._as_message(message)

    async def _answerCallbackQuery(self, p: dict[str, Any]) -> bool:  # noqa: N802
        query_id, note = str(p["callback_query_id"]), str(p.get("text") or "")
        _demand(self.spinning.get(query_id), "query is too old and response timeout expired or query ID is invalid")
        _demand(len(note) <= 200, "MESSAGE_TOO_LONG")
        self.spinning[query_id] = False
        self.notes[query_id] = note
        return True

    def _chat(self, p: dict[str, Any]) -> int:
        chat_id = int(p["chat_id"])
        if chat_id in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        if new := self.migrated.get(chat_id):
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, description, migrate_to_chat_id=new)
        _demand(chat_id in self.known, "chat not found")
        return chat_id

    def _text(self, p: dict[str, Any]) -> tuple[str, list[str]]:
        text, links = read_html(str(p["text"])) if p.get("parse_mode") == "HTML" else (str(p["text"]), [])
        _demand(text.strip(), "message text is empty")
        _demand(len(text.encode("utf-16-le")) // 2 <= _LONGEST, "message is too long")
        for link in links:
            _demand(re.match(r"https?://[^\s/]+\.[^\s/]+", link), "wrong HTTP URL")
        return text, links

    def _own(self, p: dict[str, Any]) -> Shown:
        wanted = (int(p["chat_id"]), int(p["message_id"]))
        found = [message for message in self.shown if (message.chat_id, message.message_id) == wanted]
        _demand(found, "message to edit not found")
        return found[0]

    @staticmethod
    def _as_message(message: Shown) -> dict[str, Any]:
        chat_type = "private" if message.chat_id > 0 else "supergroup"
        return {
            "message_id": message.message_id,
            "from": ME,
            "chat": {"id": message.chat_id, "type": chat_type},
            "date": int(time.time()),
            "text": message.text,
            **({"reply_markup": {"inline_keyboard": message.rows}} if message.rows else {}),
        }


@asynccontextmanager
async def running_bot_api() -> AsyncIterator[BotApi]:
    """Run a server; at the end it must not have refused anything that no test asked it to."""
    server = BotApi()
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []


def _value(raw: str) -> Any:
    try:
        return json.loads(raw) if raw[:1] in {"{", "["} else raw
    except ValueError:
        return raw


def _demand(so: object, description: str) -> None:
    if not so:
        raise RefusedError(400, f"Bad Request: {description}")


def _rows(p: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = (p.get("reply_markup") or {}).get("inline_keyboard") or []
    _demand(sum(len(row) for row in rows) <= 100, "too many buttons")
    for row in rows:
        _demand(1 <= len(row) <= 8, "wrong row of buttons")
        for button in row:
            _demand(button.get("text"), "inline keyboard button text must be non-empty")
            actions = set(button) - {"text"}
            _demand(len(actions) == 1, "text buttons must have exactly one action")
            data = button.get("callback_data")
            _demand(data is None or 1 <= len(data.encode()) <= 64, "BUTTON_DATA_INVALID")
            link = button.get("url")
            _demand(link is None or re.match(r"https?://|tg://", link), "inline keyboard button URL is invalid")
            copied = button.get("copy_text")
            _demand(copied is None or 1 <= len(copied["text"]) <= 256, "BUTTON_COPY_TEXT_INVALID")
    return rows
