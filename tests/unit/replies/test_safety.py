"""The fixed safety replies, for every tier and country."""

from __future__ import annotations

import re

import pytest

from bot.content.load import CountryLines, HelpLine, SafetyText, SafetyTexts, load_helplines, load_safety_texts
from bot.model import STICKY_TIERS, TIERS, Tier
from bot.replies.safety import OTHER_COUNTRY, SAFE, SOMEONE_ELSE, SafetyReplies, safety_replies
from tests.unit.replies.conftest import DAY

LINES = load_helplines()
COUNTRIES = sorted(set(LINES) - {"worldwide"})
PHRASES = ("moved_on", "reminder", "reminder_mood", "trouble", "late", "too_long", "human")


@pytest.mark.parametrize("country", [*COUNTRIES, None, "XX"])
@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("about_other", [True, False])
def test_every_tier_has_a_whole_text_for_every_country(tier: Tier, country: str | None, about_other: bool) -> None:
    reply = safety_replies().reply(tier, country, about_other=about_other)
    assert (reply.topic, reply.tier) == (tier, tier)
    assert not re.search(r"[{}]", reply.text)
    assert "None" not in reply.text
    assert reply.sources
    assert reply.reviewed_on


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("tier", sorted(STICKY_TIERS))
def test_crisis_and_low_mood_name_the_emergency_number_and_a_crisis_line_of_the_country(
    tier: Tier, country: str
) -> None:
    lines = LINES[country]
    texts = [
        safety_replies().reply(tier, country).text,
        safety_replies().reply(tier, country, about_other=True).text,
        safety_replies().follow_up(tier, country).text,
        safety_replies().reminder(tier, country),
    ]
    for text in texts:
        assert lines.emergency in text
        assert lines.crisis[0].name in text


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("about_other", [True, False])
def test_a_medical_emergency_names_the_emergency_number(country: str, about_other: bool) -> None:
    text = safety_replies().reply("medical_emergency", country, about_other=about_other).text
    assert LINES[country].emergency in text
    assert all(line.name in text for line in LINES[country].poison)


@pytest.mark.parametrize("country", [None, "", "XX", "worldwide"])
@pytest.mark.parametrize("tier", sorted(STICKY_TIERS))
def test_an_unknown_country_gets_lines_of_several_and_the_directory(tier: Tier, country: str | None) -> None:
    text = safety_replies().reply(tier, country).text
    for expected in ("988", "116 123", "findahelpline.com"):
        assert expected in text


@pytest.mark.parametrize("country", ["UK", "uk", "Uk"])
def test_the_case_of_a_country_does_not_matter(country: str) -> None:
    assert safety_replies().reply("pregnancy_exposure", country) == safety_replies().reply("pregnancy_exposure", "UK")


@pytest.mark.parametrize(("country", "mark"), [("UK", "GP"), ("US", "obstetrician")])
def test_a_country_with_a_wording_of_its_own_gets_it_unless_someone_else_is_meant(country: str, mark: str) -> None:
    assert mark in safety_replies().reply("pregnancy_exposure", country).text
    assert mark not in safety_replies().reply("pregnancy_exposure", "CA").text
    assert mark not in safety_replies().reply("pregnancy_exposure", country, about_other=True).text


@pytest.mark.parametrize(
    ("tier", "about_other", "buttons"),
    [
        ("crisis", False, (OTHER_COUNTRY, SOMEONE_ELSE, SAFE)),
        ("crisis", True, (OTHER_COUNTRY, SAFE)),
        ("urgent_mood", False, (OTHER_COUNTRY, SOMEONE_ELSE, SAFE)),
        ("urgent_mood", True, (OTHER_COUNTRY, SAFE)),
        ("medical_emergency", False, (OTHER_COUNTRY,)),
        ("medical_emergency", True, (OTHER_COUNTRY,)),
        ("pregnancy_exposure", False, (OTHER_COUNTRY,)),
    ],
)
def test_buttons_fit_the_tier(tier: Tier, about_other: bool, buttons: tuple[object, ...]) -> None:
    assert safety_replies().reply(tier, "UK", about_other=about_other).buttons == buttons


@pytest.mark.parametrize("country", [*COUNTRIES, None])
@pytest.mark.parametrize("name", PHRASES)
def test_every_phrase_is_whole_for_every_country(name: str, country: str | None) -> None:
    text = safety_replies().phrase(name, country)
    assert text
    assert not re.search(r"[{}]", text)


def test_trouble_and_delay_are_told_apart_and_danger_brings_the_help_text() -> None:
    replies = safety_replies()
    assert replies.trouble("none", "UK").text == replies.phrase("trouble", "UK")
    assert replies.trouble("none", "UK", late=True).text == replies.phrase("late", "UK")
    assert replies.trouble("crisis", "UK", late=True) == replies.reply("crisis", "UK")


def test_the_countries_have_names_and_worldwide_is_none_of_them() -> None:
    names = safety_replies().countries()
    assert names["UK"] == "United Kingdom"
    assert "worldwide" not in names


def lines(code: str, **groups: tuple[HelpLine, ...]) -> CountryLines:
    crisis = (HelpLine(f"{code} crisis", phone=f"{code}-1"),)
    given = {"crisis": crisis, "medical_advice": (), "poison": (), **groups}
    return CountryLines(code=code, name=f"Land {code}", emergency=f"{code}-112", **given)


def replies(text: str, **countries: CountryLines) -> SafetyReplies:
    texts = {tier: SafetyText(tier, "Title", {"self": text, "other": text}, (), DAY) for tier in TIERS}
    world = lines("worldwide", crisis=(HelpLine("Directory", web="lines.org"),))
    poison = (HelpLine("Poison", phone="9"),)
    known = {"US": lines("US", poison=poison), "UK": lines("UK", poison=poison), "worldwide": world, **countries}
    return SafetyReplies(SafetyTexts(texts, {}), known)


@pytest.mark.parametrize(
    ("wording", "country", "text"),
    [
        ("{emergency}", lines("A"), "A-112"),
        ("{crisis}", lines("A"), "- A crisis: call A-1"),
        (
            "{crisis}",
            lines("A", crisis=(HelpLine("one", phone="1"), HelpLine("two", phone="2"), HelpLine("three", phone="3"))),
            "- one: call 1\n- two: call 2",
        ),
        ("{crisis_short}", lines("A", crisis=(HelpLine("one", text="HI to 5"),)), "one HI to 5"),
        ("{crisis_short}", lines("A", crisis=(HelpLine("one", web="a.org"),)), "one a.org"),
        ("{advice}", lines("A"), "- An out-of-hours clinic, or the nearest hospital"),
        ("{advice}", lines("A", medical_advice=(HelpLine("nurse", phone="8"),)), "- nurse: call 8"),
        ("{poison}", lines("A"), "- No poison line is listed here: call A-112"),
        ("{poison}", lines("A", poison=(HelpLine("p", phone="7"),)), "- p: call 7"),
    ],
)
def test_each_gap_is_filled_with_lines_of_the_country(wording: str, country: CountryLines, text: str) -> None:
    assert replies(wording, A=country).reply("crisis", "A").text == text


@pytest.mark.parametrize(
    ("wording", "parts"),
    [
        ("{crisis}", ["Land US: US crisis US-1", "Land UK: UK crisis UK-1", "lines.org"]),
        ("{crisis_short}", ["US-1 (US)", "UK-1 (UK)", "lines.org"]),
        ("{poison}", ["Land US: Poison 9", "Land UK: Poison 9"]),
    ],
)
def test_worldwide_names_two_countries_and_the_directory(wording: str, parts: list[str]) -> None:
    text = replies(wording).reply("crisis", None).text
    assert all(part in text for part in parts)


def test_the_real_texts_are_read_once() -> None:
    assert safety_replies() is safety_replies()
    assert set(load_safety_texts().tiers) == set(TIERS)
