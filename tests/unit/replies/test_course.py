"""The wording around a course estimate."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.model import Answer, AnswerText, Source
from bot.replies.course import course_reply, number, odd_value

DAY = dt.date(2026, 11, 22)
LEAFLET = Source("leaflet", "The leaflet", "A publisher", None, DAY)
ANSWER = Answer("course_estimate", "Course", "How long?", AnswerText("s", "f"), {}, (), (LEAFLET,), DAY)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20, "20"),
        (20.0, "20"),
        (62.5, "62.5"),
        (63.503, "63.5"),
        (65.0499, "65"),
        (8400.0, "8,400"),
        (1234567.89, "1,234,567.9"),
        (0.04, "0"),
        (-60.0, "-60"),
        (100.0, "100"),
    ],
)
def test_a_number_reads_as_people_write_it(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("name", "usable", "odd", "shown"),
    [
        ("weight_kg", 20, 19.9, "19.9 kg"),
        ("weight_kg", 350, 700, "700 kg"),
        ("weight_kg", 62.5, -62.5, "-62.5 kg"),
        ("daily_dose_mg", 1, 0.5, "0.5 mg"),
        ("daily_dose_mg", 200, 8400, "8,400 mg"),
        ("target_mg_per_kg", 10, 0.5, "0.5 mg per kg"),
        ("target_mg_per_kg", 300, 301, "301 mg per kg"),
    ],
)
def test_an_odd_value_is_asked_about_with_the_value_and_a_usable_one_is_not(
    name: str, usable: float, odd: float, shown: str
) -> None:
    assert odd_value(name, usable) is None
    question = odd_value(name, odd)
    assert question is not None
    assert shown in question


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", ["weight_kg", "daily_dose_mg", "target_mg_per_kg"])
def test_what_is_no_real_number_is_never_usable(name: str, value: float) -> None:
    assert odd_value(name, value) is not None


def test_without_a_target_the_sum_is_shown_for_the_usual_range_and_says_so() -> None:
    reply = course_reply(70, 20, None, ANSWER)
    assert "- 120 mg per kg: 120 × 70 kg = 8,400 mg. 8,400 ÷ 20 mg a day = 420 days, about 60 weeks." in reply.text
    assert "- 150 mg per kg: 150 × 70 kg = 10,500 mg. 10,500 ÷ 20 mg a day = 525 days, about 75 weeks." in reply.text
    assert "You gave no target" in reply.text
    assert "0.29 mg per kg a day" in reply.text


def test_with_a_target_only_its_sum_is_shown() -> None:
    reply = course_reply(60, 20, 130, ANSWER)
    assert reply.text.count(" ÷ ") == 1
    assert "- 130 mg per kg: 130 × 60 kg = 7,800 mg. 7,800 ÷ 20 mg a day = 390 days, about 56 weeks." in reply.text
    assert "You gave no target" not in reply.text


@pytest.mark.parametrize("target", [None, 130.0])
def test_the_reply_says_that_it_is_arithmetic_and_the_prescriber_decides(target: float | None) -> None:
    reply = course_reply(60, 20, target, ANSWER)
    assert "only arithmetic" in reply.text
    assert "Your prescriber alone decides" in reply.text
    assert (reply.topic, reply.tier, reply.sources, reply.reviewed_on) == ("course_estimate", "none", (LEAFLET,), DAY)
    assert [button.payload for button in reply.buttons] == ["/cumulative_dose", "/treatment_duration"]
