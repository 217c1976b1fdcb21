"""The course form: numbers read from messages, odd ones asked back, and the worked sum."""

from __future__ import annotations

from typing import Any

import pytest

from actions.course_estimate import COURSE_SLOTS, ActionCourseEstimate
from actions.validate_course_form import ValidateCourseForm
from bot.model import TIERS, Tier
from bot.replies.safety import safety_replies
from tests.actions.conftest import run

FORM, SUM = ValidateCourseForm(), ActionCourseEstimate()
CLEARED = {"requested_slot": None, "weight_kg": None, "daily_dose_mg": None, "target_mg_per_kg": None}

READ: list[tuple[str, str | None, dict[str, float]]] = [
    ("60 kg", "weight_kg", {"weight_kg": 60.0}),
    ("62", "weight_kg", {"weight_kg": 62.0}),
    ("about 62", "weight_kg", {"weight_kg": 62.0}),
    ("62,5", "weight_kg", {"weight_kg": 62.5}),
    ("140 lb", "weight_kg", {"weight_kg": 63.5}),
    ("10 stone 4", "weight_kg", {"weight_kg": 65.32}),
    ("20", "weight_kg", {"weight_kg": 20.0}),
    ("350", "weight_kg", {"weight_kg": 350.0}),
    ("20", "daily_dose_mg", {"daily_dose_mg": 20.0}),
    ("20 mg every other day", "daily_dose_mg", {"daily_dose_mg": 10.0}),
    ("20 mg twice a day", "daily_dose_mg", {"daily_dose_mg": 40.0}),
    ("1", "daily_dose_mg", {"daily_dose_mg": 1.0}),
    ("twenty", "daily_dose_mg", {"daily_dose_mg": 20.0}),
    (
        "I am 60 kg on 20 mg a day, how long to 120 mg per kg?",
        None,
        {"weight_kg": 60.0, "daily_dose_mg": 20.0, "target_mg_per_kg": 120.0},
    ),
    ("20 mg", "weight_kg", {"daily_dose_mg": 20.0}),
    ("I am 60 kg", "daily_dose_mg", {"weight_kg": 60.0}),
]


@pytest.mark.parametrize(("text", "asked", "slots"), READ)
def test_numbers_are_read_into_slots(text: str, asked: str | None, slots: dict[str, float]) -> None:
    said = run(FORM, text, "course_estimate", requested_slot=asked)
    assert said.messages == []
    assert said.slots == slots


NOTHING = ["lots", "I don't know", "", "no idea, maybe 60 or 70", "what is my weight for?", "👍", "kg", "62 63 64"]


@pytest.mark.parametrize("asked", ["weight_kg", "daily_dose_mg"])
@pytest.mark.parametrize("text", NOTHING)
def test_text_without_one_number_sets_nothing(text: str, asked: str) -> None:
    said = run(FORM, text, "out_of_scope", 0.1, requested_slot=asked)
    assert (said.messages, said.events) == ([], [])


def test_a_bare_number_counts_only_when_one_was_asked_for() -> None:
    assert run(FORM, "62", "course_estimate").events == []
    assert run(FORM, "62", "course_estimate", requested_slot="something_else").events == []


ODD = [
    ("0", "weight_kg", "weight_kg", "0 kg"),
    ("0 kg", "weight_kg", "weight_kg", "0 kg"),
    ("700 kg", "weight_kg", "weight_kg", "700 kg"),
    ("19.9 kg", "weight_kg", "weight_kg", "19.9 kg"),
    ("350.1", "weight_kg", "weight_kg", "350.1 kg"),
    ("-60", "weight_kg", "weight_kg", "-60 kg"),
    ("-60 kg", "weight_kg", "weight_kg", "-60 kg"),
    ("99999999999999999999 kg", "weight_kg", "weight_kg", "kg"),
    ("0", "daily_dose_mg", "daily_dose_mg", "0 mg"),
    ("2000 mg", "daily_dose_mg", "daily_dose_mg", "2,000 mg"),
    ("-20 mg", "daily_dose_mg", "daily_dose_mg", "-20 mg"),
    ("0.5", "daily_dose_mg", "daily_dose_mg", "0.5 mg"),
    ("1000 mg per kg", "daily_dose_mg", "target_mg_per_kg", "1,000 mg per kg"),
    ("0 mg per kg", "daily_dose_mg", "target_mg_per_kg", "0 mg per kg"),
]


@pytest.mark.parametrize(("text", "asked", "name", "shown"), ODD)
def test_an_odd_value_is_asked_back_and_not_kept(text: str, asked: str, name: str, shown: str) -> None:
    said = run(FORM, text, "course_estimate", requested_slot=asked)
    assert said.slots == {name: None}
    assert len(said.messages) == 1
    assert shown in said.texts[0]
    assert "looks like a slip" in said.texts[0]
    assert said.messages[0]["response"] == "utter_reply"
    assert said.topics == ["course_estimate"]


def test_a_good_value_beside_an_odd_one_is_kept() -> None:
    said = run(FORM, "I am 60 kg on 2000 mg a day", "course_estimate")
    assert said.slots == {"weight_kg": 60.0, "daily_dose_mg": None}
    assert len(said.messages) == 1


@pytest.mark.parametrize("tier", TIERS)
def test_danger_closes_the_form_with_the_help_text(tier: Tier) -> None:
    said = run(FORM, "words", "course_estimate", safety={"tier": tier}, requested_slot="weight_kg")
    assert said.texts == [safety_replies().reply(tier, None).text]
    assert said.loop_closed
    assert said.slots["requested_slot"] is None


def test_danger_in_the_words_closes_the_form_although_the_model_missed_it() -> None:
    said = run(FORM, "60 kg and i want to die", "course_estimate", requested_slot="weight_kg")
    assert said.tiers == ["crisis"]
    assert said.loop_closed
    assert "weight_kg" not in said.slots


def estimate(text: str = "20 mg", **slots: Any) -> Any:
    return run(SUM, text, "course_estimate", **{"weight_kg": 60.0, "daily_dose_mg": 20.0, **slots})


def test_the_sum_of_a_target() -> None:
    said = estimate(target_mg_per_kg=120.0)
    assert "120 mg per kg: 120 × 60 kg = 7,200 mg. 7,200 ÷ 20 mg a day = 360 days, about 51 weeks." in said.texts[0]
    assert "150 mg per kg:" not in said.texts[0]
    assert said.topics == ["course_estimate"]
    assert said.messages[0]["sources"]
    assert said.slots == {**CLEARED, "last_topic": "course_estimate"}
    assert said.loop_closed


def test_the_sum_without_a_target_shows_the_usual_range_and_says_so() -> None:
    said = estimate()
    assert "- 120 mg per kg:" in said.texts[0]
    assert "- 150 mg per kg: 150 × 60 kg = 9,000 mg. 9,000 ÷ 20 mg a day = 450 days" in said.texts[0]
    assert "You gave no target" in said.texts[0]
    assert "only arithmetic" in said.texts[0]


@pytest.mark.parametrize("missing", ["weight_kg", "daily_dose_mg"])
def test_without_a_number_nothing_is_said_and_the_form_is_cleared(missing: str) -> None:
    said = estimate(**{missing: None})
    assert said.messages == []
    assert said.slots == CLEARED
    assert said.loop_closed


def test_in_danger_no_sum_is_said_and_the_numbers_are_forgotten() -> None:
    said = run(SUM, "i want to die", "crisis", weight_kg=60.0, daily_dose_mg=20.0)
    assert said.messages == []
    assert said.slots == CLEARED
    assert said.loop_closed


def test_a_sum_in_a_sticky_conversation_carries_the_reminder() -> None:
    said = estimate(safety_tier="crisis", country="UK")
    assert said.texts[0].endswith(safety_replies().reminder("crisis", "UK"))
    assert said.slots["calm_turns"] == 1


def test_without_a_database_the_reply_is_honest_and_the_form_cleared(no_database: None) -> None:
    said = estimate(country="UK")
    assert said.texts == [safety_replies().phrase("trouble", "UK")]
    assert said.slots == CLEARED
    assert said.loop_closed


def test_the_slots_of_the_form_are_those_of_the_domain() -> None:
    assert set(COURSE_SLOTS) == set(CLEARED) - {"requested_slot"}
    assert FORM.name() == "validate_course_form"
    assert SUM.name() == "action_course_estimate"
