"""The arithmetic of a course estimate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.course import DOSE_RANGE_MG, TARGET_RANGE_MG_PER_KG, WEIGHT_RANGE_KG, CourseEstimate, plausible


@pytest.mark.parametrize(
    ("weight", "dose", "target", "total", "days", "weeks"),
    [
        (70, 20, 120, 8400, 420, 60),
        (70, 40, 120, 8400, 210, 30),
        (60, 20, 150, 9000, 450, 64),
        (60, 10, 120, 7200, 720, 103),
        (62, 25, 120, 7440, 298, 43),
        (50, 60, 120, 6000, 100, 14),
    ],
)
def test_total_days_and_weeks(weight: float, dose: float, target: float, total: float, days: int, weeks: int) -> None:
    estimate = CourseEstimate(weight, dose, target)
    assert (estimate.total_mg, estimate.days, estimate.weeks) == (total, days, weeks)


@given(
    st.integers(*map(int, WEIGHT_RANGE_KG)),
    st.integers(*map(int, DOSE_RANGE_MG)),
    st.integers(*map(int, TARGET_RANGE_MG_PER_KG)),
)
def test_days_are_the_fewest_whole_days_that_reach_the_total(weight: int, dose: int, target: int) -> None:
    days = CourseEstimate(weight, dose, target).days
    assert (days - 1) * dose < weight * target <= days * dose


@pytest.mark.parametrize(
    ("value", "expected"), [(20, True), (350, True), (100, True), (19.99, False), (350.01, False), (-60, False)]
)
def test_limits_are_included(value: float, expected: bool) -> None:
    assert plausible(value, WEIGHT_RANGE_KG) is expected
