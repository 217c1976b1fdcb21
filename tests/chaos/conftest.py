"""Servers with faults, and a client that talks to them over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.content.load import load_answers
from bot.storage.answers import load_into
from bot.storage.engine import create_engine
from bot.storage.migrate import upgrade

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 4.0
"""Time limit of a turn on these servers."""
GRACE_S = 3.0
"""What a loaded machine may add to it."""
_START_S = 120.0

Start = Callable[..., "Client"]

BROKEN: dict[str, dict[str, str]] = {
    "nothing is broken": {},
    "the action server is down": {"ACTION_ENDPOINT_URL": "down"},
    "the model raises": {"fault": "model raises"},
    "the model hangs past the time limit": {"fault": "model hangs"},
    "the lock store is down": {"REDIS_URL": "down"},
    "the database is down from the start": {"DATABASE_URL": "down"},
    "the model is missing": {"model": "missing"},
    "the model is empty": {"model": "empty"},
    "the model is nonsense": {"model": "nonsense"},
}
"""What may be broken, and how a server is started so."""

_DOWN = {"ACTION_ENDPOINT_URL": "http://", "REDIS_URL": "redis://", "DATABASE_URL": "postgresql://nobody@"}


def broken_options(broken: str, folder: Path) -> dict[str, str]:
    """Return the options of a server in which something is broken, a model of no use in a folder among them."""
    options = dict(BROKEN[broken])
    for name, value in options.items():
        if value == "down":
            options[name] = f"{_DOWN[name]}127.0.0.1:{free_port()}"
    if kind := options.get("model"):
        file = folder / "model.tar.gz"
        options["model"] = str(file)
        if kind != "missing":
            file.write_bytes(b"\x00nonsense" * 1000 if kind == "nonsense" else b"")
    return options


class Client:
    """A person on the web page.

    Args:
        url: where the server is.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=f"{url}/webhooks/web", trust_env=False, timeout=60)
        self._token = ""

    def post(self, body: bytes) -> httpx.Response:
        """Send a body as it is to the session's messages; the response must come in time."""
        if not self._token:
            self._token = self.http.post("/session").json()["token"]
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        started = time.monotonic()
        response = self.http.post("/messages", content=body, headers=headers)
        assert time.monotonic() - started < LIMIT_S + GRACE_S, "the reply came late"
        return response

    def say(self, text: str) -> dict[str, Any]:
        """Return the first bubble of the reply to a message."""
        response = self.post(httpx.Request("POST", self.url, json={"text": text}).content)
        assert response.status_code == 200, response.text
        first: dict[str, Any] = response.json()["messages"][0]
        return first


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, model: str, fault: str = "none", **environment: str) -> Iterator[Client]:
    """Serve with a fault from a process of its own, with a database in a folder; yields a client."""
    database = f"sqlite:///{folder / 'chaos.db'}"
    engine = create_engine(database)
    upgrade(engine)
    load_into(engine, load_answers())
    engine.dispose()
    port = free_port()
    limits = {"TURN_TIMEOUT_S": str(LIMIT_S), "SESSION_BURST": "1000"}
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.chaos.server", str(port), model, fault],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database, **limits, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}", log)
        yield Client(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _START_S
    while True:
        assert process.poll() is None, f"the server ended: {log.read_text()[-3000:]}"
        assert time.monotonic() < until, f"the server did not start: {log.read_text()[-3000:]}"
        try:
            httpx.get(f"{url}/health", trust_env=False, timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return


@pytest.fixture
def start(model_path: Path, tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a server with a fault and returns a client of it."""
    with ExitStack() as stack:

        def begin(fault: str = "none", model: str = str(model_path), **environment: str) -> Client:
            return stack.enter_context(served(tmp_path, model, fault, **environment))

        yield begin


@pytest.fixture(scope="module")
def healthy(model_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Return a client of a server without a fault."""
    with served(tmp_path_factory.mktemp("healthy"), str(model_path)) as client:
        yield client
