"""A real server with a fault built in, in a process of its own: python -m tests.chaos.server <port> <model> <fault>."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.engine.server import make_app
from bot.nlu.topic_classifier import TopicClassifier
from bot.safety import screen as screening
from bot.settings import settings


def raising(*_: Any, **__: Any) -> Any:
    """Stand in for understanding that fails."""
    raise RuntimeError("broken on purpose")


def hanging(*_: Any, **__: Any) -> Any:
    """Stand in for understanding that never ends; unlike an `await` it holds up the thread it runs in."""
    time.sleep(3600)


def _understanding(stand_in: Callable[..., Any]) -> None:
    TopicClassifier.process = stand_in  # type: ignore[method-assign]


def _screen() -> None:
    screening._screen = raising


FAULTS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "model raises": lambda: _understanding(raising),
    "model hangs": lambda: _understanding(hanging),
    "screen raises": _screen,
}


def main() -> None:
    """Serve until stopped."""
    port, model, fault = sys.argv[1:]
    FAULTS[fault]()
    if pid_file := os.environ.get("PID_FILE"):
        Path(pid_file).write_text(str(os.getpid()))
    make_app(settings(), model).run(host="127.0.0.1", port=int(port), access_log=False, motd=False)


if __name__ == "__main__":
    main()
