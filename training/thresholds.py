"""The figures that thresholds are read from: messages that neither model was shown, with a classifier trained on the others.

    python -m training.thresholds
    python -m training.thresholds --background FOLDER     also on ordinary texts of kinds that the models are never shown

Prints what the assistant would answer, and how often wrongly, by the confidence from which it answers; how many messages out of
scope it recognises; and what is found of danger, and raised on harmless messages, by the probability from which it is raised and
by the length of the messages. Nothing here reads eval/.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.model import TIERS
from bot.nlu.classifier import OUT_OF_SCOPE, TopicModel
from bot.nlu.encoder import default_encoder
from bot.nlu.reading import Reading
from bot.safety.languages import default_model
from bot.safety.learned import SHORT, opinions
from bot.safety.passages import WHOLE, read_in
from bot.settings import ROOT
from training.background import read_unshown
from training.messages import held_out, read_messages, read_ordinary, split

ODDS = (1.0, 3.0, 5.0, 2.0)
"""The last is the one that danger is read with."""
CONFIDENCES = (0.7, 0.75, 0.8, 0.85, 0.88, 0.9)
DANGERS = (0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.9, 0.95, 0.98)
LENGTHS = (0, SHORT, WHOLE, 100_000)

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


def highest(model: TopicModel, texts: Sequence[str]) -> Shares:
    """Return the highest probability of each tier in a passage by both models together, shape (texts, tiers)."""
    columns = [model.topics.index(tier) for tier in TIERS]
    rows = []
    for text in texts:
        found = Reading(model.spaced(text), model.probabilities, read_in(text)).danger(columns)["passages"]
        scores = {"passages": [dict(zip(TIERS, row, strict=True)) for row in found]}
        both = opinions(scores, default_model().read(text))
        rows.append(np.max([[passage[tier] for tier in TIERS] for passage in both], axis=0))
    return np.array(rows)


def danger(name: str, shares: Shares, tiers: Sequence[str], alike: npt.NDArray[np.bool_]) -> None:
    """Print what is found of danger and what is raised on harmless messages, by probability."""
    tier = np.array(tiers)
    crisis, anything, harmless = shares[:, TIERS.index("crisis")], shares.sum(axis=1), tier == "none"
    print(f"{name}: {(tier == 'crisis').sum()} crises, {(~harmless).sum()} of all danger, {harmless.sum()} harmless")
    for least in DANGERS:
        found = (crisis >= least, anything >= least)
        print(
            f"  from {least}: crisis found {found[0][tier == 'crisis'].mean():.1%}, raised on look-alikes "
            f"{found[0][alike & harmless].mean():.1%}, other harmless {found[0][~alike & harmless].mean():.1%}; "
            f"any danger {found[1][~harmless].mean():.1%}, {found[1][alike & harmless].mean():.1%}, "
            f"{found[1][~alike & harmless].mean():.1%}"
        )


def calm(model: TopicModel, texts: Sequence[str]) -> None:
    """Print what is raised on ordinary texts of kinds that neither model was shown, by probability."""
    shares = highest(model, texts)
    crisis, anything = shares[:, TIERS.index("crisis")], shares.sum(axis=1)
    print(f"ordinary texts of kinds never shown: {len(texts)}")
    for least in DANGERS:
        print(f"  from {least}: crisis {(crisis >= least).mean():.1%}, any danger {(anything >= least).mean():.1%}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train on what the models were shown and print the figures on what they were not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--background", type=Path, help="folder with the packages of training/background.py")
    options = parser.parse_args(arguments)
    texts, topics = read_messages(ROOT / "data" / "nlu")
    look_alikes = set(read_messages(ROOT / "data" / "nlu", "lookalikes.yml")[0])
    shown, unseen = split(texts)
    hidden, wanted = [texts[number] for number in unseen], [topics[number] for number in unseen]
    harmless = np.array([topic not in TIERS for topic in wanted])
    ordinary = [text for text in read_ordinary() if not held_out(text)]
    for odds in ODDS:
        model = TopicModel(default_encoder(), odds={OUT_OF_SCOPE: odds})
        model.fit([texts[number] for number in shown], [topics[number] for number in shown], ordinary)
        shares = model.probabilities(hidden)
        print(f"odds of out_of_scope times {odds}, {len(unseen)} messages never shown")
        answers(shares[harmless], model.topics, [topic for topic in wanted if topic not in TIERS])
    shares = highest(model, hidden)
    tiers = [topic if topic in TIERS else "none" for topic in wanted]
    alike = np.array([text in look_alikes for text in hidden])
    lengths = np.array([len(text) for text in hidden])
    for least, most in itertools.pairwise(LENGTHS):
        these = (lengths > least) & (lengths <= most)
        name = f"messages of over {least} to {most} letters"
        danger(name, shares[these], [tier for tier, one in zip(tiers, these, strict=True) if one], alike[these])
    if options.background:
        calm(model, read_unshown(options.background))
    return 0


if __name__ == "__main__":
    sys.exit(main())
