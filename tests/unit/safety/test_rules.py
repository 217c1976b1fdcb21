"""The language of the rules, and their scope."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from bot.model import TIERS
from bot.safety.rules import PATTERNS, Rules, about_other, compile_pattern, default_rules

EMPTY: dict[str, dict[str, dict[str, Any]]] = {tier: {} for tier in TIERS}


def found(rule: dict[str, Any], text: str) -> bool:
    findings = Rules({**EMPTY, "crisis": {"sample": {"unless": ["said nowhere"], **rule}}}).find(text.split())
    assert [(finding.tier, finding.rule) for finding in findings] in ([], [("crisis", "crisis.sample")])
    return bool(findings)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("my boat sinks", "my boat sinks", True),
        ("my boat sinks", "oh my boat sinks now", True),
        ("my boat sinks", "my boats sinks", False),
        ("my boat sinks", "my old boat sinks", False),
        ("my boat|ship sinks", "my ship sinks", True),
        ("my boat|ship sinks", "my car sinks", False),
        ("my old? boat sinks", "my old boat sinks", True),
        ("my old? boat sinks", "my boat sinks", True),
        ("my old|new? boat sinks", "my new boat sinks", True),
        ("my old|new? boat sinks", "my boat sinks", True),
        ("my boat * sinks", "my boat sinks", True),
        ("my boat * sinks", "my boat a b c sinks", True),
        ("my boat * sinks", "my boat a b c d sinks", False),
        ("my boat ** sinks", "my boat a b c d e f sinks", True),
        ("my boat ** sinks", "my boat a b c d e f g sinks", False),
        ("my boat * sinks", "my boat . it sinks", False),
        ("my boat * sinks", "my boat , sinks", False),
    ],
)
def test_a_pattern_is_a_row_of_words_choices_options_and_gaps(pattern: str, text: str, expected: bool) -> None:
    assert found({"patterns": [pattern]}, text) is expected


@pytest.mark.parametrize("row", ["", "  ", "*", "* boat", "boat *", "** boat", "boat **", "my boat?"])
def test_a_pattern_that_is_empty_or_open_at_an_end_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"pattern {row!r}")):
        compile_pattern(row)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my boat sinks", True),
        ("my boat sinks on tv", False),
        ("my boat sinks . films sinks on tv", True),
        ("my boat sinks on tv and my boat sinks", True),
    ],
)
def test_an_excuse_undoes_only_the_finding_it_overlaps(text: str, expected: bool) -> None:
    assert found({"patterns": ["boat sinks"], "unless": ["sinks on tv"]}, text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my boat sinks", True),
        ("not a boat sinks", False),
        ("never a boat sinks", False),
        ("no boat sinks", False),
        ("without a boat sinks", False),
        ("no harbour and boat sinks", True),
        ("not , boat sinks", True),
        ("not . boat sinks", True),
        ("not but boat sinks", True),
        ("not just a boat sinks", True),
        ("not in a thousand years my boat sinks", True),
    ],
)
def test_a_negation_close_before_undoes_a_finding_unless_something_breaks_it(text: str, expected: bool) -> None:
    assert found({"patterns": ["boat sinks"]}, text) is expected


@pytest.mark.parametrize("text", ["not a boat sinks", "no boat sinks"])
def test_a_rule_may_hold_its_own_negation(text: str) -> None:
    assert found({"patterns": ["boat sinks"], "negatable": False}, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("boat sinks", True),
        ("can a boat sinks", False),
        ("does the boat sinks", False),
        ("the link to a boat sinks", False),
        ("does my boat sinks", True),
        ("i ask can a boat sinks", True),
        ("boat sinks . can it swim", True),
        ("i am here . can a boat sinks", False),
    ],
)
def test_a_question_about_nobody_in_particular_is_no_finding(text: str, expected: bool) -> None:
    assert found({"patterns": ["boat sinks"]}, text) is expected
    assert found({"patterns": ["boat sinks"], "general": True}, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my boat sinks", True),
        ("years ago there was a boat sinks", False),
        ("when i was young a boat sinks", False),
        ("it was my boat sinks as a teenager", False),
        ("years ago it was a boat sinks and now again", True),
        ("she left me years ago and my boat sinks", True),
        ("i was young years ago . my boat sinks", True),
        ("my boat sinks . that was years ago", True),
    ],
)
def test_a_past_that_is_over_is_no_finding_unless_it_is_now_too(text: str, expected: bool) -> None:
    assert found({"patterns": ["boat sinks"]}, text) is expected


@pytest.mark.parametrize("text", ["", ".", ". . .", "boat", "boat ."])
def test_a_text_without_the_pattern_has_no_finding(text: str) -> None:
    assert not found({"patterns": ["boat sinks"]}, text)


def test_each_rule_is_found_once_and_rules_are_told_apart() -> None:
    rule = {"patterns": ["boat sinks", "boat"], "unless": ["said nowhere"]}
    rules = Rules({**EMPTY, "crisis": {"one": rule}, "urgent_mood": {"one": rule, "two": {"patterns": ["car"]}}})
    findings = rules.find(["my", "boat", "sinks", "my", "boat", "sinks"])
    assert sorted(finding.rule for finding in findings) == ["crisis.one", "urgent_mood.one"]


def test_the_rules_of_the_assistant_are_compiled_once_and_every_tier_has_some() -> None:
    assert default_rules() is default_rules()
    data = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    assert set(data) == set(TIERS)
    assert all(rule["patterns"] for tier in data.values() for rule in tier.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my son is low", True),
        ("she is pregnant", True),
        ("he can not breathe", True),
        ("my wife fainted", True),
        ("our daughter will not leave her room", True),
        ("a friend of mine took pills", True),
        ("they feel hopeless", True),
        ("i am low", False),
        ("i feel low and want to tell my mum but i can not", False),
        ("my lips are dry", False),
        ("", False),
        (".", False),
    ],
)
def test_a_message_about_someone_else_is_told_from_one_about_oneself(text: str, expected: bool) -> None:
    assert about_other(text.split()) is expected
