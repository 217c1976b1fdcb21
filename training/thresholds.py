"""The figures that thresholds are read from: messages that the encoder was never shown, with a classifier trained on the others.

    python -m training.thresholds

Prints what the assistant would answer, and how often wrongly, by the confidence from which it answers; how many messages out of
scope it recognises; and what is found of danger by the probability from which it is raised. Nothing here reads eval/.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.model import TIERS
from bot.nlu.classifier import TopicModel
from bot.nlu.encoder import default_encoder
from bot.settings import ROOT
from training.messages import read_messages, split

ODDS = (1.0, 2.0, 3.0)
CONFIDENCES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
DANGERS = (0.05, 0.1, 0.15, 0.2, 0.3)
OUT_OF_SCOPE = "out_of_scope"

Shares = npt.NDArray[np.float64]


def answers(shares: Shares, topics: Sequence[str], wanted: Sequence[str]) -> None:
    """Print a table of answered and wrongly answered messages by confidence, over messages without danger."""
    columns = [number for number, topic in enumerate(topics) if topic not in TIERS]
    best = [columns[int(row[columns].argmax())] for row in shares]
    sure = np.array([row[place] for row, place in zip(shares, best, strict=True)])
    right = np.array([topics[place] == topic for place, topic in zip(best, wanted, strict=True)])
    outside = np.array([topic == OUT_OF_SCOPE for topic in wanted])
    print(f"  right topic {right.mean():.1%}, out of scope recall {right[outside].mean():.1%}")
    for least in CONFIDENCES:
        answered = sure >= least
        print(f"  from {least}: answered {answered.mean():.1%}, wrongly {(answered & ~right).mean():.1%}")


def danger(shares: Shares, topics: Sequence[str], wanted: Sequence[str]) -> None:
    """Print what is found of danger and what is raised on harmless messages, by probability."""
    columns = [topics.index(tier) for tier in TIERS]
    crisis, anything = shares[:, topics.index("crisis")], shares[:, columns].sum(axis=1)
    tier = np.array([topic if topic in TIERS else "none" for topic in wanted])
    for least in DANGERS:
        print(
            f"  from {least}: crisis found {(crisis[tier == 'crisis'] >= least).mean():.1%}, raised on harmless "
            f"{(crisis[tier == 'none'] >= least).mean():.1%}; any danger found {(anything[tier != 'none'] >= least).mean():.1%}, "
            f"raised on harmless {(anything[tier == 'none'] >= least).mean():.1%}"
        )


def main() -> int:
    """Train on what the encoder was shown and print the figures on what it was not."""
    texts, topics = read_messages(ROOT / "data" / "nlu")
    shown, unseen = split(texts)
    wanted = [topics[number] for number in unseen]
    harmless = np.array([topic not in TIERS for topic in wanted])
    for odds in ODDS:
        model = TopicModel(default_encoder(), odds={OUT_OF_SCOPE: odds})
        model.fit([texts[number] for number in shown], [topics[number] for number in shown])
        shares = model.probabilities([texts[number] for number in unseen])
        print(f"odds of out_of_scope times {odds}, {len(unseen)} messages never shown")
        answers(shares[harmless], model.topics, [topic for topic in wanted if topic not in TIERS])
        danger(shares, model.topics, wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
