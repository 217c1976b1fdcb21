"""Token buckets, in the process and in Redis, and what happens without Redis."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
import uuid
from collections.abc import Iterator

import pytest
import redis

from bot.channels import limits
from bot.channels.limits import Limiter, ProcessLimiter, Rate, RedisLimiter, is_this_machine, make_limiter

REDIS_URL = "redis://127.0.0.1:6379/9"
NOWHERE = "redis://127.0.0.1:1/9"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def monotonic(self) -> float:
        """Return the moved time."""
        return self.now

    def time(self) -> float:
        """Return the moved time."""
        return self.now


def need_redis() -> None:
    """Skip the test by name where there is no Redis."""
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=0.5).ping()
    except redis.RedisError as error:
        pytest.skip(f"needs Redis at {REDIS_URL}: {type(error).__name__}")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the limiters."""
    moved = Clock()
    monkeypatch.setattr(limits, "time", moved)
    return moved


@pytest.fixture(params=["process", "redis"])
def limiter(request: pytest.FixtureRequest) -> Limiter:
    """Return each kind of limiter; skip the one in Redis where there is no Redis."""
    if request.param == "process":
        return ProcessLimiter()
    need_redis()
    return RedisLimiter(REDIS_URL)


@pytest.fixture
def name() -> Iterator[str]:
    """Return a bucket's name nobody else uses, and forget the bucket afterwards."""
    fresh = f"test:{uuid.uuid4().hex}"
    yield fresh
    with contextlib.suppress(redis.RedisError):
        client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=0.5)
        client.delete(f"limit:{fresh}", f"limit:{fresh}:other")


def test_the_burst_is_free_and_then_one_has_to_wait(limiter: Limiter, clock: Clock, name: str) -> None:
    waits = [limiter.wait_s(name, Rate(burst=3, per_minute=6)) for _ in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == pytest.approx(10)


def test_waiting_as_long_as_told_is_enough_and_no_less(limiter: Limiter, clock: Clock, name: str) -> None:
    rate = Rate(burst=1, per_minute=6)
    assert limiter.wait_s(name, rate) == 0
    clock.now += 9.5
    assert limiter.wait_s(name, rate) == pytest.approx(0.5)
    clock.now += 0.6
    assert limiter.wait_s(name, rate) == 0
    assert limiter.wait_s(name, rate) > 0


def test_asking_in_vain_does_not_make_the_wait_longer(limiter: Limiter, clock: Clock, name: str) -> None:
    rate = Rate(burst=1, per_minute=60)
    limiter.wait_s(name, rate)
    assert [limiter.wait_s(name, rate) for _ in range(20)] == pytest.approx([1.0] * 20)


def test_a_long_rest_gives_back_the_burst_and_no_more(limiter: Limiter, clock: Clock, name: str) -> None:
    rate = Rate(burst=2, per_minute=60)
    limiter.wait_s(name, rate)
    clock.now += 3600
    assert [limiter.wait_s(name, rate) == 0 for _ in range(4)] == [True, True, False, False]


def test_names_do_not_share_a_bucket(limiter: Limiter, clock: Clock, name: str) -> None:
    rate = Rate(burst=1, per_minute=1)
    assert limiter.wait_s(name, rate) == 0
    assert limiter.wait_s(name, rate) > 0
    assert limiter.wait_s(f"{name}:other", rate) == 0


def test_a_clock_that_is_set_back_limits_nobody_more(limiter: Limiter, clock: Clock, name: str) -> None:
    rate = Rate(burst=3, per_minute=60)
    limiter.wait_s(name, rate)
    clock.now -= 0.5
    assert limiter.wait_s(name, rate) == 0


def test_two_servers_share_the_buckets_in_redis(name: str) -> None:
    need_redis()
    rate = Rate(burst=1, per_minute=1)
    assert RedisLimiter(REDIS_URL).wait_s(name, rate) == 0
    assert RedisLimiter(REDIS_URL).wait_s(name, rate) > 0
    assert 0 < redis.Redis.from_url(REDIS_URL).ttl(f"limit:{name}") <= 62


def test_without_redis_nobody_is_turned_away_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    limiter = RedisLimiter(NOWHERE)
    with caplog.at_level(logging.WARNING, logger="bot.channels.limits"):
        waits = [limiter.wait_s("web:someone", Rate(burst=1, per_minute=1)) for _ in range(3)]
    assert waits == [0, 0, 0]
    assert "ConnectionError" in caplog.text
    assert "web:someone" not in caplog.text


def test_a_redis_that_hangs_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limiter = RedisLimiter(f"redis://127.0.0.1:{silent.getsockname()[1]}/9")
        before = time.monotonic()
        assert limiter.wait_s("web:someone", Rate(burst=1, per_minute=1)) == 0
    assert time.monotonic() - before < 3


def test_the_process_forgets_the_buckets_used_longest_ago(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(limits, "_KEPT", 2)
    limiter, rate = ProcessLimiter(), Rate(burst=1, per_minute=1)
    for name in ("first", "second", "first", "third"):
        limiter.wait_s(name, rate)
    assert limiter.wait_s("first", rate) > 0
    assert limiter.wait_s("second", rate) == 0


@pytest.mark.parametrize(("url", "kind"), [("", ProcessLimiter), (NOWHERE, RedisLimiter)])
def test_the_setting_chooses_the_limiter(url: str, kind: type) -> None:
    assert isinstance(make_limiter(url), kind)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),  # noqa: S104  (never listened on)
        ("2001:db8::1", False),
        ("localhost", False),
        ("", False),
        ("127.0.0.1, 10.0.0.1", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(address: str, expected: bool) -> None:
    assert is_this_machine(address) is expected
