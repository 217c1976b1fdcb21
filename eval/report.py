"""The evaluation as one HTML page: figures, groups, reliability and confusion, with no script and no outside part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from eval.metrics import Case, confusions, reliability

SIDE = 320
"""Width and height of the reliability plot, in px."""
CELL = 10
"""Width and height of a cell of the confusion matrix, in px."""


def write_html(
    file: Path, data: dict[str, Any], before: dict[str, Any], cases: Sequence[Case], worse: Sequence[str]
) -> None:
    """Write the report.

    Args:
        file: where to.
        data: this run, as in report.json.
        before: the last release, in the same form.
        cases: the topic cases, for reliability and confusion.
        worse: what dropped since the last release.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(["html", "j2"]), trim_blocks=True
    )
    page = environment.get_template("report.html.j2").render(
        data=data, before=before, worse=worse, reliability=_reliability(cases), confusion=_confusion(cases), side=SIDE
    )
    file.write_text(page, encoding="utf-8")


def _reliability(cases: Sequence[Case]) -> list[dict[str, float]]:
    return [
        {"x": sure * SIDE, "y": SIDE - right * SIDE, "radius": 3 + (number / len(cases)) * 14, "sure": sure,
         "right": right, "number": number}
        for sure, right, number in reliability(cases)
    ]  # fmt: skip


def _confusion(cases: Sequence[Case]) -> dict[str, Any]:
    labels = sorted({case.label for case in cases})
    place = {label: number for number, label in enumerate(labels)}
    mixed = confusions(cases)
    counts: dict[tuple[str, str], int] = {(label, label): 0 for label in labels}
    for case in cases:
        if case.right:
            counts[case.label, case.label] += 1
    counts.update({pair: len(ids) for pair, ids in mixed.items() if pair[1] in place})
    most = max(counts.values(), default=1) or 1
    cells = [
        {"x": place[found] * CELL, "y": place[label] * CELL, "strength": number / most, "wrong": found != label,
         "title": f"{label} taken for {found}: {number}" if found != label else f"{label}: {number} right"}
        for (label, found), number in counts.items()
        if number
    ]  # fmt: skip
    rows = [{"label": label, "found": found, "ids": ids} for (label, found), ids in mixed.items()]
    return {"labels": labels, "cells": cells, "cell": CELL, "size": len(labels) * CELL, "rows": rows[:60]}
