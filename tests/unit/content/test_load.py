"""Content is read whole, or refused with a file and a way to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.load import (
    HelpLine,
    load_answer,
    load_answers,
    load_helplines,
    load_safety_texts,
    load_small_talk,
    load_sources,
    read_yaml,
)
from bot.errors import ContentError
from bot.model import STICKY_TIERS, TIERS, AnswerText

Data = dict[str, Any]

ANSWER = """
topic: sun
title: Sun
question: Can I sit in the sun?
short: |
  Keep out of it.
full: Keep out of it, as your skin burns fast.
by_country:
  uk: {short: Rain it is., full: It rains anyway.}
follow_ups: [dry_skin, dry_lips]
sources: [leaflet]
reviewed_on: 2026-11-22
"""
SOURCES = """
leaflet: {title: The leaflet, publisher: A publisher, url: null, checked_on: 2026-11-20}
"""


def rewrite(file: Path, change: Callable[[Data], Any]) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(yaml.dump(data, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")


def drop(*path: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for key in path[:-1]:
            data = data[key]
        del data[path[-1]]

    return change


def put(value: object, *path: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a folder with one answer and one source."""
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "sun.yml").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "sources.yml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def test_an_answer_is_read_with_every_field(small: Path) -> None:
    answer = load_answers(small)["sun"]
    (source,) = answer.sources
    assert (answer.topic, answer.title, answer.question) == ("sun", "Sun", "Can I sit in the sun?")
    assert answer.text == AnswerText("Keep out of it.", "Keep out of it, as your skin burns fast.")
    assert answer.by_country == {"uk": AnswerText("Rain it is.", "It rains anyway.")}
    assert answer.follow_ups == ("dry_skin", "dry_lips")
    assert answer.reviewed_on == dt.date(2026, 11, 22)
    assert (source.id, source.title, source.publisher) == ("leaflet", "The leaflet", "A publisher")
    assert (source.url, source.checked_on) == (None, dt.date(2026, 11, 20))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop("topic"), "'topic' is missing"),
        (drop("title"), "'title' is missing"),
        (drop("question"), "'question' is missing"),
        (drop("follow_ups"), "'follow_ups' is missing"),
        (drop("reviewed_on"), "'reviewed_on' is missing"),
        (drop("short"), "'short' is missing"),
        (drop("full"), "'full' is missing"),
        (put(None, "full"), "missing or not text"),
        (put(20, "short"), "missing or not text"),
        (drop("by_country", "uk", "full"), "'full' is missing"),
        (put("only one text", "by_country", "uk"), "missing or not text"),
        (put("moon", "topic"), "topic is 'moon'"),
        (put("soon", "reviewed_on"), "reviewed_on is 'soon'"),
        (drop("sources"), "`sources` is empty"),
        (put([], "sources"), "`sources` is empty"),
        (put("leaflet", "sources"), "`sources` is empty"),
        (put(["leaflet", "hearsay"], "sources"), "source 'hearsay' is unknown"),
    ],
)
def test_a_malformed_answer_is_refused_with_its_file(small: Path, change: Callable[[Data], None], says: str) -> None:
    file = small / "answers" / "sun.yml"
    rewrite(file, change)
    with pytest.raises(ContentError) as caught:
        load_answer(file, load_sources(small))
    assert says in caught.value.what
    assert str(file) in caught.value.what
    assert caught.value.do


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: b: c", ":1 is not valid YAML"),
        ("fine: 1\n\tbad: 2", ":2 is not valid YAML"),
        ("- a\n- list", "holds no mapping"),
        ("", "holds no mapping"),
        ("just words", "holds no mapping"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "some.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_yaml(file)
    assert f"{file}" in caught.value.what
    assert says in caught.value.what


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"gone\.yml cannot be read"):
        read_yaml(tmp_path / "gone.yml")


def test_a_folder_without_answers_is_refused(small: Path) -> None:
    (small / "answers" / "sun.yml").unlink()
    with pytest.raises(ContentError, match="holds no answers"):
        load_answers(small)


@pytest.mark.parametrize("field", ["title", "publisher", "url", "checked_on"])
def test_a_source_that_lacks_a_field_is_refused(small: Path, field: str) -> None:
    rewrite(small / "sources.yml", drop("leaflet", field))
    with pytest.raises(ContentError, match=f"leaflet lacks '{field}'"):
        load_sources(small)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop("worldwide"), "no `worldwide` entry"),
        (drop("UK", "name"), "UK lacks 'name'"),
        (drop("UK", "crisis"), "UK lacks 'crisis'"),
        (drop("UK", "medical_advice"), "UK lacks 'medical_advice'"),
        (drop("UK", "poison"), "UK lacks 'poison'"),
        (drop("UK", "crisis", 0, "name"), "UK lacks 'name'"),
        (drop("UK", "crisis", 0, "verified"), "UK lacks 'verified'"),
        (put([], "UK", "emergency"), "UK lacks"),
        (put(None, "UK", "poison"), "UK lacks"),
        (put(None, "UK"), "UK lacks"),
    ],
)
def test_malformed_help_lines_are_refused_with_the_country(
    folder: Path, change: Callable[[Data], None], says: str
) -> None:
    rewrite(folder / "helplines.yml", change)
    with pytest.raises(ContentError) as caught:
        load_helplines(folder)
    assert says in caught.value.what


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    "break_it", [lambda tier: drop(tier), lambda tier: drop(tier, "self"), lambda tier: drop(tier, "other")]
)
def test_a_safety_tier_without_its_texts_is_refused(
    folder: Path, tier: str, break_it: Callable[[str], Callable[[Data], None]]
) -> None:
    rewrite(folder / "safety.yml", break_it(tier))
    with pytest.raises(ContentError, match=f"tier {tier} lacks its texts"):
        load_safety_texts(folder)


def test_a_safety_text_with_an_unknown_source_is_refused(folder: Path) -> None:
    rewrite(folder / "safety.yml", put(["hearsay"], "crisis", "sources"))
    with pytest.raises(ContentError, match="'hearsay' is unknown"):
        load_safety_texts(folder)


@pytest.mark.parametrize(
    "change",
    [
        drop("greet", "text"),
        put(None, "greet"),
        put(5, "greet", "text"),
        drop("greet", "buttons", 0, "title"),
        drop("greet", "buttons", 0, "payload"),
    ],
)
def test_malformed_small_talk_is_refused_with_the_topic(folder: Path, change: Callable[[Data], None]) -> None:
    rewrite(folder / "small_talk.yml", change)
    with pytest.raises(ContentError, match="greet lacks"):
        load_small_talk(folder)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (HelpLine("Lifeline", phone="988"), "Lifeline: call 988"),
        (HelpLine("Samaritans", phone="116 123", hours="24/7, free"), "Samaritans: call 116 123 (24/7, free)"),
        (HelpLine("Shout", text="SHOUT to 85258"), "Shout: text SHOUT to 85258"),
        (HelpLine("A", text="WhatsApp 123"), "A: WhatsApp 123"),
        (HelpLine("A", text="SMS 123"), "A: SMS 123"),
        (HelpLine("A", web="a.org"), "A: a.org"),
        (HelpLine("A", phone="1", text="2", web="a.org", hours="24/7"), "A: call 1, text 2, a.org (24/7)"),
    ],
)
def test_a_help_line_reads_as_one_sentence(line: HelpLine, sentence: str) -> None:
    assert line.sentence() == sentence


def test_the_real_content_loads_with_every_tier_follow_up_and_phrase() -> None:
    texts = load_safety_texts()
    assert set(texts.tiers) == set(TIERS)
    assert all("follow_up" in texts.tiers[tier].texts for tier in STICKY_TIERS)
    assert {"moved_on", "reminder", "reminder_mood", "trouble", "late", "too_long", "human"} <= set(texts.phrases)
    assert {"ask_weight_kg", "ask_daily_dose_mg", "greet", "help"} <= set(load_small_talk())
