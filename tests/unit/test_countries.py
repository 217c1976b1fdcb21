"""Which country a text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import load_helplines
from bot.countries import find_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I am in the United States", "US"),
        ("I'm in the US", "US"),
        ("US", "US"),
        ("us", "US"),
        ("U.S.A.", "US"),
        ("the states", "US"),
        ("new york", "US"),
        ("I am in the United Kingdom", "UK"),
        ("uk", "UK"),
        ("U.K.", "UK"),
        ("i live in london", "UK"),
        ("northern ireland", "UK"),
        ("I am in Ireland", "IE"),
        ("i'm in cork", "IE"),
        ("I am in Canada", "CA"),
        ("British Columbia", "CA"),
        ("I am in Australia", "AU"),
        ("sydney", "AU"),
        ("I live in Wellington, New Zealand", "NZ"),
        ("mumbai", "IN"),
        ("south africa", "ZA"),
        ("germany", "DE"),
        ("i'm french", "FR"),
        ("españa", "ES"),
        ("rome", "IT"),
        ("netherlands", "NL"),
        ("são paulo", "BR"),
        ("Mexico City", "MX"),
        ("portugal", "PT"),
        ("Kraków", "PL"),
        ("Malmö", "SE"),
        ("singapore", "SG"),
        ("Tokyo", "JP"),
    ],
)
def test_a_country_is_found_by_its_name_people_or_places(text: str, code: str | None) -> None:
    assert find_country(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "because",
        "help us",
        "tell us more",
        "I speak English",
        "french polish",
        "business",
        "I'm in another country",
    ],
)
def test_a_word_that_only_looks_like_a_country_is_none(text: str) -> None:
    assert find_country(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I'm from India but live in London", "UK"),
        ("from Canada, now in Dublin", "IE"),
        ("not the UK, the US", "US"),
    ],
)
def test_of_several_the_last_counts(text: str, code: str) -> None:
    assert find_country(text) == code


@pytest.mark.parametrize("code", sorted(set(load_helplines()) - {"worldwide"}))
def test_every_country_with_help_lines_can_be_named(code: str) -> None:
    assert find_country(f"I am in {load_helplines()[code].name}") == code


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    found = find_country(text)
    assert found is None or (len(found) == 2 and found.isupper())
