"""Every part broken in turn: a crisis gets the help text in time, any other message an honest sentence."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.conftest import Client, Start, free_port

CRISIS = "i want to kill myself"
SPANISH = "ya no quiero vivir"
QUESTION = "can i drink alcohol at a wedding while on this"
HONEST = ("Something went wrong", "taking longer", "cannot", "could not", "not able", "sorry", "Sorry")

pytestmark = pytest.mark.model


def nowhere(scheme: str) -> str:
    """Return an address at which nothing answers."""
    return f"{scheme}127.0.0.1:{free_port()}"


def check_heard(client: Client) -> None:
    """A crisis gets the help text, in its language too."""
    for text, words in ((CRISIS, "988"), (SPANISH, "emergencias")):
        bubble = client.say(text)
        assert bubble["metadata"]["tier"] == "crisis", bubble["text"]
        assert words in bubble["text"]


def check_honest(client: Client) -> None:
    """Another message gets an honest sentence with where to turn, not an answer and not silence."""
    bubble = client.say(QUESTION)
    assert bubble["metadata"]["topic"] != "alcohol"
    assert any(words in bubble["text"] for words in HONEST), bubble["text"]


def check_answered(client: Client) -> None:
    """The part that is broken is not needed for an answer."""
    assert client.say(QUESTION)["metadata"]["topic"] == "alcohol"


def corrupt(tmp_path: Path, kind: str) -> str:
    """Return the path of a model that is missing, empty, nonsense or cut short."""
    file = tmp_path / "model.tar.gz"
    if kind == "nonsense":
        file.write_bytes(b"\x00nonsense" * 1000)
    elif kind == "empty":
        file.touch()
    return str(file)


BROKEN: list[tuple[str, dict[str, Any], Any]] = [
    ("nothing is broken", {}, check_answered),
    ("the action server is down", {"ACTION_ENDPOINT_URL": "down"}, check_honest),
    ("the model raises", {"fault": "model raises"}, check_honest),
    ("the model hangs past the time limit", {"fault": "model hangs"}, check_honest),
    ("the lock store is down", {"REDIS_URL": "down"}, check_honest),
    ("the database is down from the start", {"DATABASE_URL": "down"}, check_honest),
    ("the model is missing", {"model": "missing"}, check_honest),
    ("the model is empty", {"model": "empty"}, check_honest),
    ("the model is nonsense", {"model": "nonsense"}, check_honest),
]


@pytest.mark.parametrize(("broken", "check"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_whatever_is_broken_people_are_heard(start: Start, tmp_path: Path, broken: dict[str, str], check: Any) -> None:
    down = {"ACTION_ENDPOINT_URL": "http://", "REDIS_URL": "redis://", "DATABASE_URL": "postgresql://nobody@"}
    options = {name: nowhere(down[name]) if value == "down" else value for name, value in broken.items()}
    if "model" in options:
        options["model"] = corrupt(tmp_path, options["model"])
    client = start(**options)
    check_heard(client)
    check(client)


def test_the_database_may_go_away_in_the_middle(start: Start, tmp_path: Path) -> None:
    client = start()
    check_answered(client)
    with sqlite3.connect(tmp_path / "chaos.db") as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f'DROP TABLE "{table}"')
    check_heard(client)
    check_honest(client)


def test_a_screen_that_raises_counts_as_possible_danger(start: Start) -> None:
    client = start(fault="screen raises")
    for text in (CRISIS, QUESTION):
        assert client.say(text)["metadata"]["tier"] != "none"


STRANGE = [
    ("NUL bytes in the text", json.dumps({"text": f"\0{CRISIS}\0"}).encode()),
    ("a NUL byte in the body", b'{"text": "i want to die \0"}'),
    ("invalid UTF-8", b'{"text": "i want to die \xff\xfe"}'),
    ("half a surrogate", b'{"text": "i want to die \\ud83d"}'),
    ("a thousand lines", json.dumps({"text": f"{CRISIS}" + "\n" * 1000}).encode()),
    ("letters piled up with marks", json.dumps({"text": f"{CRISIS} " + "e" + "\u0301" * 2000}).encode()),
]


@pytest.mark.parametrize("body", [row[1] for row in STRANGE], ids=[row[0] for row in STRANGE])
def test_strange_bytes_do_not_hide_a_crisis(healthy: Client, body: bytes) -> None:
    response = healthy.post(body)
    assert response.status_code == 200, response.text
    assert response.json()["messages"][0]["metadata"]["tier"] == "crisis"


REFUSED = [
    ("a megabyte", json.dumps({"text": "x" * 1_000_000 + CRISIS}).encode(), 413),
    ("no JSON", CRISIS.encode(), 400),
    ("deep nesting", b"[" * 50_000, 400),
]


@pytest.mark.parametrize(("body", "status"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_read_is_refused_with_the_number_to_call(healthy: Client, body: bytes, status: int) -> None:
    response = healthy.post(body)
    assert response.status_code == status
    assert "988" in response.json()["detail"]


def test_three_hundred_messages_at_once(healthy: Client) -> None:
    texts = [CRISIS if number % 10 == 0 else QUESTION for number in range(300)]
    clients = [Client(healthy.url) for _ in range(30)]
    with ThreadPoolExecutor(max_workers=300) as pool:
        bubbles = list(pool.map(lambda job: job[0].say(job[1]), zip(clients * 10, texts, strict=True)))
    for text, bubble in zip(texts, bubbles, strict=True):
        assert bubble["text"]
        assert (bubble["metadata"]["tier"] == "crisis") == (text == CRISIS)
