"""A copy of the content to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content.load import CONTENT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of content/."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))
