"""Weights, doses and targets are read from texts as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quantities import KG_PER_POUND, bare_number, find_quantities


def read(text: str) -> list[tuple[str, float]]:
    return [(quantity.name, round(quantity.value, 3)) for quantity in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("62 kg", 62),
        ("I weigh 62kg", 62),
        ("60 KG", 60),
        ("60kgs", 60),
        ("60 kilos", 60),
        ("60 kilogrammes", 60),
        ("62,5 kg", 62.5),
        ("62.5 kg", 62.5),
        ("sixty two kg", 62),
        ("٦٠ kg", 60),
        ("140 lb", 140 * KG_PER_POUND),
        ("140lbs", 140 * KG_PER_POUND),
        ("100 pounds", 100 * KG_PER_POUND),
        ("10 stone", 140 * KG_PER_POUND),
        ("10 stone 4", 144 * KG_PER_POUND),
        ("10 st 4 lb", 144 * KG_PER_POUND),
        ("11st 7lb", 161 * KG_PER_POUND),
        ("10 stone and 4 pounds", 144 * KG_PER_POUND),
    ],
)
def test_a_weight_is_read_in_kilograms(text: str, kg: float) -> None:
    assert read(text) == [("weight_kg", round(kg, 3))]


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("20 mg", 20),
        ("20mg", 20),
        ("20 MGS a day", 20),
        ("forty milligrams", 40),
        ("20 mg every other day", 10),
        ("20mg eod", 10),
        ("20 mg on alternate days", 10),
        ("20 mg every 2 days", 10),
        ("20 mg twice a day", 40),
        ("20 mg 2 x a day", 40),
        ("10 mg bd", 20),
        ("20 mg morning and night", 40),
        ("2 x 20 mg", 40),
        ("2 capsules of 10 mg", 20),
        ("two 20 mg capsules", 40),
        ("2 times a day, 10 mg", 20),
    ],
)
def test_a_dose_is_read_in_milligrams_a_day(text: str, mg: float) -> None:
    assert read(text) == [("daily_dose_mg", mg)]


@pytest.mark.parametrize(
    ("text", "target"), [("120 mg per kg", 120), ("150mg/kg", 150), ("120 mg for each kg", 120), ("0.5 mg/kg/day", 0.5)]
)
def test_milligrams_per_kilogram_are_a_target_and_no_dose_or_weight(text: str, target: float) -> None:
    assert read(text) == [("target_mg_per_kg", target)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I weigh 62 kg and take 20 mg a day", [("weight_kg", 62), ("daily_dose_mg", 20)]),
        ("20 mg for 60 kg", [("daily_dose_mg", 20), ("weight_kg", 60)]),
        ("20 mg 60 kg", [("daily_dose_mg", 20), ("weight_kg", 60)]),
        (
            "60 kg on 20 mg to 120 mg per kg",
            [("weight_kg", 60), ("daily_dose_mg", 20), ("target_mg_per_kg", 120)],
        ),
        ("60 kg to 70 kg", [("weight_kg", 60), ("weight_kg", 70)]),
        ("9 stone 7 and 20 mg", [("weight_kg", 60.328), ("daily_dose_mg", 20)]),
    ],
)
def test_several_quantities_come_in_the_order_of_the_text(text: str, expected: list[tuple[str, float]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-60 kg", [("weight_kg", -60)]),
        ("40-60 kg", [("weight_kg", 60)]),
        ("weight - 60 kg", [("weight_kg", 60)]),
        ("700 kg", [("weight_kg", 700)]),
        ("1,000 mg", [("daily_dose_mg", 1000)]),
    ],
)
def test_odd_values_are_taken_as_they_stand_and_a_dash_is_no_minus(
    text: str, expected: list[tuple[str, float]]
) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("total", "daily"),
    [
        ("8400 mg so far", "8400 mg a day"),
        ("3000mg in total", "30mg in the morning"),
        ("600 mg already", "600 mg"),
        ("3000 mg altogether", "30 mg all year"),
    ],
)
def test_what_was_taken_so_far_is_no_daily_dose(total: str, daily: str) -> None:
    assert read(total) == []
    assert len(read(daily)) == 1


@pytest.mark.parametrize(
    "text", ["", "why 20?", "no numbers", "I weigh 1.2.3 kg", "20 capsules", "kg", "mg", "2 weeks", "kilometres 20 km"]
)
def test_a_number_without_a_unit_is_no_quantity(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", ["😀 I weigh 62 kg", "I weigh 62kg.", "\n\n62   kg"])
def test_start_and_end_are_the_place_in_the_text(text: str) -> None:
    (found,) = find_quantities(text)
    assert text[found.start : found.end].replace(" ", "") == "62kg"


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert read("62 kg " + "x " * 4000 + "20 mg") == [("weight_kg", 62)]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for quantity in find_quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("62", 62),
        ("about 62", 62),
        ("62.5", 62.5),
        ("62,5", 62.5),
        ("-5", -5),
        ("sixty two", 62),
        ("Sixty", 60),
        ("62!", 62),
    ],
)
def test_a_bare_number_is_read(text: str, number: float) -> None:
    assert bare_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "none", "someone", "12 or 13", "40-60", "I do not want to say that it is 62", "why do you need to know that"],
)
def test_a_text_that_says_more_or_less_than_one_number_is_no_bare_number(text: str) -> None:
    assert bare_number(text) is None
