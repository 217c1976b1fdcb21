"""Fixtures for all tests: the trained model, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

MODEL = Path(__file__).resolve().parent.parent / "models" / "assistant.tar.gz"


@pytest.fixture(scope="session")
def model_path() -> Path:
    """Return the trained model; skip by name where there is none."""
    if not MODEL.exists():
        pytest.skip("needs the trained model: run `make train`")
    return MODEL
