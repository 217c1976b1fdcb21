"""A small copy of the content to break."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bot.content.load import CONTENT
from bot.model import CONVERSATION_TOPICS, TIERS

KEPT = (
    "alcohol",
    "dry_eyes",
    "dry_lips",
    "dry_skin",
    "side_effects_overview",
    "sun_protection",
    "when_results_show",
    "why_20mg",
)
"""Answers in the copy: few, so that checking it is quick; those that small talk offers are among them."""


FOLLOW_UPS = """
why:
  when: [why]
  after: {dry_lips: dry_skin}
  default: same
"""
"""Follow-ups in the copy: the real ones name topics that it does not have."""


@pytest.fixture(autouse=True)
def _quick_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and write YAML with libyaml where there is one: the same result, several times as fast."""
    monkeypatch.setattr(yaml, "SafeLoader", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    monkeypatch.setattr(yaml, "SafeDumper", getattr(yaml, "CSafeDumper", yaml.SafeDumper))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of content/ with a few of its answers, which follow up on each other."""
    copy = tmp_path / "content"
    shutil.copytree(CONTENT, copy, ignore=shutil.ignore_patterns("answers"))
    (copy / "answers").mkdir()
    for place, topic in enumerate(KEPT):
        text = (CONTENT / "answers" / f"{topic}.yml").read_text(encoding="utf-8")
        text, changed = re.subn(
            r"^follow_ups:.*$", f"follow_ups: [{KEPT[place - 1]}, {KEPT[place - 2]}]", text, flags=re.MULTILINE
        )
        assert changed == 1
        (copy / "answers" / f"{topic}.yml").write_text(text, encoding="utf-8")
    (copy / "follow_ups.yml").write_text(FOLLOW_UPS, encoding="utf-8")
    telegram = yaml.safe_load((copy / "telegram.yml").read_text(encoding="utf-8"))
    telegram["menu"] = {"Skin": list(KEPT[:4]), "Rest": list(KEPT[4:])}
    (copy / "telegram.yml").write_text(yaml.safe_dump(telegram, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return copy


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    """Return a domain file with the topics of the copy."""
    file = tmp_path / "domain.yml"
    file.write_text(yaml.safe_dump({"intents": [*KEPT, *CONVERSATION_TOPICS, *TIERS]}), encoding="utf-8")
    return file
