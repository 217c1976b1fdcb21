"""Figures from what the assistant made of held-out messages. Pure arithmetic, no model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scipy.stats import binomtest

OUT_OF_SCOPE = "out_of_scope"
BINS = 10


@dataclass(frozen=True)
class Case:
    """A held-out message and what the assistant made of it.

    Attributes:
        id: the message's id in its table.
        accepted: the labels a fair judge accepts, the best one first.
        group: its style or kind.
        ranking: topics by confidence, best first, with the confidence.
        tier: the safety tier raised.
        said: the topic of each bubble of the reply; empty if the assistant asked back.
        offered: the topics it offered as buttons when it asked back.
    """

    id: str
    accepted: tuple[str, ...]
    group: str
    ranking: tuple[tuple[str, float], ...]
    tier: str = "none"
    said: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The best label."""
        return self.accepted[0]

    @property
    def first(self) -> str:
        """The topic ranked first."""
        return self.ranking[0][0] if self.ranking else OUT_OF_SCOPE

    @property
    def right(self) -> bool:
        """True if the topic ranked first is accepted."""
        return self.first in self.accepted

    @property
    def in_three(self) -> bool:
        """True if an accepted topic is among the first three."""
        return any(topic in self.accepted for topic, _ in self.ranking[:3])

    @property
    def answered(self) -> bool:
        """True if the assistant answered rather than asked back."""
        return bool(self.said)

    @property
    def wrong_answer(self) -> bool:
        """True if it answered, and on no accepted topic: the costly error."""
        return self.answered and not set(self.said) & set(self.accepted)

    @property
    def within_reach(self) -> bool:
        """True if it answered on an accepted topic or offered one."""
        return bool(set(self.said or self.offered) & set(self.accepted)) or (
            not self.answered and self.label == OUT_OF_SCOPE
        )


@dataclass(frozen=True)
class Figure:
    """A share with its 95% confidence interval (Wilson) and the messages that count against it."""

    name: str
    hits: int
    total: int
    against: tuple[str, ...] = field(default=(), repr=False)
    better_high: bool = True

    @property
    def share(self) -> float:
        """Hits in all, 0 to 1."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% confidence interval of the share."""
        if not self.total:
            return 0.0, 1.0
        found = binomtest(self.hits, self.total).proportion_ci(method="wilson")
        return float(found.low), float(found.high)

    def as_dict(self) -> dict[str, object]:
        """Return the form kept in JSON; `against` lets a later run be compared message by message."""
        low, high = self.interval
        return {
            "share": round(self.share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "hits": self.hits,
            "total": self.total,
            "better_high": self.better_high,
            "against": list(self.against),
        }


def figure(name: str, cases: Sequence[Case], holds: Callable[[Case], bool], *, better_high: bool = True) -> Figure:
    """Return the share of cases for which something holds.

    Args:
        name: what the share is called.
        cases: the cases.
        holds: tells whether a case counts.
        better_high: False where a low share is good; then the cases that count are those against it.
    """
    hits = [case.id for case in cases if holds(case)]
    misses = [case.id for case in cases if not holds(case)]
    return Figure(name, len(hits), len(cases), tuple(misses if better_high else hits), better_high)


def topic_figures(cases: Sequence[Case]) -> list[Figure]:
    """Return the figures of topic recognition over all cases, in scope and out of scope apart."""
    inside = [case for case in cases if case.label != OUT_OF_SCOPE]
    outside = [case for case in cases if case.label == OUT_OF_SCOPE]
    called_out = [case for case in cases if case.first == OUT_OF_SCOPE]
    return [
        figure("right topic", cases, lambda case: case.right),
        figure("right topic, in scope", inside, lambda case: case.right),
        figure("right topic among three", cases, lambda case: case.in_three),
        figure("out of scope: recall", outside, lambda case: case.right),
        figure("out of scope: precision", called_out, lambda case: OUT_OF_SCOPE in case.accepted),
        figure("answered without asking back", cases, lambda case: case.answered),
        figure("answered wrongly", cases, lambda case: case.wrong_answer, better_high=False),
        figure("right topic answered or offered", cases, lambda case: case.within_reach),
    ]


def macro_f1(cases: Sequence[Case]) -> float:
    """Return the mean over labels of F1; an accepted topic counts as the label itself."""
    pairs = [(case.label, case.label if case.right else case.first) for case in cases]
    scores = []
    for label in {label for label, _ in pairs}:
        both = sum(wanted == found == label for wanted, found in pairs)
        either = sum((wanted == label) + (found == label) for wanted, found in pairs)
        scores.append(2 * both / either if either else 0.0)
    return sum(scores) / len(scores) if scores else 0.0


def by_group(cases: Iterable[Case], group: Callable[[Case], str]) -> dict[str, list[Case]]:
    """Return the cases by group, in the groups' order of first appearance."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(group(case), []).append(case)
    return groups


def confusions(cases: Iterable[Case]) -> dict[tuple[str, str], list[str]]:
    """Return the ids of the cases by (label, topic ranked first) where that topic is not accepted, most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        if not case.right:
            found.setdefault((case.label, case.first), []).append(case.id)
    return dict(sorted(found.items(), key=lambda entry: -len(entry[1])))


def reliability(cases: Sequence[Case]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and number of cases for ten bins of confidence; empty bins are left out."""
    bins: list[list[Case]] = [[] for _ in range(BINS)]
    for case in cases:
        if case.ranking:
            bins[min(BINS - 1, int(case.ranking[0][1] * BINS))].append(case)
    return [
        (sum(case.ranking[0][1] for case in part) / len(part), sum(case.right for case in part) / len(part), len(part))
        for part in bins
        if part
    ]


def calibration_error(cases: Sequence[Case]) -> float:
    """Return the expected calibration error: the mean gap between confidence and share right, weighted by cases."""
    rows = reliability(cases)
    total = sum(number for _, _, number in rows)
    return sum(abs(sure - right) * number for sure, right, number in rows) / total if total else 0.0


def drops(now: Mapping[str, Figure], before: Mapping[str, Mapping[str, object]], level: float = 0.01) -> list[str]:
    """Return the figures that are worse than in an earlier run beyond noise.

    Compared message by message with McNemar's exact test, one-sided: of the messages on which the two runs differ, are there more
    that became worse than chance would give?

    Args:
        now: figures of this run by name.
        before: figures of the earlier run by name, as `Figure.as_dict` writes them.
        level: how unlikely chance must be; low, because some forty figures are compared at once.
    """
    found = []
    for name, figure_now in now.items():
        earlier = before.get(name)
        if earlier is None or earlier["total"] != figure_now.total:
            continue
        then = set(map(str, earlier["against"]))  # type: ignore[call-overload]
        today = set(figure_now.against)
        worse, better = len(today - then), len(then - today)
        if worse > better and binomtest(worse, worse + better, alternative="greater").pvalue < level:
            was = float(str(earlier["share"]))
            found.append(f"{name}: {figure_now.share:.1%}, was {was:.1%} ({worse} messages worse, {better} better)")
    return found
