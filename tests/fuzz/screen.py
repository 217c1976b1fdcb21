"""Fuzz the safety screen with atheris: no exception may leave it, no input may take long, padding may hide nothing.

python -m tests.fuzz.screen -runs=20000 -max_len=4096 -len_control=0
"""

from __future__ import annotations

import sys
import time

import atheris

with atheris.instrument_imports(include=["bot.safety"]):
    from bot.safety.screen import screen

LONGEST_S = 1.0
"""For inputs of up to 4,096 characters; the channel takes 4,000."""
CRISIS = "i want to kill myself"


def one_input(data: bytes) -> None:
    """Screen one input, alone and as padding around a crisis."""
    provider = atheris.FuzzedDataProvider(data)
    text = provider.ConsumeUnicode(4096)
    started = time.monotonic()
    verdict = screen(text)
    spent = time.monotonic() - started
    if "screen.error" in verdict.evidence:
        raise RuntimeError("the screen failed inside")
    if spent > LONGEST_S:
        raise RuntimeError(f"the screen took {spent:.2f} s")
    if screen(f"{text}\n{CRISIS}.\n{text}").tier != "crisis":
        raise RuntimeError("padding hid a crisis")


def main() -> None:
    """Fuzz until the number of runs is reached."""
    screen("warm up")
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
