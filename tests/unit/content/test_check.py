"""Every fault of the content is found, in its file and line, and the real content has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.check import FULL_WORDS, MAX_SOURCES, REVIEW_DAYS, SHORT_WORDS, Fault, check_content, line_of
from bot.content.load import load_answers
from bot.settings import ROOT

Data = dict[str, Any]
TODAY = max(answer.reviewed_on for answer in load_answers().values())
EASY = "You take it with food. It is good to do so. "
SUN = "answers/sun_protection.yml"


def put(value: object, *path: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def append(text: str, key: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data[key] = data[key] + text

    return change


def easy(words: int) -> str:
    return " ".join((EASY * words).split()[:words])


def rewrite(file: Path, change: Callable[[Data], Any]) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(
        yaml.dump(data, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8"
    )


def test_the_real_content_has_no_fault() -> None:
    assert [str(fault) for fault in check_content(today=TODAY)] == []


def test_a_copy_written_anew_has_no_fault_either(folder: Path, domain: Path) -> None:
    for file in folder.rglob("*.yml"):
        rewrite(file, lambda _data: None)
    assert [str(fault) for fault in check_content(folder, domain, TODAY)] == []


@pytest.mark.parametrize(
    ("file", "change", "key", "says"),
    [
        (SUN, put("Su", "title"), "title", "The title has 2 characters"),
        (SUN, put("S" * 29, "title"), "title", "The title has 29 characters"),
        (SUN, put("S" * 81, "question"), "question", "The question has 81 characters"),
        (SUN, put(["dry_skin"], "follow_ups"), "follow_ups", "follow_ups are ['dry_skin']"),
        (SUN, put(["dry_skin", "dry_lips", "dry_eyes", "alcohol"], "follow_ups"), "follow_ups", "follow_ups are"),
        (SUN, put(["dry_skin", "sun_protection"], "follow_ups"), "follow_ups", "follow_ups are"),
        (SUN, put(["dry_skin", "moonlight"], "follow_ups"), "follow_ups", "follow_ups are"),
        (SUN, put(["dry_skin", "greet"], "follow_ups"), "follow_ups", "follow_ups are"),
        (SUN, put(["dry_skin", "crisis"], "follow_ups"), "follow_ups", "follow_ups are"),
        (SUN, put(TODAY + dt.timedelta(days=1), "reviewed_on"), "reviewed_on", "in the future"),
        (
            SUN,
            put(TODAY - dt.timedelta(days=REVIEW_DAYS + 1), "reviewed_on"),
            "reviewed_on",
            f"over {REVIEW_DAYS} days ago",
        ),
        (SUN, put({"fr": {"short": easy(20), "full": easy(80)}}, "by_country"), "fr", "Country 'fr' is unknown"),
        (SUN, put("", "short"), "short", "The short text has 0 words"),
        (SUN, put(easy(SHORT_WORDS + 1), "short"), "short", f"The short text has {SHORT_WORDS + 1} words"),
        (SUN, put(easy(FULL_WORDS[0] - 1), "full"), "full", f"The full text has {FULL_WORDS[0] - 1} words"),
        (SUN, put(easy(FULL_WORDS[1] + 1), "full"), "full", f"The full text has {FULL_WORDS[1] + 1} words"),
        (
            SUN,
            put("Photosensitivity necessitates considerable precautionary consideration.", "short"),
            "short",
            "The short text reads at grade",
        ),
        (SUN, put(easy(70).replace(".", " and"), "full"), "full", "The full text reads at grade"),
        (SUN, put({"uk": {"short": easy(20), "full": easy(10)}}, "by_country"), "full", "The full text has 10 words"),
        *((SUN, append(f" See {mark} here.", "short"), "short", f"holds {mark!r}") for mark in "*_#`<>[]"),
        (SUN, append(" See https://a.org.", "short"), "short", "holds 'https:'"),
        (SUN, append(" Use **lots**.", "full"), "full", "holds '*'"),
        ("sources.yml", put("www.nhs.uk", "nhs_main", "url"), "nhs_main", "'www.nhs.uk' is no web address"),
        ("sources.yml", put("https://nhs", "nhs_main", "url"), "nhs_main", "is no web address"),
        ("sources.yml", put("https://nhs.uk/a b", "nhs_main", "url"), "nhs_main", "is no web address"),
        ("sources.yml", put("today", "nhs_main", "checked_on"), "nhs_main", "checked_on is no date"),
        ("helplines.yml", put("", "UK", "crisis", 0, "source"), "UK", "UK: a verified line names no source"),
        ("helplines.yml", put("someone", "UK", "emergency", 0, "source"), "UK", "UK: a verified line names no source"),
        ("helplines.yml", put(False, "UK", "crisis", 0, "verified"), "UK", "UK: a line is not verified"),
        ("helplines.yml", put("yes", "UK", "poison", 0, "verified"), "UK", "UK: a line is not verified"),
        ("helplines.yml", put([], "UK", "crisis"), "UK", "UK has no crisis line"),
        ("telegram.yml", put(["moonlight"], "menu", "Moon"), "menu", "'moonlight' has no answer"),
        ("telegram.yml", put(["dry_lips"], "menu", "More"), "menu", "'dry_lips' has no answer, or stands twice"),
        ("telegram.yml", put(["alcohol", "dry_lips", "dry_skin"], "menu", "Skin"), "menu", "'dry_eyes' is in no group"),
        ("telegram.yml", put("", "commands", "help"), "help", "/help is empty or long"),
        ("telegram.yml", put("x" * 257, "commands", "help"), "help", "/help is empty or long"),
        ("telegram.yml", put("{moon}", "phrases", "start"), "start", "{moon} is no placeholder"),
        ("telegram.yml", put("Call now. " * 76, "phrases", "group_mood"), "group_mood", "152 words"),
        ("follow_ups.yml", put("moonlight", "why", "default"), "why", "'moonlight' has no answer"),
        ("follow_ups.yml", put("moonlight", "why", "after", "dry_lips"), "why", "'moonlight' has no answer"),
        ("follow_ups.yml", put("same", "why", "after", "greet"), "why", "'greet' has no answer"),
        (
            "follow_ups.yml",
            put(["alcohol", "dry_eyes", "dry_lips", "dry_skin"], "why", "default"),
            "why",
            "too many topics",
        ),
        ("safety.yml", append(" Please call." * 60, "late"), "late", "words"),
        (
            "safety.yml",
            put("Photosensitivity necessitates considerable precautionary consideration.", "too_long"),
            "too_long",
            "too_long reads at grade",
        ),
        ("languages.yml", put(["XX"], "es", "countries"), "es", "'XX' has no help lines"),
        ("languages.yml", put("Hola {number}", "es", "note"), "es", "es.note: {number} is no placeholder"),
        ("languages.yml", put("Llama ahora: {crisis}", "es", "mood"), "es", "es.mood lacks {emergency}"),
        ("languages.yml", put("Llama {", "es", "moved_on"), "es", "es.moved_on"),
        ("small_talk.yml", put("/moonlight", "greet", "buttons", 0, "payload"), "greet", "'/moonlight' is no topic"),
    ],
)
def test_a_fault_is_found_in_its_file_and_line(
    folder: Path, domain: Path, file: str, change: Callable[[Data], None], key: str, says: str
) -> None:
    rewrite(folder / file, change)
    faults = check_content(folder, domain, TODAY)
    assert [fault.file.relative_to(folder).as_posix() for fault in faults] == [file]
    (fault,) = faults
    assert says in fault.what
    assert fault.do
    assert (folder / file).read_text(encoding="utf-8").splitlines()[fault.line - 1].lstrip().startswith(f"{key}:")


def test_nine_sources_are_too_many(folder: Path, domain: Path) -> None:
    known = list(yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8")))
    rewrite(folder / SUN, put(known[:MAX_SOURCES], "sources"))
    assert check_content(folder, domain, TODAY) == []
    rewrite(folder / SUN, put(known[: MAX_SOURCES + 1], "sources"))
    (fault,) = check_content(folder, domain, TODAY)
    assert fault.what.startswith(f"{MAX_SOURCES + 1} sources are named")


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        (SUN, "title: [open", "is not valid YAML"),
        (SUN, "- a list", "holds no mapping"),
        (SUN, "topic: sun_protection", "is missing"),
        ("sources.yml", "title: [open", "is not valid YAML"),
        ("helplines.yml", "UK: {}", "UK lacks"),
        ("safety.yml", "crisis: {}", "tier crisis lacks its texts"),
        ("small_talk.yml", "greet: {}", "greet lacks"),
        ("languages.yml", "es: {name: Spanish}", "es lacks"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_a_fault_and_no_crash(
    folder: Path, domain: Path, file: str, text: str, says: str
) -> None:
    (folder / file).write_text(text, encoding="utf-8")
    faults = check_content(folder, domain, TODAY)
    assert any(says in fault.what and file in fault.what for fault in faults)


def test_a_topic_without_an_answer_is_a_fault(folder: Path, domain: Path) -> None:
    (folder / SUN).unlink()
    (fault,) = check_content(folder, domain, TODAY)
    assert (fault.file, fault.what) == (folder / SUN, "This answer is missing.")


@pytest.mark.parametrize("name", ["moonlight", "greet", "crisis"])
def test_an_answer_without_a_topic_of_the_domain_is_a_fault(folder: Path, domain: Path, name: str) -> None:
    file = folder / "answers" / f"{name}.yml"
    file.write_text((folder / SUN).read_text(encoding="utf-8"), encoding="utf-8")
    (fault,) = check_content(folder, domain, TODAY)
    assert (fault.file, fault.what) == (file, f"{name!r} is no intent of domain.yml.")


def test_every_answer_is_due_for_review_after_the_limit_and_not_a_day_before(folder: Path, domain: Path) -> None:
    files = sorted((folder / "answers").glob("*.yml"))
    for file in files:
        rewrite(file, put(TODAY, "reviewed_on"))
    assert check_content(folder, domain, TODAY + dt.timedelta(days=REVIEW_DAYS)) == []
    overdue = check_content(folder, domain, TODAY + dt.timedelta(days=REVIEW_DAYS + 1))
    assert [fault.file for fault in overdue] == files
    assert all(f"over {REVIEW_DAYS} days ago" in fault.what for fault in overdue)


@pytest.mark.parametrize(("key", "line"), [("a", 1), ("b", 2), ("c", 3), ("nowhere", 1)])
def test_the_line_of_a_key_is_where_it_starts(tmp_path: Path, key: str, line: int) -> None:
    file = tmp_path / "some.yml"
    file.write_text("a: b\nb:\n  c: a\nab: x\n", encoding="utf-8")
    assert line_of(file, key) == line


def test_a_fault_reads_path_line_what_and_do() -> None:
    assert str(Fault(ROOT / "content" / "x.yml", 3, "It drips.", "Close it.")) == "content/x.yml:3: It drips. Close it."
    assert (
        str(Fault(Path("/elsewhere/x.yml"), 3, "It drips.", "Close it.")) == "/elsewhere/x.yml:3: It drips. Close it."
    )
