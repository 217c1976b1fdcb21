"""Every part broken in turn: a crisis gets the help text in time, any other message an honest sentence."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.chaos.conftest import BROKEN, Client, Start, broken_options

CRISIS = "i want to kill myself"
SPANISH = "ya no quiero vivir"
QUESTION = "can i drink alcohol at a wedding while on this"
HONEST = ("Something went wrong", "taking longer", "cannot", "could not", "not able", "sorry", "Sorry")

pytestmark = pytest.mark.model


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


ANSWERED = {"nothing is broken"}


@pytest.mark.parametrize("broken", BROKEN)
def test_whatever_is_broken_people_are_heard(start: Start, tmp_path: Path, broken: str) -> None:
    client = start(**broken_options(broken, tmp_path))
    check_heard(client)
    (check_answered if broken in ANSWERED else check_honest)(client)


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
