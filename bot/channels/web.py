"""The web channel: sessions, messages, history, feedback and deletion as JSON over HTTP (docs/channels.md).

It is one module, as all routes share the session, the limits and the turns under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Coroutine
from functools import wraps
from json import loads as parse_json
from typing import Any, Final

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.channels.conversation import Collector, Handler, emergency_reply, finished, is_abandoned, run_turn, within
from bot.channels.embedding import allow_embedding
from bot.channels.limits import Limiter, Rate, is_this_machine, make_limiter
from bot.channels.openapi import openapi_document
from bot.channels.problems import Problem, bad_request, too_long, too_many, unauthorized, unavailable
from bot.channels.requests import IncomingMessage, read_feedback, read_message
from bot.channels.sessions import Session, Sessions
from bot.errors import StoreError, TokenError
from bot.replies.safety import safety_replies
from bot.settings import Settings, settings, signing_key
from bot.storage.conversations import (
    StoredTurn,
    begin_turn,
    erase,
    find_turn,
    finish_turn,
    is_erased,
    recent_turns,
)
from bot.storage.engine import engine_for
from bot.storage.feedback import add_feedback

PREFIX: Final = "/webhooks/web"
_HISTORY_TURNS: Final = 200
_OFFER_TURNS: Final = 50
_TOO_MANY: Final = "That was a lot at once. Please wait a moment and send it again."

Endpoint = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class WebInput(InputChannel):
    """Rasa input channel for browsers.

    Args:
        configuration: the settings; those of this process by default.
        limiter: where limits are counted; by the settings by default.
    """

    def __init__(self, configuration: Settings | None = None, limiter: Limiter | None = None) -> None:
        self._settings = configuration or settings()
        self._limiter = limiter or make_limiter(self._settings.redis_url)
        self._sessions = Sessions(signing_key(self._settings.secret_key), self._settings.session_ttl_s)
        self._engine = engine_for(self._settings.database_url)
        self._running: dict[tuple[str, str], asyncio.Task[list[dict[str, Any]]]] = {}

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which is also its place below /webhooks."""
        return "web"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("web_channel")
        document = openapi_document(PREFIX)

        @routes.post("/session")
        @_with_problems
        async def open_session(request: Request) -> HTTPResponse:
            self._check_address(request)
            token, session = self._sessions.issue()
            expires = dt.datetime.fromtimestamp(session.expires_at, dt.UTC).isoformat()
            return json({"token": token, "expires_at": expires}, status=201, headers=_private())

        @routes.post("/messages")
        @_with_problems
        async def say(request: Request) -> HTTPResponse:
            session = await self._session(request)
            message = read_message(_json_body(request))
            wait = self._wait_s(session)
            if wait and not await self._answered(session, message):
                raise too_many(wait, _TOO_MANY)
            replies, done = await self._reply(session, message, on_new_message)
            return json({"messages": _with_ids(message.message_id, replies), "done": done}, headers=_private())

        @routes.get("/messages")
        @_with_problems
        async def history(request: Request) -> HTTPResponse:
            session = await self._session(request)
            turns = await asyncio.to_thread(recent_turns, self._engine, session.conversation_id, _HISTORY_TURNS)
            return json({"turns": [_as_history(turn) for turn in turns]}, headers=_private())

        @routes.delete("/session")
        @_with_problems
        async def delete(request: Request) -> HTTPResponse:
            session = await self._session(request)
            await asyncio.to_thread(erase, self._engine, session.conversation_id)
            return empty()

        @routes.post("/feedback")
        @_with_problems
        async def feedback(request: Request) -> HTTPResponse:
            session = await self._session(request)
            given = read_feedback(_json_body(request))
            if wait := self._wait_s(session):
                raise too_many(wait, _TOO_MANY)
            topic = await self._topic(session.conversation_id, given.bubble_id)
            await asyncio.to_thread(add_feedback, self._engine, session.conversation_id, topic, helped=given.helped)
            return empty()

        @routes.get("/openapi.json")
        async def openapi(_request: Request) -> HTTPResponse:
            return json(document)

        allow_embedding(routes, self._settings.embed_origins)
        return routes

    def _check_address(self, request: Request) -> None:
        address = _client_address(request, self._settings.trusted_proxies)
        if is_this_machine(address):
            return
        rate = Rate(self._settings.address_burst, self._settings.address_per_minute)
        wait = self._limiter.wait_s(f"address:{address}", rate)
        if wait:
            raise too_many(wait, "Too many sessions were opened from your network. Please wait a moment.")

    def _wait_s(self, session: Session) -> float:
        rate = Rate(self._settings.session_burst, self._settings.session_per_minute)
        return self._limiter.wait_s(session.conversation_id, rate)

    async def _session(self, request: Request) -> Session:
        scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "bearer":
            raise unauthorized("Send the session token as `Authorization: Bearer <token>`.")
        try:
            session = self._sessions.read(token.strip())
        except TokenError as error:
            raise unauthorized(f"{error.what} {error.do}") from error
        try:
            erased = await asyncio.to_thread(is_erased, self._engine, session.conversation_id)
        except StoreError:
            erased = False  # a person in danger must be heard even if the database is not there
        if erased:
            raise unauthorized("This session was deleted. Open a new session.")
        return session

    async def _answered(self, session: Session, message: IncomingMessage) -> bool:
        """Return whether this message has been taken before: a repeat costs nothing and is not limited."""
        if (session.conversation_id, message.message_id) in self._running:
            return True
        try:
            found = await asyncio.to_thread(find_turn, self._engine, session.conversation_id, message.message_id)
        except StoreError:
            return False
        return found is not None

    async def _reply(
        self, session: Session, message: IncomingMessage, handler: Handler
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return the bubbles for a message within the time limit, and whether they are the last word on it."""
        text = message.text or message.payload or ""
        if len(text) > self._settings.message_max_chars:
            replies = [self._long(text, message.country)]
            await self._keep(session, message.message_id, text[: self._settings.message_max_chars], replies)
            return replies, True
        key = (session.conversation_id, message.message_id)
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(self._turn(session, message, handler))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        in_time = await within(task, self._settings.turn_timeout_s)
        if in_time is not None:
            return in_time, True
        late = [emergency_reply(text, self._country(message.country), late=True)]
        await self._keep(session, message.message_id, text, late, done=False)
        return late, False

    async def _keep(
        self, session: Session, message_id: str, text: str, replies: list[dict[str, Any]], *, done: bool = True
    ) -> None:
        """Keep replies that the engine did not give, so that their buttons count as offered."""
        with contextlib.suppress(StoreError):  # the person has the reply all the same
            earlier = await asyncio.to_thread(begin_turn, self._engine, session.conversation_id, message_id, text)
            if earlier is None or not earlier.done:
                await asyncio.to_thread(
                    finish_turn, self._engine, session.conversation_id, message_id, replies, done=done
                )

    async def _turn(self, session: Session, message: IncomingMessage, handler: Handler) -> list[dict[str, Any]]:
        conversation_id, message_id = session.conversation_id, message.message_id
        text, shown = message.text or "", message.text or ""
        try:
            if message.payload is not None:
                shown = await self._offered(conversation_id, message)
                text = message.payload
            earlier = await asyncio.to_thread(begin_turn, self._engine, conversation_id, message_id, shown)
            if earlier is not None and not is_abandoned(earlier):
                return await self._wait_for(conversation_id, earlier, message.country)
        except StoreError:
            if message.payload is not None and not text:
                return [emergency_reply("", self._country(message.country))]
        collector = Collector(self.name())
        replies = await run_turn(
            handler,
            UserMessage(
                text,
                collector,
                conversation_id,
                input_channel=self.name(),
                metadata={"country": message.country} if message.country else None,
            ),
            collector,
            self._country(message.country),
        )
        with contextlib.suppress(StoreError):  # the person has the reply; the engine has logged the fault
            await asyncio.to_thread(finish_turn, self._engine, conversation_id, message_id, replies, done=True)
        return replies

    async def _offered(self, conversation_id: str, message: IncomingMessage) -> str:
        """Return the title of the offered button that has this payload.

        Raises:
            Problem: with status 400 if no such button was offered in this conversation.
        """
        turns = await asyncio.to_thread(recent_turns, self._engine, conversation_id, _OFFER_TURNS)
        for turn in reversed(turns):
            for reply in turn.replies:
                for button in reply["buttons"]:
                    if button["payload"] == message.payload:
                        return str(button["title"])
        raise bad_request("This payload was not offered in this conversation. Send what was typed as `text`.")

    async def _topic(self, conversation_id: str, bubble_id: str) -> str:
        """Return the topic of a bubble.

        Raises:
            Problem: with status 400 if there is no such bubble in this conversation.
        """
        message_id, _, number = bubble_id.rpartition("-")
        turn = await asyncio.to_thread(find_turn, self._engine, conversation_id, message_id)
        for index, reply in enumerate(turn.replies if turn else (), start=1):
            if str(index) == number:
                return str(reply["metadata"]["topic"])
        raise bad_request("There is no bubble with this id in this conversation.")

    async def _wait_for(self, conversation_id: str, turn: StoredTurn, country: str | None) -> list[dict[str, Any]]:
        """Return the replies of a turn that another request or server is answering."""
        found = await finished(self._engine, conversation_id, turn)
        return found.replies if found else [emergency_reply(turn.text, self._country(country))]

    def _long(self, text: str, country: str | None) -> dict[str, Any]:
        entry = emergency_reply(text, self._country(country))
        if entry["metadata"]["tier"] != "none":
            return entry
        phrase = safety_replies().phrase("too_long", self._country(country))
        raise too_long(f"{phrase} (At most {self._settings.message_max_chars} characters are read.)")

    def _country(self, of_page: str | None) -> str | None:
        return of_page or self._settings.site_country or None


def _with_problems(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def wrapped(request: Request) -> HTTPResponse:
        try:
            return await endpoint(request)
        except Problem as problem:
            return problem.response()
        except StoreError:
            return unavailable("The database cannot be reached. Please try again.").response()

    return wrapped


def _json_body(request: Request) -> object:
    if not (request.content_type or "").lower().startswith("application/json"):
        raise Problem(415, "Not JSON", "Send the body as Content-Type: application/json.")
    try:
        # Broken bytes and raw control characters are let through: they must not keep a cry for help from being read.
        return parse_json((request.body or b"").decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise bad_request("The body is not valid JSON.") from error


def _client_address(request: Request, trusted_proxies: int) -> str:
    """Return the address of the client: the one the outermost trusted proxy saw."""
    forwarded = [part.strip() for part in (request.headers.get("x-forwarded-for") or "").split(",") if part.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return forwarded[-trusted_proxies]
    return str(request.ip)


def _with_ids(message_id: str, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"{message_id}-{index}", **reply} for index, reply in enumerate(replies, start=1)]


def _as_history(turn: StoredTurn) -> dict[str, Any]:
    return {
        "message_id": turn.message_id,
        "text": turn.text,
        "sent_at": dt.datetime.fromtimestamp(turn.created_at, dt.UTC).isoformat(),
        "done": turn.done,
        "messages": _with_ids(turn.message_id, turn.replies),
    }


def _private() -> dict[str, str]:
    return {"Cache-Control": "no-store"}
