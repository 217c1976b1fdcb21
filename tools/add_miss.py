"""Add a message that the safety screen got wrong as a test: the one command for a miss.

    python -m tools.add_miss crisis "the message, in words of your own"

The tier is what should have been raised (none for a false alarm). The message goes into tests/data/misses.tsv, which `make test`
asks of the trained model; then mend the rules (bot/safety/patterns.yml) or add training messages of the same kind, and train.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.model import TIERS
from bot.settings import ROOT

MISSES = ROOT / "tests" / "data" / "misses.tsv"


def add_miss(tier: str, text: str, file: Path = MISSES) -> str:
    """Add a row to the table of misses and return what to do next.

    Raises:
        ValueError: if the message is empty or already there.
    """
    said = " ".join(text.split())
    if not said:
        raise ValueError("The message is empty. Write it in quotes after the tier.")
    rows = file.read_text(encoding="utf-8").splitlines()
    if any(row.split("\t", 1)[1] == said for row in rows):
        raise ValueError(f"The message is in {file.name} already.")
    file.write_text("\n".join([*rows, f"{tier}\t{said}"]) + "\n", encoding="utf-8")
    return f"Added to {file.name}. See it fail: .venv/bin/python -m pytest tests/test_misses.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the miss and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("tier", choices=[*TIERS, "none"], help="the tier that should have been raised")
    parser.add_argument("text", help="the message in words of your own, never a real person's")
    chosen = parser.parse_args(arguments)
    try:
        print(add_miss(chosen.tier, chosen.text))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
