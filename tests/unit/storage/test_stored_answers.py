"""The answer store, on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content.load import load_answers
from bot.errors import StoreError
from bot.model import Answer, AnswerText, Source
from bot.storage.answers import Changes, StoredAnswers, fingerprint, load_into
from tests.databases import count

DAY = dt.date(2026, 11, 22)
NHS = Source("nhs", "Isotretinoin", "NHS", "https://www.nhs.uk/", DAY)
LABEL = Source("label", "US label", "FDA", None, DAY)
LEAFLET = Source("leaflet", "Leaflet", "BAD", "https://bad.org.uk/", DAY)


def an_answer(topic: str, *sources: Source) -> Answer:
    return Answer(
        topic=topic,
        title=topic.title(),
        question=f"What about {topic}?",
        text=AnswerText(f"{topic} short – “ünïcode” 😀", f"{topic} full\n\n- one\n- two"),
        by_country={"uk": AnswerText(f"{topic} short UK", f"{topic} full UK")},
        follow_ups=("b", "c"),
        sources=sources or (NHS,),
        reviewed_on=DAY,
    )


A = an_answer("a", NHS, LABEL)
B = an_answer("b", LABEL, NHS)
C = an_answer("c", LEAFLET)


def loaded(engine: Engine, *answers: Answer) -> Changes:
    return load_into(engine, {answer.topic: answer for answer in answers})


def test_every_field_comes_back(engine: Engine) -> None:
    loaded(engine, A, B, C)
    store = StoredAnswers(engine)
    assert [store.get(topic) for topic in "abc"] == [A, B, C]


def test_the_order_of_the_sources_is_kept(engine: Engine) -> None:
    loaded(engine, A, B)
    store = StoredAnswers(engine)
    assert [source.id for source in store.get("a").sources] == ["nhs", "label"]
    assert [source.id for source in store.get("b").sources] == ["label", "nhs"]


def test_all_content_can_be_stored_and_read_back(engine: Engine) -> None:
    answers = load_answers()
    assert load_into(engine, answers) == Changes(added=len(answers), updated=0, removed=0, unchanged=0)
    store = StoredAnswers(engine)
    assert {topic: store.get(topic) for topic in answers} == answers


def test_loading_twice_changes_nothing(engine: Engine) -> None:
    assert loaded(engine, A, B, C) == Changes(added=3, updated=0, removed=0, unchanged=0)
    before = [count(engine, table) for table in ("answer", "answer_text", "answer_source", "source")]
    assert loaded(engine, A, B, C) == Changes(added=0, updated=0, removed=0, unchanged=3)
    assert [count(engine, table) for table in ("answer", "answer_text", "answer_source", "source")] == before


CHANGED = {
    "short text": replace(A, text=replace(A.text, short="new")),
    "full text": replace(A, text=replace(A.text, full="new")),
    "title": replace(A, title="New"),
    "question": replace(A, question="New?"),
    "country added": replace(A, by_country={**A.by_country, "us": AnswerText("s", "f")}),
    "country changed": replace(A, by_country={"uk": AnswerText("s", "f")}),
    "country removed": replace(A, by_country={}),
    "follow-ups": replace(A, follow_ups=("c",)),
    "order of sources": replace(A, sources=(LABEL, NHS)),
    "other source": replace(A, sources=(LEAFLET,)),
    "review date": replace(A, reviewed_on=dt.date(2027, 1, 1)),
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED.keys())
def test_a_changed_answer_is_served_after_a_reload(engine: Engine, changed: Answer) -> None:
    store = StoredAnswers(engine)
    loaded(engine, A, B)
    assert store.get("a") == A
    assert loaded(engine, changed, B) == Changes(added=0, updated=1, removed=0, unchanged=1)
    assert store.get("a") == changed
    assert store.get("b") == B


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED.keys())
def test_the_fingerprint_changes_with_every_part(changed: Answer) -> None:
    assert fingerprint(changed) != fingerprint(A)
    assert fingerprint(replace(A)) == fingerprint(A)


def test_a_removed_answer_is_gone_and_so_are_its_texts(engine: Engine) -> None:
    loaded(engine, A, B, C)
    assert loaded(engine, A, B) == Changes(added=0, updated=0, removed=1, unchanged=2)
    store = StoredAnswers(engine)
    with pytest.raises(StoreError):
        store.get("c")
    assert store.titles(["c"]) == {}
    assert [count(engine, table) for table in ("answer", "answer_text", "answer_source")] == [2, 4, 4]


def test_a_source_that_nothing_cites_is_dropped(engine: Engine) -> None:
    loaded(engine, A, C)
    assert count(engine, "source") == 3
    loaded(engine, A)
    assert count(engine, "source") == 2


def test_a_changed_source_is_served_although_the_answer_is_the_same_otherwise(engine: Engine) -> None:
    loaded(engine, A, B)
    moved = replace(NHS, url="https://www.nhs.uk/medicines/isotretinoin/", checked_on=dt.date(2027, 1, 2))
    loaded(engine, replace(A, sources=(moved, LABEL)), replace(B, sources=(LABEL, moved)))
    assert StoredAnswers(engine).get("a").sources == (moved, LABEL)
    assert StoredAnswers(engine).get("b").sources == (LABEL, moved)


def test_titles_keep_the_order_asked_for_and_leave_out_the_unknown(engine: Engine) -> None:
    loaded(engine, A, B, C)
    titles = StoredAnswers(engine).titles(topic for topic in ("c", "nothing", "a"))
    assert list(titles.items()) == [("c", "C"), ("a", "A")]
    assert StoredAnswers(engine).titles([]) == {}


def test_a_missing_answer_is_a_clear_error(engine: Engine) -> None:
    with pytest.raises(StoreError, match=r"There is no answer to 'nothing'.*make content"):
        StoredAnswers(engine).get("nothing")


def test_a_load_that_fails_leaves_what_was_there(engine: Engine) -> None:
    loaded(engine, A)
    broken = replace(B, title=None)
    with pytest.raises(StoreError):
        loaded(engine, replace(A, title="New"), broken)
    assert StoredAnswers(engine).get("a") == A
    assert StoredAnswers(engine).titles(["a", "b"]) == {"a": "A"}


def test_a_reload_by_another_process_is_seen_at_once(engine: Engine) -> None:
    loaded(engine, A)
    store = StoredAnswers(engine)
    assert store.get("a") == A
    other = sa.create_engine(engine.url, future=True)
    loaded(other, replace(A, title="New"))
    other.dispose()
    assert store.get("a").title == "New"
