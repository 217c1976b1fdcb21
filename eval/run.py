"""Measure the trained model on the held-out messages, and write one report as HTML and JSON.

    python -m eval.run                  report in var/evaluation/
    python -m eval.run --check          exit with 1 if a figure dropped beyond noise since the last release (eval/release.json)
    python -m eval.run --release 0.2.0  keep this run's figures as those of a release, and write them into docs/safety.md

Every message goes the whole way: pipeline, rules, actions, replies. Nothing is trained or tuned here.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.replies.build import MORE_DETAIL, NONE_OF_THESE, OUTSIDE
from bot.settings import ROOT
from eval.assistant import Assistant, assistant_of_its_own
from eval.card import write_card
from eval.metrics import Case, Figure, by_group, calibration_error, figure, macro_f1, topic_figures
from eval.metrics import drops as drops_between
from eval.report import write_html

HERE = Path(__file__).resolve().parent
RELEASE = HERE / "release.json"
TIERS = ("crisis", "urgent_mood", "medical_emergency", "pregnancy_exposure")
MORE = MORE_DETAIL.payload.removeprefix("/")
ASK = "ask"
"""Label of a follow-up after which a question back is right."""


def rows_of(name: str | Path) -> list[dict[str, str]]:
    """Return the rows of a table, by its name in this folder or its whole path."""
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def labels(*cells: str) -> tuple[str, ...]:
    """Return the labels in cells that hold one or several, separated by commas."""
    return tuple(label.strip() for cell in cells for label in cell.split(",") if label.strip())


def case_of(
    number: str,
    accepted: tuple[str, ...],
    group: str,
    parsed: dict[str, Any],
    bubbles: Sequence[dict[str, Any]],
    last: str = MORE,
) -> Case:
    """Return a case from what was understood and said.

    The topic is the classifier's, also where the screen raised a tier; the reply shows whether that made the answer wrong.
    To offer more about the last answer is to offer its topic, `last`.
    """
    ranking = [(guess["name"], float(guess["confidence"])) for guess in parsed["intent_ranking"]]
    topic = parsed["topic"]["name"] if accepted[0] not in TIERS else parsed["intent"]["name"]
    ranking.sort(key=lambda guess: guess[0] != topic)  # stable: the topic first, the others by confidence
    buttons = [button for bubble in bubbles for button in bubble["buttons"]]
    unsure = all(bubble["metadata"]["topic"] == "out_of_scope" and bubble["text"] != OUTSIDE for bubble in bubbles)
    asked = unsure or any(button["title"] == NONE_OF_THESE.title for button in buttons)
    topics = tuple(bubble["metadata"]["topic"] for bubble in bubbles)
    payloads = (button["payload"].removeprefix("/") for button in buttons)
    offered = tuple(last if payload == MORE else payload for payload in payloads) if asked else ()
    return Case(number, accepted, group, tuple(ranking), parsed["safety"]["tier"], () if asked else topics, offered)


def topic_cases(assistant: Assistant, table: str) -> list[Case]:
    """Return the cases of a table of single questions."""
    return [
        case_of(
            row["id"],
            labels(row["topic"], row["also_ok"]),
            row.get("style") or "",
            *assistant.ask(row["id"], row["text"]),
        )
        for row in rows_of(table)
    ]


def safety_cases(assistant: Assistant) -> list[Case]:
    """Return the cases of the safety table; the group is language and kind."""
    cases = []
    for row in rows_of("safety.tsv"):
        parsed, bubbles = assistant.ask(row["id"], row["text"])
        language = "English" if row["lang"] == "en" else "other languages"
        accepted = labels(row["tier"], row["also_ok"])
        tier = parsed["safety"]["tier"]
        said = tuple(bubble["metadata"]["tier"] for bubble in bubbles)
        cases.append(Case(row["id"], accepted, f"{language}/{row['kind']}", ((tier, 1.0),), tier, said))
    return cases


def question_figures(assistant: Assistant) -> list[Figure]:
    """Return how well several questions in one message are told apart and answered."""
    many: list[Case] = []
    one: list[Case] = []
    for row in rows_of("questions.tsv"):
        parsed, bubbles = assistant.ask(row["id"], row["text"])
        case = case_of(row["id"], labels(row["topics"]), row["style"], parsed, bubbles)
        (many if len(case.accepted) > 1 else one).append(case)
    return [
        figure("several questions: all answered", many, lambda case: set(case.accepted) <= set(case.said)),
        figure("several questions: one answered or offered", many, lambda case: case.within_reach),
        figure("several questions: something else answered", many, _astray, better_high=False),
        figure("one question that looks like several: one answer", one, lambda case: len(case.said) <= 1),
        figure("one question that looks like several: answered wrongly", one, _astray, better_high=False),
    ]


def _astray(case: Case) -> bool:
    return bool(set(case.said) - set(case.accepted))


def follow_up_figures(assistant: Assistant, rows: Sequence[Mapping[str, str]]) -> list[Figure]:
    """Return how often a short follow-up is answered on a topic that fits the answer before.

    Args:
        assistant: the assistant.
        rows: pairs of messages with the topics that fit the second: id, first, then, topics.
    """
    cases = []
    for row in rows:
        _, first = assistant.ask(row["id"], row["first"])
        parsed, bubbles = assistant.ask(row["id"], row["then"])
        last = first[-1]["metadata"]["topic"]
        cases.append(case_of(row["id"], labels(row["topics"]), "", parsed, bubbles, last))
    return [
        figure(
            "follow-up: fits", cases, lambda case: case.within_reach or (not case.answered and ASK in case.accepted)
        ),
        figure("follow-up: answered wrongly", cases, lambda case: case.wrong_answer, better_high=False),
    ]


def safety_figures(cases: Sequence[Case]) -> list[Figure]:
    """Return recall by tier and false alarms, English and other languages apart."""
    found = []
    for name, group in by_group(cases, lambda case: f"{case.group.split('/')[0]}, {case.label}").items():
        if name.endswith("none"):
            found.append(figure(f"{name}: crisis raised", group, lambda case: case.tier == "crisis", better_high=False))
            found.append(figure(f"{name}: no tier raised", group, lambda case: case.tier in case.accepted))
        else:
            found.append(figure(f"{name}: right tier", group, lambda case: case.tier in case.accepted))
            found.append(figure(f"{name}: any tier", group, lambda case: case.tier != "none"))
    return found


def named(prefix: str, figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return figures by name, with the set's name before it."""
    return {f"{prefix}: {found.name}": found for found in figures}


def measure(assistant: Assistant) -> dict[str, Any]:
    """Return every figure, and the cases that the report draws."""
    topics, long, safety = (
        topic_cases(assistant, "topics.tsv"),
        topic_cases(assistant, "long.tsv"),
        safety_cases(assistant),
    )
    figures = {
        **named("topics", topic_figures(topics)),
        **named("long stories", topic_figures(long)),
        **named("questions", question_figures(assistant)),
        **named("follow-ups", follow_up_figures(assistant, rows_of("follow_ups.tsv"))),
        **named("safety", safety_figures(safety)),
    }
    numbers = {
        "topics: macro F1": round(macro_f1(topics), 4),
        "topics: expected calibration error": round(calibration_error(topics), 4),
    }
    return {"figures": figures, "numbers": numbers, "topics": topics, "safety": safety}


def as_json(measured: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the form kept in JSON."""
    groups = {
        "topic": by_group(measured["topics"], lambda case: case.label),
        "style": by_group(measured["topics"], lambda case: case.group),
        "safety kind": by_group(measured["safety"], lambda case: f"{case.label}, {case.group}"),
    }
    return {
        "version": version,
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "figures": {name: found.as_dict() for name, found in measured["figures"].items()},
        "numbers": measured["numbers"],
        "missed": [case.id for case in measured["safety"] if case.label != "none" and case.tier == "none"],
        "by": {
            kind: {name: figure("right", cases, lambda case: case.right).as_dict() for name, cases in parts.items()}
            for kind, parts in groups.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the report, and return 1 if `--check` finds a drop."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", help="a trained model; the newest in models/ if left out")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "evaluation")
    parser.add_argument(
        "--check", action="store_true", help="fail if a figure dropped beyond noise since the last release"
    )
    parser.add_argument("--release", metavar="VERSION", help="keep the figures in eval/release.json")
    options = parser.parse_args(arguments)
    with assistant_of_its_own(options.model) as assistant:
        measured = measure(assistant)
    data = as_json(measured, options.release or "unreleased")
    before = json.loads(RELEASE.read_text(encoding="utf-8")) if RELEASE.exists() else {"figures": {}}
    worse = drops_between(measured["figures"], before["figures"])
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "report.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    write_html(options.out / "report.html", data, before, measured["topics"], worse)
    for name, found in measured["figures"].items():
        low, high = found.interval
        print(f"{name:<75} {found.share:6.1%}  ({low:.1%} to {high:.1%}, {found.hits} of {found.total})")
    for name, value in measured["numbers"].items():
        print(f"{name:<75} {value:6.3f}")
    for drop in worse:
        print(f"worse than release {before['version']}: {drop}")
    print(f"The report is in {options.out / 'report.html'}.")
    if options.release:
        RELEASE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        write_card(data)
    return 1 if options.check and worse else 0


if __name__ == "__main__":
    sys.exit(main())
