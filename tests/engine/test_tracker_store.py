"""The tracker store, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from bot.engine.tracker_store import ConversationStore
from bot.errors import StoreError
from bot.settings import ROOT
from bot.storage.conversations import all_events, erase
from bot.storage.engine import create_engine, engine_for
from bot.storage.migrate import upgrade
from tests.databases import count

ME = "web:me"


def turn_of(text: str, *events: Event) -> list[Event]:
    parse = {"intent": {"name": "alcohol", "confidence": 0.9}, "entities": [], "safety": {"tier": "none"}}
    return [
        UserUttered(text, parse["intent"], parse_data=parse, input_channel="web"),
        ActionExecuted("action_answer_topic"),
        *events,
        BotUttered(f"reply to {text}", {"buttons": None}, metadata={"topic": "alcohol"}),
        ActionExecuted("action_listen"),
    ]


async def add(store: ConversationStore, *events: Event, sender: str = ME) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender)
    tracker.update_with_events(list(events), store.domain)
    await store.save(tracker)
    return tracker


def texts(tracker: DialogueStateTracker | None) -> list[str]:
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


@pytest.mark.asyncio
async def test_a_conversation_comes_back_as_it_was(store: ConversationStore) -> None:
    saved = await add(store, *turn_of("hi 😀", SlotSet("country", "UK"), SlotSet("last_topic", "alcohol")))
    read = await store.retrieve(ME)
    assert read is not None
    assert [event.as_dict() for event in read.events] == [event.as_dict() for event in saved.events]
    assert (read.get_slot("country"), read.get_slot("last_topic")) == ("UK", "alcohol")
    assert read.latest_message is not None
    assert read.latest_message.parse_data["safety"] == {"tier": "none"}


@pytest.mark.asyncio
async def test_nobody_is_nobody(store: ConversationStore) -> None:
    assert await store.retrieve("web:nobody") is None
    assert await store.retrieve_full_tracker("web:nobody") is None
    assert list(await store.keys()) == []
    assert not await store.exists("web:nobody")


@pytest.mark.asyncio
async def test_each_sender_has_their_own(store: ConversationStore) -> None:
    await add(store, *turn_of("mine", SlotSet("country", "UK")))
    await add(store, *turn_of("theirs"), sender="web:other")
    other = await store.retrieve("web:other")
    assert texts(other) == ["theirs"]
    assert other is not None
    assert other.get_slot("country") is None
    assert sorted(await store.keys()) == [ME, "web:other"]


@pytest.mark.asyncio
async def test_saving_appends_only_what_is_new(store: ConversationStore, engine: Engine) -> None:
    tracker = await add(store, *turn_of("one"))
    before = count(engine, "conversation_event")
    await store.save(tracker)
    assert count(engine, "conversation_event") == before
    tracker.update_with_events(turn_of("two"), store.domain)
    await store.save(tracker)
    assert count(engine, "conversation_event") == before + 4
    assert texts(await store.retrieve(ME)) == ["one", "two"]


@pytest.mark.asyncio
async def test_a_slot_is_kept_after_300_events(store: ConversationStore) -> None:
    await add(store, *turn_of("first", SlotSet("country", "UK"), SlotSet("safety_tier", "crisis")))
    for number in range(80):
        await add(store, *turn_of(str(number)))
    read = await store.retrieve(ME)
    assert read is not None
    assert len(all_events(store._engine, ME)) > 300
    assert (read.get_slot("country"), read.get_slot("safety_tier")) == ("UK", "crisis")
    assert texts(read)[-1] == "79"


@pytest.mark.asyncio
async def test_a_restart_is_kept_too(store: ConversationStore) -> None:
    await add(store, *turn_of("first", SlotSet("country", "UK")))
    await add(store, Restarted(), ActionExecuted("action_listen"))
    for number in range(40):
        await add(store, *turn_of(str(number)))
    read = await store.retrieve(ME)
    assert read is not None
    assert read.get_slot("country") is None


@pytest.mark.asyncio
async def test_the_cost_of_a_turn_stays_flat(store: ConversationStore) -> None:
    """Counts events read, events written and statements of one turn, early and after thousands of events."""
    statements: list[str] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    async def cost() -> tuple[int, int, int]:
        statements.clear()
        before = count(store._engine, "conversation_event")
        statements.clear()
        tracker = await add(store, *turn_of("question"))
        made = len(statements)
        return len(tracker.events), count(store._engine, "conversation_event") - before, made

    for _ in range(30):
        await add(store, *turn_of("question"))
    early = await cost()
    tracker = await store.retrieve(ME)
    assert tracker is not None
    for _ in range(700):
        tracker.update_with_events(turn_of("question"), store.domain)
    await store.save(tracker)
    late = await cost()
    assert late == early
    assert late[0] < 100


@pytest.mark.asyncio
async def test_the_full_tracker_has_every_event_and_may_be_saved(store: ConversationStore, engine: Engine) -> None:
    for number in range(60):
        await add(store, *turn_of(str(number)))
    stored = count(engine, "conversation_event")
    full = await store.retrieve_full_tracker(ME)
    assert texts(full) == [str(number) for number in range(60)]
    assert full is not None
    full.update_with_events(turn_of("last"), store.domain)
    await store.save(full)
    assert count(engine, "conversation_event") == stored + 4


@pytest.mark.asyncio
async def test_two_trackers_of_one_sender_lose_nothing(store: ConversationStore, domain: Domain) -> None:
    await add(store, *turn_of("first"))
    other_process = ConversationStore(domain)
    mine, theirs = await store.retrieve(ME), await other_process.retrieve(ME)
    assert mine is not None
    assert theirs is not None
    mine.update_with_events(turn_of("from a", SlotSet("country", "UK")), domain)
    theirs.update_with_events(turn_of("from b", SlotSet("last_topic", "alcohol")), domain)
    await store.save(mine)
    await other_process.save(theirs)
    read = await store.retrieve(ME)
    assert texts(read) == ["first", "from a", "from b"]
    assert read is not None
    assert (read.get_slot("country"), read.get_slot("last_topic")) == ("UK", "alcohol")


async def talk(name: str) -> None:
    engine_for.cache_clear()
    store = ConversationStore(Domain.load(str(ROOT / "domain.yml")))
    slot = {"a": "country", "b": "last_topic"}[name]
    for number in range(15):
        await add(store, UserUttered(f"{name} {number}"), SlotSet(slot, str(number)), ActionExecuted("action_listen"))


def test_two_processes_with_one_sender_lose_nothing(store: ConversationStore) -> None:
    store._engine.dispose()  # so that the processes share no connection
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=lambda name=name: asyncio.run(talk(name))) for name in ("a", "b")]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    said = texts(asyncio.run(store.retrieve_full_tracker(ME)))
    for name in ("a", "b"):
        assert [text for text in said if text[0] == name] == [f"{name} {number}" for number in range(15)]
    read = asyncio.run(store.retrieve(ME))
    assert read is not None
    assert (read.get_slot("country"), read.get_slot("last_topic")) == ("14", "14")


@pytest.mark.asyncio
async def test_an_erased_conversation_is_not_written_again(store: ConversationStore, engine: Engine) -> None:
    tracker = await add(store, *turn_of("private"))
    erase(engine, ME)
    tracker.update_with_events(turn_of("late"), store.domain)
    await store.save(tracker)
    assert await store.retrieve(ME) is None
    assert count(engine, "conversation_event") == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("use", ["retrieve", "retrieve_full_tracker", "save", "keys"])
async def test_a_database_without_tables_is_a_store_error(
    empty_engine: Engine, domain: Domain, clean_settings: pytest.MonkeyPatch, use: str
) -> None:
    clean_settings.setenv("DATABASE_URL", empty_engine.url.render_as_string(hide_password=False))
    store = ConversationStore(domain)
    tracker = DialogueStateTracker.from_events(ME, turn_of("words"), domain.slots)
    calls: dict[str, Any] = {
        "retrieve": lambda: store.retrieve(ME),
        "retrieve_full_tracker": lambda: store.retrieve_full_tracker(ME),
        "save": lambda: store.save(tracker),
        "keys": lambda: store.keys(),
    }
    with pytest.raises(StoreError):
        await calls[use]()


@pytest.mark.asyncio
async def test_what_could_not_be_saved_is_saved_next_time(
    empty_engine: Engine, domain: Domain, clean_settings: pytest.MonkeyPatch
) -> None:
    url = empty_engine.url.render_as_string(hide_password=False)
    clean_settings.setenv("DATABASE_URL", url)
    store = ConversationStore(domain)
    tracker = DialogueStateTracker.from_events(ME, turn_of("words"), domain.slots)
    with pytest.raises(StoreError):
        await store.save(tracker)
    upgrade(create_engine(url))
    await store.save(tracker)
    assert texts(await store.retrieve(ME)) == ["words"]
