"""How short follow-ups are answered, on 300 pairs of messages written to develop on: nothing is trained on them.

    python -m training.follow_ups

The assistant is the trained one of models/, asked the whole way (eval/assistant.py). Nothing here reads the held-out messages.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from pathlib import Path

from bot.logs import configure_logging
from eval.assistant import Assistant
from eval.run import follow_up_figures

PAIRS = Path(__file__).with_suffix(".tsv")


def main() -> int:
    """Ask and print the figures."""
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        pairs = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/follow_ups.db"
        os.environ["LOG_LEVEL"] = "ERROR"
        configure_logging()
        for found in follow_up_figures(Assistant(), pairs):
            print(f"{found.name} {found.share:.1%} ({found.hits} of {found.total})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
