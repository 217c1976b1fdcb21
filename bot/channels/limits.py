"""How much one session or address may ask for: token buckets, in the process or in Redis."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Protocol

import redis

logger = logging.getLogger(__name__)

_KEPT: Final = 50_000
"""Buckets kept in the process; the least used are forgotten, which only favours the person."""

_REDIS_SCRIPT: Final = """
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local burst, rate, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tokens = tonumber(bucket[1]) or burst
local at = tonumber(bucket[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
return tostring(wait)
"""


@dataclass(frozen=True)
class Rate:
    """A burst, and how many more a minute after it."""

    burst: int
    per_minute: int


class Limiter(Protocol):
    """Says how long to wait."""

    def wait_s(self, name: str, rate: Rate) -> float:
        """Take one from the bucket of a name; return 0, or the seconds until there is one again."""


class ProcessLimiter:
    """Buckets in this process."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, rate: Rate) -> float:
        """Take one from the bucket of a name; return 0, or the seconds until there is one again."""
        now = time.monotonic()
        tokens, at = self._buckets.pop(name, (float(rate.burst), now))
        tokens = min(float(rate.burst), tokens + (now - at) * rate.per_minute / 60)
        wait = 0.0 if tokens >= 1 else (1 - tokens) * 60 / rate.per_minute
        self._buckets[name] = (tokens - 1 if wait == 0.0 else tokens, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return wait


class RedisLimiter:
    """Buckets in Redis, shared by all servers. If Redis fails, nobody is turned away.

    Args:
        url: address of the Redis server.
    """

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._script = self._client.register_script(_REDIS_SCRIPT)

    def wait_s(self, name: str, rate: Rate) -> float:
        """Take one from the bucket of a name; return 0, or the seconds until there is one again."""
        try:
            waiting = self._script(keys=[f"limit:{name}"], args=[rate.burst, rate.per_minute / 60, time.time()])
        except redis.RedisError as error:
            logger.warning("Redis cannot be asked for limits (%s); nobody is limited.", type(error).__name__)
            return 0.0
        return float(waiting)


def make_limiter(redis_url: str) -> Limiter:
    """Return the limiter for a setting: Redis if there is an address, else this process."""
    return RedisLimiter(redis_url) if redis_url else ProcessLimiter()


def is_this_machine(address: str) -> bool:
    """Return whether an address is a loopback one."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
