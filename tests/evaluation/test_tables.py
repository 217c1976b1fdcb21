"""The tables of held-out messages: enough of each, known labels, ids used once."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from bot.settings import ROOT
from eval.run import ASK, TIERS, labels, rows_of

INTENTS = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
TABLES = {
    "topics.tsv": ("topic", "also_ok"),
    "long.tsv": ("topic", "also_ok"),
    "questions.tsv": ("topics",),
    "follow_ups.tsv": ("topics",),
    "safety.tsv": ("tier", "also_ok"),
}


@pytest.mark.parametrize("table", TABLES)
def test_labels_are_known_and_ids_are_used_once(table: str) -> None:
    rows = rows_of(table)
    found = {label for row in rows for label in labels(*(row[column] for column in TABLES[table]))}
    assert found <= INTENTS | {ASK, "none"}
    assert [number for number, times in Counter(row["id"] for row in rows).items() if times > 1] == []


def test_every_topic_has_a_dozen_messages_and_out_of_scope_many() -> None:
    counts = Counter(row["topic"] for row in rows_of("topics.tsv"))
    thin = {topic: counts[topic] for topic in INTENTS - set(TIERS) if counts[topic] < 12}
    assert thin == {}
    assert counts["out_of_scope"] >= 150
