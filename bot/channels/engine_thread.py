"""The thread the engine works in, with an event loop of its own: understanding that hangs cannot hold up the channels."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

Result = TypeVar("Result")


async def in_engine(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in the engine's thread and return its result; the caller's event loop stays free.

    Raises:
        Exception: whatever the coroutine raises.
    """
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _loop()))


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="engine", daemon=True).start()
    return loop
