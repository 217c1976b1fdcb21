"""Rasa's own commands work in the environment as in any Rasa project, quietly and without a warning of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def rasa(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a rasa command in the project and return what it printed."""
    command = [sys.executable, "-W", "ignore", "-m", "rasa", *arguments]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'test.db'}"} if folder else dict(os.environ)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)


def test_data_validate_leaves_no_warning() -> None:
    result = rasa("data", "validate")
    printed = result.stdout + result.stderr
    assert result.returncode == 0, printed[-2000:]
    assert "UserWarning" not in printed
    assert "WARNING" not in printed


@pytest.mark.model
def test_end_to_end_stories(model_path: Path, tmp_path: Path) -> None:
    result = rasa(
        "test", "core", "--stories", "tests/e2e", "--model", str(model_path), "--out", str(tmp_path), "--no-plot",
        "--fail-on-prediction-errors", folder=tmp_path,
    )  # fmt: skip
    failed = tmp_path / "failed_test_stories.yml"
    assert result.returncode == 0, failed.read_text() if failed.exists() else (result.stdout + result.stderr)[-3000:]


@pytest.mark.parametrize("module", ["rasa.telemetry"])
def test_telemetry_is_off_in_every_process_of_the_environment(module: str) -> None:
    check = f"import {module} as t; print(t.is_telemetry_enabled())"
    environment = {key: value for key, value in os.environ.items() if key != "RASA_TELEMETRY_ENABLED"}
    command = [sys.executable, "-W", "ignore", "-c", check]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert result.stdout.strip().endswith("False")
