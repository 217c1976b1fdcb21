"""The figures of an evaluation, worked out by hand on small sets."""

from __future__ import annotations

import pytest

from eval.metrics import (
    Case,
    Figure,
    calibration_error,
    confusions,
    drops,
    figure,
    macro_f1,
    reliability,
    topic_figures,
)


def case(
    number: int, label: str, first: str, sure: float = 0.9, said: tuple[str, ...] | None = None, **more: object
) -> Case:
    ranking = ((first, sure), ("other", 0.05), ("third", 0.03), ("fourth", 0.02))
    return Case(f"t{number}", (label,), "plain", ranking, said=(first,) if said is None else said, **more)  # type: ignore[arg-type]


CASES = [
    case(1, "alcohol", "alcohol"),
    case(2, "alcohol", "sun_protection"),
    case(3, "other", "alcohol", said=(), offered=("other", "alcohol")),
    case(4, "out_of_scope", "out_of_scope"),
    case(5, "out_of_scope", "alcohol"),
    case(6, "fourth", "alcohol", said=()),
]


@pytest.mark.parametrize(
    ("name", "hits", "total"),
    [
        ("right topic", 2, 6),
        ("right topic, in scope", 1, 4),
        ("right topic among three", 3, 6),
        ("out of scope: recall", 1, 2),
        ("out of scope: precision", 1, 1),
        ("answered without asking back", 4, 6),
        ("answered wrongly", 2, 6),
        ("right topic answered or offered", 3, 6),
    ],
)
def test_topic_figures(name: str, hits: int, total: int) -> None:
    found = {entry.name: entry for entry in topic_figures(CASES)}
    assert (found[name].hits, found[name].total) == (hits, total)


def test_what_counts_against_a_figure_depends_on_which_way_is_better() -> None:
    found = {entry.name: entry for entry in topic_figures(CASES)}
    assert found["right topic"].against == ("t2", "t3", "t5", "t6")
    assert found["answered wrongly"].against == ("t2", "t5")


def test_a_second_label_that_a_judge_accepts_counts_as_right() -> None:
    assert Case("t1", ("alcohol", "liver_cholesterol"), "", (("liver_cholesterol", 0.8),)).right


def test_asking_back_on_something_out_of_scope_is_within_reach() -> None:
    assert case(1, "out_of_scope", "alcohol", said=()).within_reach
    assert not case(1, "out_of_scope", "alcohol").within_reach


def test_the_interval_is_wilsons() -> None:
    low, high = Figure("any", 8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Figure("none", 0, 0).interval == (0.0, 1.0)


def test_macro_f1_is_the_mean_over_labels() -> None:
    cases = [case(1, "a", "a"), case(2, "a", "b"), case(3, "b", "b")]
    assert macro_f1(cases) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert macro_f1([]) == 0.0


def test_reliability_compares_confidence_with_what_was_right() -> None:
    cases = [case(1, "a", "a", 0.95), case(2, "a", "b", 0.93), case(3, "a", "a", 0.25)]
    assert reliability(cases) == [(0.25, 1.0, 1), (pytest.approx(0.94), 0.5, 2)]
    assert calibration_error(cases) == pytest.approx((0.75 * 1 + 0.44 * 2) / 3)
    assert calibration_error([]) == 0.0


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    assert reliability([case(1, "a", "a", 1.0)]) == [(1.0, 1.0, 1)]


def test_confusions_come_most_frequent_first() -> None:
    cases = [case(1, "a", "b"), case(2, "c", "d"), case(3, "c", "d"), case(4, "c", "c")]
    assert confusions(cases) == {("c", "d"): ["t2", "t3"], ("a", "b"): ["t1"]}


def run(wrong: set[int], *, better_high: bool = True) -> Figure:
    cases = [case(number, "a", "a" if (number not in wrong) == better_high else "b") for number in range(40)]
    return figure("right", cases, lambda entry: entry.right, better_high=better_high)


DROPS = [
    ("the same", {1, 2}, {1, 2}, False),
    ("better", {1, 2, 3, 4, 5, 6}, {1}, False),
    ("one worse is noise", {1}, {1, 2}, False),
    ("four worse and none better is noise", {1}, {1, 2, 3, 4, 5}, False),
    ("eight worse and none better is not", {1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, True),
    ("six worse and five better is noise", {1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}, False),
]


@pytest.mark.parametrize(("before", "now", "dropped"), [row[1:] for row in DROPS], ids=[row[0] for row in DROPS])
@pytest.mark.parametrize("better_high", [True, False])
def test_a_drop_is_told_from_noise(before: set[int], now: set[int], dropped: bool, better_high: bool) -> None:
    earlier = {"right": run(before, better_high=better_high).as_dict()}
    assert bool(drops({"right": run(now, better_high=better_high)}, earlier)) is dropped


def test_a_figure_over_other_messages_is_not_compared() -> None:
    earlier = {"right": {**run(set()).as_dict(), "total": 39}}
    assert drops({"right": run(set(range(20)))}, earlier) == []
    assert drops({"right": run(set(range(20)))}, {}) == []
