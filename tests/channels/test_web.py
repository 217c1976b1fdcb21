"""The web channel over HTTP, with a stand-in for the engine."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from bot.channels.sessions import Sessions
from bot.channels.web import PREFIX, WebInput
from bot.model import STICKY_TIERS
from bot.replies.safety import safety_replies
from bot.storage.conversations import append_events, begin_turn, finish_turn
from bot.storage.feedback import add_feedback
from bot.storage.models import Base, FeedbackRow, TurnRow
from tests.channels.conftest import DOCUMENT, Web, echo, settings_for, unscreened
from tests.databases import count

pytestmark = pytest.mark.asyncio

Serve = Callable[..., Awaitable[Web]]
CRISIS = "i want to kill myself"
KEY = b"k" * 32


def texts(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [message["text"] for message in response.json()["messages"]]


def tiers(response: Any) -> list[str]:
    return [message["metadata"]["tier"] for message in response.json()["messages"]]


async def raising(_message: UserMessage) -> None:
    raise RuntimeError("SECRET inside")


async def silent(_message: UserMessage) -> None:
    return None


# the document


async def test_the_routes_are_those_of_the_document(tmp_path: Any) -> None:
    app = Sanic("routes_of_the_document", configure_logging=False)
    app.blueprint(WebInput(settings_for(tmp_path)).blueprint(echo), url_prefix=PREFIX)
    app.router.finalize()
    served = {("/" + route.path.lstrip("/"), method.lower()) for route in app.router.routes for method in route.methods}
    described = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item}
    assert {pair for pair in served if pair[1] not in {"head", "options"}} == described


async def test_the_document_is_served_and_needs_no_session(web: Web) -> None:
    response = await web.client.get(f"{PREFIX}/openapi.json")
    assert response.json() == json.loads(json.dumps(DOCUMENT))


# sessions


async def test_a_session_is_opened_with_a_token_and_its_end(web: Web) -> None:
    before = time.time()
    response = await web.request("POST", "/session")
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    end = Sessions(KEY, 0).read(response.json()["token"]).expires_at
    assert before + 30 * 24 * 3600 - 1 <= end <= time.time() + 30 * 24 * 3600
    assert response.json()["token"] != web.token


def _token(key: bytes, ttl_s: int) -> str:
    return Sessions(key, ttl_s).issue()[0]


def _swapped() -> str:
    one, other = _token(KEY, 100).split("."), _token(KEY, 100).split(".")
    return ".".join((one[0], *other[1:]))


def _prolonged() -> str:
    name, end, signature = _token(KEY, -10).split(".")
    return f"{name}.{int(end) + 1000}.{signature}"


REFUSED: dict[str, Callable[[], str]] = {
    "none": lambda: "",
    "nonsense": lambda: "nonsense",
    "dots": lambda: "..",
    "another key": lambda: _token(b"x" * 32, 100),
    "expired": lambda: _token(KEY, -1),
    "ends now": lambda: _token(KEY, 0),
    "id of one, signature of another": _swapped,
    "end moved": _prolonged,
    "signature cut": lambda: _token(KEY, 100)[:-1],
    "no signature": lambda: _token(KEY, 100).rpartition(".")[0] + ".",
    "upper case": lambda: _token(KEY, 100).upper(),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize(("method", "path"), [("POST", "/messages"), ("GET", "/messages"), ("DELETE", "/session")])
async def test_a_token_that_is_not_good_is_refused(web: Web, make: Callable[[], str], method: str, path: str) -> None:
    content = {"json": {"text": "hello"}} if method == "POST" else {}
    response = await web.request(method, path, token=make(), **content)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert web.seen == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "{token}", "Token {token}"])
async def test_a_header_that_is_not_bearer_is_refused(web: Web, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header.format(token=web.token)}
    response = await web.client.post(f"{PREFIX}/messages", json={"text": "hello"}, headers=headers)
    assert response.status_code == 401


async def test_a_deleted_session_is_refused(web: Web) -> None:
    assert (await web.request("DELETE", "/session")).status_code == 204
    assert (await web.say("hello")).status_code == 401
    assert (await web.request("GET", "/messages")).status_code == 401
    assert (await web.request("DELETE", "/session")).status_code == 401
    assert web.seen == []


async def test_two_sessions_do_not_see_each_other(web: Web) -> None:
    await web.say("mine", "m1")
    first = web.token
    await web.open()
    assert web.token != first
    assert await web.history() == []
    assert texts(await web.say("theirs", "m1")) == ["You said theirs"]


# messages


async def test_a_message_is_answered_with_bubbles(web: Web) -> None:
    response = await web.say("hello", "m1")
    [bubble] = response.json()["messages"]
    assert bubble == {
        "id": "m1-1",
        "text": "You said hello",
        "buttons": [{"title": "Dry lips", "payload": "/dry_lips"}],
        "metadata": {
            "topic": "greet",
            "tier": "none",
            "sources": [{"title": "t", "publisher": "p", "url": None, "checked_on": "2026-11-22"}],
            "reviewed_on": "2026-11-22",
        },
    }
    assert response.headers["cache-control"] == "no-store"
    [seen] = web.seen
    assert (seen.text, seen.sender_id, seen.input_channel) == ("hello", web.conversation_id, "web")


async def test_a_payload_is_taken_if_it_was_offered(web: Web) -> None:
    await web.say("hello")
    assert texts(await web.send({"payload": "/dry_lips", "message_id": "m2"})) == ["You said /dry_lips"]
    assert web.seen[-1].text == "/dry_lips"
    assert [turn["text"] for turn in await web.history()] == ["hello", "Dry lips"]


@pytest.mark.parametrize(
    "payload", ["/dry_lips", "/restart", "/crisis", "", "i want to die", "/DRY_LIPS", "/dry_lips "]
)
async def test_a_payload_that_was_not_offered_is_refused(web: Web, payload: str) -> None:
    if payload != "/dry_lips":
        await web.say("hello")
    response = await web.send({"payload": payload, "message_id": "m2"})
    assert response.status_code == 400
    assert [seen.text for seen in web.seen if seen.text != "hello"] == []
    assert all(turn["message_id"] != "m2" for turn in await web.history())


async def test_a_payload_offered_to_someone_else_is_refused(web: Web) -> None:
    await web.say("hello")
    await web.open()
    assert (await web.send({"payload": "/dry_lips"})).status_code == 400


TYPED = [
    ("/restart", "restart"),
    ("/dry_lips", "dry_lips"),
    ("  //session_start", "session_start"),
    ('/greet{"x": 1}', 'greet{"x": 1}'),
    ("\u200b/restart", "restart"),
    ("\xa0/restart", "restart"),
    ("/\x85/crisis", "crisis"),
    ("and/or", "and/or"),
    ("nul\x00inside", "nul inside"),
    ("\x00/restart", "restart"),
    ("\x1b[31mred\x7f", "[31mred"),
    ("lone \ud800 surrogate", "lone   surrogate"),
    ("two\nlines\tand tab", "two\nlines\tand tab"),
    ("  space around  ", "space around"),
    ("😀 ünïcode", "😀 ünïcode"),
]


@pytest.mark.parametrize(("typed", "taken"), TYPED, ids=[repr(row[0]) for row in TYPED])
async def test_typed_text_is_made_harmless(web: Web, typed: str, taken: str) -> None:
    assert texts(await web.say(typed)) == [f"You said {taken}"]
    assert web.seen[0].text == taken
    assert (await web.history())[0]["text"] == taken


BAD: dict[str, object] = {
    "no JSON": "{",
    "empty": "",
    "half": '{"text": "hel',
    "a list": [],
    "text": '"hello"',
    "a number": "5",
    "null": "null",
    "nothing in it": {},
    "both": {"text": "a", "payload": "/b"},
    "unknown field": {"text": "a", "sender": "someone"},
    "number as text": {"text": 5},
    "list as text": {"text": ["a"]},
    "empty text": {"text": ""},
    "only spaces": {"text": " \n\t "},
    "only a slash": {"text": "/"},
    "only control characters": {"text": "\x00\x01"},
    "number as payload": {"payload": 5},
    "number as id": {"text": "a", "message_id": 5},
    "id with a space": {"text": "a", "message_id": "a b"},
    "id with a line": {"text": "a", "message_id": "a\n"},
    "id of 65": {"text": "a", "message_id": "a" * 65},
    "id with NUL": {"text": "a", "message_id": "a\x00"},
    "deep": "[" * 20000 + "]" * 20000,
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_a_body_that_is_wrong_is_status_400_and_says_whom_to_call_in_danger(web: Web, body: object) -> None:
    response = await web.send(body)
    assert response.status_code == 400
    assert "988" in response.json()["detail"]
    assert web.seen == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"])
async def test_another_content_type_is_status_415(web: Web, kind: str) -> None:
    response = await web.send({"text": "hello"}, headers={"content-type": kind})
    assert response.status_code == 415
    assert web.seen == []


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
async def test_json_may_be_declared_in_other_ways(web: Web, kind: str) -> None:
    assert (await web.send({"text": "hello"}, headers={"content-type": kind})).status_code == 200


# once


async def test_a_repeat_is_answered_once(web: Web) -> None:
    first = await web.say("hello", "m1")
    again = await web.say("other words", "m1")
    assert first.json() == again.json()
    assert len(web.seen) == 1
    assert len(await web.history()) == 1


async def test_repeats_at_the_same_time_are_answered_once(web: Web) -> None:
    async def slowly(message: UserMessage) -> None:
        await asyncio.sleep(0.2)
        await echo(message)

    web.handler = slowly
    responses = await asyncio.gather(*(web.say("hello", "m1") for _ in range(6)))
    assert [response.json() for response in responses] == [responses[0].json()] * 6
    assert texts(responses[0]) == ["You said hello"]
    assert len(web.seen) == 1


async def test_a_repeat_that_another_server_answers_is_waited_for(web: Web) -> None:
    replies = [{"text": "from the other", "buttons": [], "metadata": _metadata()}]
    begin_turn(web.engine, web.conversation_id, "m1", "hello")
    asked = asyncio.ensure_future(web.say("hello", "m1"))
    await asyncio.sleep(0.4)
    assert not asked.done()
    finish_turn(web.engine, web.conversation_id, "m1", replies, done=True)
    assert texts(await asked) == ["from the other"]
    assert web.seen == []


async def test_a_turn_that_was_abandoned_is_answered_anew(web: Web) -> None:
    begin_turn(web.engine, web.conversation_id, "m1", "hello")
    with web.engine.begin() as connection:
        connection.execute(sa.update(TurnRow).values(created_at=time.time() - 61))
    assert texts(await web.say("hello", "m1")) == ["You said hello"]
    assert [turn["done"] for turn in await web.history()] == [True]


async def test_messages_without_an_id_are_each_answered(web: Web) -> None:
    first, second = await web.say("hello"), await web.say("hello")
    assert len(web.seen) == 2
    assert first.json()["messages"][0]["id"] != second.json()["messages"][0]["id"]


# limits


@pytest.mark.parametrize(("length", "status"), [(100, 200), (101, 413)])
async def test_a_long_message_is_status_413(serve: Serve, length: int, status: int) -> None:
    web = await serve(message_max_chars=100)
    response = await web.say("a" * length)
    assert response.status_code == status
    assert len(web.seen) == (status == 200)
    if status == 413:
        assert "shorter message" in response.json()["detail"]
        assert "findahelpline.com" in response.json()["detail"]


@pytest.mark.parametrize(
    "text",
    [CRISIS + " padding" * 500, "padding " * 500 + CRISIS, "padding. " * 250 + CRISIS + ". padding" * 250],
    ids=["first", "last", "in the middle"],
)
async def test_danger_in_a_long_message_gets_help(web: Web, text: str) -> None:
    response = await web.say(text)
    assert texts(response) == [safety_replies().reply("crisis", None).text]
    assert tiers(response) == ["crisis"]
    assert web.seen == []


async def test_too_many_messages_are_status_429_with_the_wait(serve: Serve) -> None:
    web = await serve(session_burst=3, session_per_minute=30)
    assert [(await web.say("hello")).status_code for _ in range(3)] == [200] * 3
    response = await web.say("hello")
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 3
    assert "findahelpline.com" in response.json()["detail"]
    assert len(web.seen) == 3
    await web.open()
    assert (await web.say("another session")).status_code == 200


async def test_too_many_sessions_of_one_address_are_status_429(serve: Serve) -> None:
    web = await serve(address_burst=2, address_per_minute=6, trusted_proxies=1)

    async def statuses(address: str, number: int) -> list[int]:
        headers = {"x-forwarded-for": f"6.6.6.6, {address}"}
        return [(await web.request("POST", "/session", headers=headers)).status_code for _ in range(number)]

    assert await statuses("203.0.113.5", 3) == [201, 201, 429]
    assert await statuses("203.0.113.6", 1) == [201]
    assert await statuses("127.0.0.1", 5) == [201] * 5


async def test_without_a_trusted_proxy_the_header_counts_for_nothing(serve: Serve) -> None:
    web = await serve(address_burst=1, address_per_minute=6)
    headers = {"x-forwarded-for": "203.0.113.5"}
    assert [(await web.request("POST", "/session", headers=headers)).status_code for _ in range(4)] == [201] * 4


# whatever fails, there is a reply


async def test_a_slow_turn_is_answered_in_time_and_kept(serve: Serve) -> None:
    web = await serve(turn_timeout_s=0.3)
    go_on = threading.Event()  # the engine works in a thread of its own

    async def slowly(message: UserMessage) -> None:
        await asyncio.to_thread(go_on.wait)
        await echo(message)

    web.handler = slowly
    started = time.monotonic()
    first = await web.say("hello", "m1")
    assert time.monotonic() - started < 2
    assert texts(first) == [safety_replies().phrase("late", None)]
    kept = [(turn["done"], [message["text"] for message in turn["messages"]]) for turn in await web.history()]
    assert kept == [(False, [safety_replies().phrase("late", None)])]
    assert first.json()["done"] is False
    assert texts(await web.say("hello", "m1")) == [safety_replies().phrase("late", None)]
    go_on.set()
    for _ in range(50):
        if (await web.history())[0]["done"]:
            break
        await asyncio.sleep(0.05)
    [turn] = await web.history()
    assert [message["text"] for message in turn["messages"]] == ["You said hello"]
    assert texts(await web.say("hello", "m1")) == ["You said hello"]
    assert len(web.seen) == 1


async def test_danger_in_a_slow_turn_gets_help_in_time(serve: Serve) -> None:
    web = await serve(turn_timeout_s=0.2)

    async def never(_message: UserMessage) -> None:
        await asyncio.sleep(60)

    web.handler = never
    response = await web.say(CRISIS)
    assert texts(response) == [safety_replies().reply("crisis", None).text]


@pytest.mark.parametrize("handler", [raising, silent])
async def test_an_engine_that_fails_or_is_silent_gives_an_honest_reply(web: Web, handler: Any) -> None:
    web.handler = handler
    response = await web.say("can i drink?", "m1")
    assert texts(response) == [safety_replies().phrase("trouble", None)]
    assert "SECRET" not in response.text
    [turn] = await web.history()
    assert (turn["done"], len(turn["messages"])) == (True, 1)


@pytest.mark.parametrize("handler", [raising, silent, unscreened])
@pytest.mark.parametrize(
    ("text", "tier"),
    [(CRISIS, "crisis"), ("i cant breathe and my throat is swelling", "medical_emergency"), ("/" + CRISIS, "crisis")],
)
async def test_danger_gets_the_help_text_whatever_the_engine_does(web: Web, handler: Any, text: str, tier: Any) -> None:
    web.handler = handler
    response = await web.say(text)
    assert texts(response)[0] == safety_replies().reply(tier, None).text
    assert tiers(response)[0] == tier
    assert len(texts(response)) == (2 if handler is unscreened else 1)
    buttons = [button["title"] for button in response.json()["messages"][0]["buttons"]]
    assert ("This is about someone else" in buttons) == (tier in STICKY_TIERS)


async def test_help_of_the_engine_is_not_said_twice(web: Web) -> None:
    async def helps(message: UserMessage) -> None:
        await message.output_channel.send_response("me", {"text": "help", "tier": "crisis", "topic": "crisis"})

    web.handler = helps
    assert texts(await web.say(CRISIS)) == ["help"]


async def test_help_is_that_of_the_sites_country(serve: Serve) -> None:
    web = await serve(site_country="UK")
    web.handler = raising
    assert texts(await web.say(CRISIS)) == [safety_replies().reply("crisis", "UK").text]


async def test_the_country_of_the_page_counts_more_than_the_servers_and_reaches_the_engine(serve: Serve) -> None:
    web = await serve(site_country="UK")
    await web.send({"text": "hello", "country": "IE"})
    assert web.seen[-1].metadata == {"country": "IE"}
    web.handler = raising
    assert texts(await web.send({"text": CRISIS, "country": "IE"})) == [safety_replies().reply("crisis", "IE").text]


async def test_what_the_engine_said_before_it_failed_is_kept(web: Web) -> None:
    async def half(message: UserMessage) -> None:
        await echo(message)
        raise RuntimeError

    web.handler = half
    assert texts(await web.say("hello")) == ["You said hello", safety_replies().phrase("trouble", None)]


async def test_without_a_database_messages_are_still_answered(serve: Serve) -> None:
    web = await serve(tables=False)
    assert texts(await web.say("hello", "m1")) == ["You said hello"]
    web.handler = raising
    assert texts(await web.say("can i drink")) == [safety_replies().phrase("trouble", None)]
    assert tiers(await web.say(CRISIS)) == ["crisis"]
    assert texts(await web.send({"payload": "/dry_lips"})) == [safety_replies().phrase("trouble", None)]


async def test_without_a_database_history_and_deletion_are_status_503(serve: Serve) -> None:
    web = await serve(tables=False)
    for method, path in (("GET", "/messages"), ("DELETE", "/session")):
        response = await web.request(method, path)
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) > 0


async def test_a_database_that_fails_during_the_turn_does_not_take_the_reply_away(web: Web) -> None:
    async def breaks(message: UserMessage) -> None:
        await echo(message)
        Base.metadata.drop_all(web.engine)

    web.handler = breaks
    assert texts(await web.say("hello")) == ["You said hello"]


async def test_words_of_a_person_are_not_logged(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    web.handler = raising
    await web.say("PRIVATEWORDS about " + CRISIS)
    await web.send({"payload": "PRIVATEWORDS"})
    ours = [record for record in caplog.records if record.name.startswith(("bot", "actions"))]
    assert ours
    assert all("PRIVATEWORDS" not in record.getMessage() and record.exc_info is None for record in ours)


# history and deletion


async def test_the_history_is_what_was_said(web: Web) -> None:
    before = time.time()
    for number in range(3):
        await web.say(f"question {number}", f"m{number}")
    turns = await web.history()
    assert [(turn["message_id"], turn["text"], turn["done"]) for turn in turns] == [
        (f"m{number}", f"question {number}", True) for number in range(3)
    ]
    assert [turn["messages"][0]["id"] for turn in turns] == ["m0-1", "m1-1", "m2-1"]
    assert turns[0]["sent_at"] >= time.strftime("%Y-%m-%dT%H:%M", time.gmtime(before))


# feedback


@pytest.mark.parametrize("helped", [True, False])
async def test_feedback_is_kept_with_the_topic_of_the_bubble(web: Web, helped: bool) -> None:
    await web.say("hello", "m-1")
    response = await web.request("POST", "/feedback", json={"id": "m-1-1", "helped": helped})
    assert response.status_code == 204
    with web.engine.connect() as connection:
        row = connection.execute(sa.select(FeedbackRow.conversation_id, FeedbackRow.topic, FeedbackRow.helped)).one()
    assert tuple(row) == (web.conversation_id, "greet", helped)


@pytest.mark.parametrize("bubble_id", ["m1-2", "m1-0", "m1-", "m1", "-1", "m2-1", "", "m1-1-1", "m1-١"])
async def test_feedback_on_a_bubble_that_is_not_there_is_refused(web: Web, bubble_id: str) -> None:
    await web.say("hello", "m1")
    response = await web.request("POST", "/feedback", json={"id": bubble_id, "helped": True})
    assert response.status_code == 400
    assert count(web.engine, "feedback") == 0


async def test_nobody_rates_the_conversation_of_another(web: Web) -> None:
    await web.say("hello", "m1")
    await web.open()
    assert (await web.request("POST", "/feedback", json={"id": "m1-1", "helped": True})).status_code == 400


async def test_feedback_needs_a_session_and_counts_as_a_message(serve: Serve) -> None:
    web = await serve(session_burst=2, session_per_minute=1)
    await web.say("hello", "m1")
    body = {"id": "m1-1", "helped": True}
    assert (await web.request("POST", "/feedback", token="", json=body)).status_code == 401
    assert (await web.request("POST", "/feedback", json=body)).status_code == 204
    assert (await web.request("POST", "/feedback", json=body)).status_code == 429


# other sites

CLINIC = "https://clinic.example"


@pytest.mark.parametrize(
    ("allowed", "origin", "let_in"),
    [
        ("", CLINIC, False),
        (CLINIC, CLINIC, True),
        (f"https://other.example, {CLINIC}/", CLINIC, True),
        ("*", CLINIC, True),
        (CLINIC, "https://clinic.example.evil.example", False),
        (CLINIC, "http://clinic.example", False),
        (CLINIC, "null", False),
    ],
)
async def test_only_named_sites_may_embed(serve: Serve, allowed: str, origin: str, let_in: bool) -> None:
    web = await serve(embed_origins=allowed)
    headers = {"origin": origin}
    preflight = await web.client.options(f"{PREFIX}/messages", headers=headers)
    assert preflight.status_code == 204
    for response in (
        preflight,
        await web.request("POST", "/session", headers=headers),
        await web.say("hello", headers=headers),
        await web.request("GET", "/messages", token="", headers=headers),
    ):
        assert response.headers.get("access-control-allow-origin") == (origin if let_in else None)
        assert response.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in response.headers
    assert "Authorization" in preflight.headers["access-control-allow-headers"]


async def test_deletion_erases_everything(web: Web) -> None:
    other = "web:other"
    for name in (web.conversation_id, other):
        append_events(web.engine, name, [{"event": "user", "text": "PRIVATEWORDS"}])
        add_feedback(web.engine, name, "alcohol", helped=True)
    begin_turn(web.engine, other, "m1", "theirs")
    await web.say("PRIVATEWORDS", "m1")
    assert (await web.request("DELETE", "/session")).status_code == 204
    tables = ("conversation_event", "web_turn", "feedback", "erased_conversation")
    assert [count(web.engine, table) for table in tables] == [1, 1, 1, 1]
    with web.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if "conversation_id" in table.columns and table.name != "erased_conversation":
                assert set(connection.execute(sa.select(table.c.conversation_id)).scalars()) == {other}


async def test_a_turn_that_ends_after_the_deletion_is_not_kept(web: Web) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(message: UserMessage) -> None:
        started.set()
        await go_on.wait()
        await echo(message)

    web.handler = slowly
    asked = asyncio.ensure_future(web.say("PRIVATEWORDS", "m1"))
    await started.wait()
    assert (await web.request("DELETE", "/session")).status_code == 204
    go_on.set()
    await asked
    assert count(web.engine, "web_turn") == 0


def _metadata() -> dict[str, Any]:
    return {"topic": "greet", "tier": "none", "sources": [], "reviewed_on": None}
