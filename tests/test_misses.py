"""Messages that the safety screen once got wrong (`python -m tools.add_miss`), asked of the trained model."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from bot.model import TIERS
from tools.add_miss import MISSES, add_miss, main

ROWS = [tuple(line.split("\t", 1)) for line in MISSES.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.fixture(scope="module")
def agent(model_path: Path) -> Agent:
    return Agent.load(str(model_path))


@pytest.mark.model
@pytest.mark.parametrize(("tier", "text"), ROWS, ids=[text[:40] for _, text in ROWS])
def test_a_message_once_missed_is_understood_now(tier: str, text: str, agent: Agent) -> None:
    parsed = asyncio.run(agent.parse_message(text))
    assert parsed["safety"]["tier"] == tier


def test_every_row_has_a_tier_and_a_message() -> None:
    assert all(tier in (*TIERS, "none") and text.strip() for tier, text in ROWS)


def test_a_miss_is_added_once(tmp_path: Path) -> None:
    file = tmp_path / "misses.tsv"
    file.write_text("tier\tmessage\n")
    add_miss("crisis", "  one\n line ", file)
    assert file.read_text() == "tier\tmessage\ncrisis\tone line\n"
    with pytest.raises(ValueError, match="already"):
        add_miss("none", "one line", file)
    with pytest.raises(ValueError, match="empty"):
        add_miss("crisis", " \t", file)


def test_an_unknown_tier_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sadness", "hello"])
    assert "crisis" in capsys.readouterr().err
