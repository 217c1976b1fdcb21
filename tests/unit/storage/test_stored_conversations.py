"""Events and web turns of conversations, on SQLite and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.storage.conversations import (
    all_events,
    append_events,
    begin_turn,
    conversation_ids,
    erase,
    find_turn,
    finish_turn,
    is_erased,
    latest_events,
    recent_turns,
)
from bot.storage.engine import create_engine
from bot.storage.feedback import add_feedback
from bot.storage.migrate import upgrade
from tests.databases import count

ROOT = Path(__file__).resolve().parents[3]
ME, OTHER = "web:me", "web:other"
Event = dict[str, Any]

LISTEN: Event = {"event": "action", "name": "action_listen", "timestamp": 1.0}
RESTART: Event = {"event": "restart", "timestamp": 1.0}


def said(text: str) -> Event:
    return {"event": "user", "text": text, "timestamp": 1.0}


def slot(name: str, value: object) -> Event:
    return {"event": "slot", "name": name, "value": value, "timestamp": 1.0}


def turn_of(text: str) -> list[Event]:
    return [LISTEN, said(text), {"event": "action", "name": "action_answer_topic"}, {"event": "bot", "text": "reply"}]


def slots_in_force(events: list[Event]) -> dict[str, Any]:
    """Return the slots after replaying events, as Rasa does."""
    slots: dict[str, Any] = {}
    for event in events:
        if event["event"] in {"restart", "reset_slots", "session_started"}:
            slots = {}
        if event["event"] == "slot":
            slots[event["name"]] = event["value"]
    return slots


def test_events_come_back_in_order_and_unchanged(engine: Engine) -> None:
    odd = {
        "event": "user",
        "text": "naïve 😀 \x00 \ud800 \"'",
        "parse_data": {"nested": [1, None, 2.5]},
        "timestamp": 1.0,
    }
    events = [LISTEN, odd, slot("country", "UK"), slot("country", None)]
    append_events(engine, ME, events[:2])
    append_events(engine, OTHER, [said("not mine")])
    append_events(engine, ME, events[2:])
    assert all_events(engine, ME) == events
    assert latest_events(engine, ME, 80) == events


def test_nothing_appended_is_nothing_stored(engine: Engine) -> None:
    append_events(engine, ME, [])
    assert all_events(engine, ME) == []
    assert latest_events(engine, ME, 80) == []
    assert conversation_ids(engine) == []


def test_ids_are_named_once_each(engine: Engine) -> None:
    for name in (ME, OTHER, ME):
        append_events(engine, name, [LISTEN])
    assert sorted(conversation_ids(engine)) == [ME, OTHER]


def long_talk(*first: Event, middle: tuple[Event, ...] = ()) -> list[Event]:
    before = [event for number in range(20) for event in turn_of(f"before {number}")]
    after = [event for number in range(30) for event in turn_of(f"after {number}")]
    return [LISTEN, *first, *before, *middle, *after]


WINDOWED = {
    "a slot set long ago": (long_talk(slot("country", "UK")), {"country": "UK"}),
    "the newest of several values": (
        long_talk(slot("country", "UK"), slot("country", "US"), middle=(slot("country", "IE"),)),
        {"country": "IE"},
    ),
    "several slots": (long_talk(slot("a", 1), slot("b", [2]), slot("c", {"d": 3})), {"a": 1, "b": [2], "c": {"d": 3}}),
    "a slot that was emptied": (long_talk(slot("a", 1), middle=(slot("a", None),)), {"a": None}),
    "a restart forgets": (long_talk(slot("a", 1), middle=(RESTART,)), {}),
    "a restart, then a slot": (long_talk(slot("a", 1), middle=(RESTART, slot("b", 2))), {"b": 2}),
    "slots reset": (long_talk(slot("a", 1), middle=({"event": "reset_slots"}, slot("b", 2))), {"b": 2}),
    "a new session": (long_talk(slot("a", 1), middle=({"event": "session_started"},)), {}),
    "two restarts": (long_talk(slot("a", 1), RESTART, slot("b", 2), middle=(RESTART, slot("c", 3))), {"c": 3}),
    "a restart in the window": (
        [*long_talk(slot("a", 1)), RESTART, LISTEN, slot("b", 2)],
        {"b": 2},
    ),
    "changed in the window": ([*long_talk(slot("a", 1)), slot("a", 2)], {"a": 2}),
}


@pytest.mark.parametrize("window", [5, 8, 17, 80])
@pytest.mark.parametrize(("events", "expected"), WINDOWED.values(), ids=WINDOWED.keys())
def test_a_window_keeps_the_slots_in_force(
    engine: Engine, events: list[Event], expected: dict[str, Any], window: int
) -> None:
    append_events(engine, OTHER, [slot("country", "FR"), slot("z", 1)])
    append_events(engine, ME, events)
    read = latest_events(engine, ME, window)
    assert len(read) <= window + 3
    assert slots_in_force(read) == expected == slots_in_force(all_events(engine, ME))


def test_a_window_starts_where_the_assistant_listened_and_ends_with_the_latest(engine: Engine) -> None:
    append_events(engine, ME, long_talk())
    for window in (5, 6, 7, 8, 40):
        read = latest_events(engine, ME, window)
        assert read[0] == LISTEN
        assert read == all_events(engine, ME)[-len(read) :]
        assert window - 4 < len(read) <= window


@pytest.mark.parametrize(("number", "window"), [(79, 80), (80, 80), (81, 80), (1, 1)])
def test_a_window_at_its_edge_loses_no_slot(engine: Engine, number: int, window: int) -> None:
    events = [slot("first", 1), *[said(str(index)) for index in range(number - 1)]]
    append_events(engine, ME, events)
    assert slots_in_force(latest_events(engine, ME, window)) == {"first": 1}


def test_an_interrupted_turn_without_a_listen_still_gives_the_latest(engine: Engine) -> None:
    append_events(engine, ME, [said(str(number)) for number in range(100)])
    assert [event["text"] for event in latest_events(engine, ME, 10)] == [str(number) for number in range(90, 100)]


def test_a_turn_is_claimed_once_finished_and_found(engine: Engine) -> None:
    replies = [{"text": "hi 😀", "buttons": [], "metadata": {"topic": "greet"}}]
    assert begin_turn(engine, ME, "m1", "hello") is None
    claimed = begin_turn(engine, ME, "m1", "other words")
    assert claimed is not None
    assert (claimed.text, claimed.replies, claimed.done) == ("hello", [], False)
    finish_turn(engine, ME, "m1", replies, done=True)
    found = find_turn(engine, ME, "m1")
    assert found is not None
    assert (found.message_id, found.text, found.replies, found.done) == ("m1", "hello", replies, True)
    assert begin_turn(engine, ME, "m1", "hello") == found


def test_the_same_message_id_of_two_conversations_is_two_turns(engine: Engine) -> None:
    assert begin_turn(engine, ME, "m1", "mine") is None
    assert begin_turn(engine, OTHER, "m1", "theirs") is None
    finish_turn(engine, ME, "m1", [{"text": "a"}], done=True)
    other = find_turn(engine, OTHER, "m1")
    assert other is not None
    assert not other.done
    assert find_turn(engine, ME, "m2") is None


def test_the_latest_turns_come_oldest_first(engine: Engine) -> None:
    for number in range(7):
        begin_turn(engine, ME, f"m{number}", str(number))
        begin_turn(engine, OTHER, f"m{number}", "not mine")
    assert [turn.text for turn in recent_turns(engine, ME, 3)] == ["4", "5", "6"]
    assert len(recent_turns(engine, ME, 50)) == 7


def test_erasing_deletes_everything_of_one_conversation_only(engine: Engine) -> None:
    for name in (ME, OTHER):
        append_events(engine, name, turn_of("private words"))
        begin_turn(engine, name, "m1", "private words")
        add_feedback(engine, name, "alcohol", helped=True)
    erase(engine, ME)
    assert all_events(engine, ME) == []
    assert recent_turns(engine, ME, 50) == []
    assert conversation_ids(engine) == [OTHER]
    assert [count(engine, table) for table in ("conversation_event", "web_turn", "feedback")] == [4, 1, 1]
    assert is_erased(engine, ME)
    assert not is_erased(engine, OTHER)


WRITES: dict[str, Callable[[Engine], object]] = {
    "events": lambda engine: append_events(engine, ME, turn_of("late words")),
    "end of a turn": lambda engine: finish_turn(engine, ME, "m1", [{"text": "late"}], done=True),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_an_erased_conversation_is_not_written_again(engine: Engine, write: Callable[[Engine], object]) -> None:
    begin_turn(engine, ME, "m1", "private words")
    erase(engine, ME)
    write(engine)
    assert [count(engine, table) for table in ("conversation_event", "web_turn", "feedback")] == [0, 0, 0]


def test_erasing_twice_or_an_unknown_conversation_is_harmless(engine: Engine) -> None:
    erase(engine, ME)
    erase(engine, ME)
    assert is_erased(engine, ME)
    assert count(engine, "erased_conversation") == 1


def test_erased_words_are_not_left_in_an_sqlite_file(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    upgrade(engine)
    append_events(engine, ME, [said("PRIVATEWORDS " * 500)])
    begin_turn(engine, ME, "m1", "PRIVATEWORDS")
    erase(engine, ME)
    engine.dispose()
    assert [file.name for file in tmp_path.iterdir() if b"PRIVATEWORDS" in file.read_bytes()] == []


def test_two_threads_lose_nothing(engine: Engine) -> None:
    def write(name: str) -> None:
        for number in range(20):
            append_events(engine, ME, [said(f"{name} {number}"), slot(name, number)])

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    events = all_events(engine, ME)
    for name in ("a", "b", "c"):
        assert [e["text"] for e in events if e["event"] == "user" and e["text"][0] == name] == [
            f"{name} {number}" for number in range(20)
        ]
    assert slots_in_force(latest_events(engine, ME, 10)) == {"a": 19, "b": 19, "c": 19}


_WRITER = """
import sys
from bot.storage.conversations import append_events, begin_turn
from bot.storage.engine import create_engine
url, name = sys.argv[1:]
engine = create_engine(url)
claimed = 0
for number in range(25):
    append_events(engine, "web:me", [{"event": "user", "text": f"{name} {number}", "timestamp": 1.0}])
    claimed += begin_turn(engine, "web:me", f"m{number}", name) is None
print(claimed)
"""


def test_two_processes_lose_nothing_and_each_message_has_one_owner(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, url, name], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    claimed = [int(writer.communicate(timeout=60)[0]) for writer in writers]
    assert sum(claimed) == 25
    texts = [event["text"] for event in all_events(engine, ME)]
    for name in ("a", "b"):
        assert [text for text in texts if text[0] == name] == [f"{name} {number}" for number in range(25)]


def test_one_of_many_claims_wins(engine: Engine) -> None:
    outcomes: list[bool] = []
    start = threading.Barrier(6)

    def claim() -> None:
        start.wait(10)
        outcomes.append(begin_turn(engine, ME, "m1", "hello") is None)

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [False] * 5 + [True]


def test_reading_a_long_conversation_uses_indexes(engine: Engine) -> None:
    """The cost of a turn must not grow with the conversation: no query of `latest_events` may scan the table."""
    append_events(engine, ME, [event for _ in range(25) for event in long_talk(slot("a", 1))])
    append_events(engine, OTHER, [said("x")] * 2000)
    statements: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    sa.event.listen(
        engine, "before_cursor_execute", lambda *call: statements.append((call[2], call[3])) if call[2] else None
    )
    latest_events(engine, ME, 80)
    queries = [statement for statement in statements if statement[0].lstrip().upper().startswith("SELECT")]
    assert len(queries) == 2
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for statement, parameters in queries:
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
            assert "SCAN conversation_event" not in plan, plan
            assert "Seq Scan on conversation_event" not in plan, plan
