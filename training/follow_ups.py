"""How short follow-ups are answered, on 300 pairs of messages written to develop on: nothing is trained on them.

    python -m training.follow_ups

The assistant is the trained one of models/, asked the whole way (eval/assistant.py). Nothing here reads the held-out messages.
"""

from __future__ import annotations

import sys
from pathlib import Path

from eval.assistant import assistant_of_its_own
from eval.run import follow_up_figures, rows_of

PAIRS = Path(__file__).with_suffix(".tsv")


def main() -> int:
    """Ask and print the figures."""
    with assistant_of_its_own() as assistant:
        for found in follow_up_figures(assistant, rows_of(PAIRS)):
            print(f"{found.name} {found.share:.1%} ({found.hits} of {found.total})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
