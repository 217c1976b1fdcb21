"""Set-up for all tests: a database of their own, and the trained model."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

MODEL = Path(__file__).resolve().parent.parent / "models" / "assistant.tar.gz"


def pytest_configure() -> None:
    """Give the tests a database of their own before anything reads the settings."""
    folder = tempfile.mkdtemp(prefix="assistant-tests-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/test.db"


@pytest.fixture(scope="session")
def model_path() -> Path:
    """Return the trained model; skip by name where there is none."""
    if not MODEL.exists():
        pytest.skip("needs the trained model: run `make train`")
    return MODEL
