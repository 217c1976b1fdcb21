"""The same topics, tiers and actions everywhere: domain, training data, rules, content, code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.load import load_answers, load_helplines, load_safety_texts, load_small_talk
from bot.engine.actions import InProcessActions
from bot.model import CONVERSATION_TOPICS, STICKY_TIERS, TIERS
from bot.payloads import is_payload
from bot.replies.safety import safety_replies

ROOT = Path(__file__).resolve().parent.parent


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


DOMAIN = read("domain.yml")
INTENTS: list[str] = DOMAIN["intents"]
MEDICAL = sorted(set(INTENTS) - set(CONVERSATION_TOPICS) - set(TIERS))


@lru_cache(maxsize=1)
def examples() -> dict[str, list[str]]:
    """Return the training examples by topic."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = [line[2:] for line in entry["examples"].splitlines() if line.startswith("- ")]
            found.setdefault(entry["intent"], []).extend(lines)
    return found


@lru_cache(maxsize=1)
def rules() -> list[dict[str, Any]]:
    """Return the rules of all files."""
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return [rule for file in files for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]]


def intents_of(rule: dict[str, Any]) -> list[str]:
    steps = [part for step in rule["steps"] for part in step.get("or", [step])]
    return [step["intent"] for step in steps if "intent" in step]


def actions_of(rule: dict[str, Any]) -> list[str]:
    return [step["action"] for step in rule["steps"] if "action" in step]


def started_by(intent: str) -> list[dict[str, Any]]:
    """Return the rules that a topic starts while no form is open."""
    return [rule for rule in rules() if intent in intents_of(rule) and "condition" not in rule]


def test_no_topic_is_named_twice() -> None:
    assert len(INTENTS) == len(set(INTENTS))


SETS = {
    "training data": lambda: set(examples()),
    "rules": lambda: {intent for rule in rules() for intent in intents_of(rule)},
    "content and code": lambda: {*load_answers(), *TIERS, *CONVERSATION_TOPICS},
}


@pytest.mark.parametrize("name", SETS)
def test_the_topics_are_those_of_the_domain(name: str) -> None:
    assert SETS[name]() == set(INTENTS)


def test_answers_are_neither_tiers_nor_conversation() -> None:
    assert sorted(load_answers()) == MEDICAL
    assert set(TIERS) & set(CONVERSATION_TOPICS) == set()


@pytest.mark.parametrize("intent", INTENTS)
def test_every_topic_has_examples_and_one_rule(intent: str) -> None:
    assert len(examples()[intent]) >= 20
    assert len(started_by(intent)) == 1


@pytest.mark.parametrize("topic", MEDICAL)
def test_every_medical_topic_is_answered(topic: str) -> None:
    expected = ["course_form"] if topic == "course_estimate" else ["action_answer_topic"]
    assert actions_of(started_by(topic)[0]) == expected


@pytest.mark.parametrize("tier", TIERS)
def test_every_tier_has_examples_rules_an_action_and_content(tier: str) -> None:
    assert len(examples()[tier]) >= 20
    assert actions_of(started_by(tier)[0]) == ["utter_safety", "action_safety"]
    [in_form] = [rule for rule in rules() if tier in intents_of(rule) and "condition" in rule]
    assert actions_of(in_form)[:2] == ["utter_safety", "action_safety"]
    assert {"active_loop": None} in in_form["steps"]
    assert tier in DOMAIN["forms"]["course_form"]["ignored_intents"]
    text = load_safety_texts().tiers[tier]  # type: ignore[index]
    assert text.sources
    assert {"self", "other"} <= set(text.texts)


@pytest.mark.parametrize("tier", sorted(STICKY_TIERS))
def test_every_sticky_tier_has_a_follow_up(tier: str) -> None:
    assert "follow_up" in load_safety_texts().tiers[tier].texts  # type: ignore[index]


def test_the_wording_of_danger_can_be_filled_for_every_country() -> None:
    replies = safety_replies()
    for country in [None, *load_helplines()]:
        for tier in TIERS:
            for about_other in (False, True):
                text = replies.reply(tier, country, about_other=about_other).text
                assert text
                assert "{" not in text
        for name in load_safety_texts().phrases:
            assert "{" not in replies.phrase(name, country)


def test_every_action_of_the_domain_exists_and_no_other_is_used() -> None:
    found = InProcessActions().names()
    assert len(DOMAIN["actions"]) == len(set(DOMAIN["actions"]))
    assert set(DOMAIN["actions"]) - found == set()
    known = {*DOMAIN["actions"], *DOMAIN["responses"], *DOMAIN["forms"], "action_deactivate_loop"}
    assert {action for rule in rules() for action in actions_of(rule)} <= known


def test_every_action_is_used() -> None:
    used = {action for rule in rules() for action in actions_of(rule)}
    form = {
        "validate_course_form",
        *(f"action_ask_{slot}" for slot in DOMAIN["forms"]["course_form"]["required_slots"]),
    }
    fallback = next(policy for policy in read("config.yml")["policies"] if policy["name"] == "RulePolicy")
    assert set(DOMAIN["actions"]) == (used & set(DOMAIN["actions"])) | form | {fallback["core_fallback_action_name"]}


def test_every_slot_that_a_form_asks_for_has_a_question() -> None:
    for slot in DOMAIN["forms"]["course_form"]["required_slots"]:
        assert slot in DOMAIN["slots"]
        assert f"ask_{slot}" in load_small_talk()


def test_small_talk_has_words_for_what_action_small_talk_is_called_with() -> None:
    called = {intent for rule in rules() if actions_of(rule) == ["action_small_talk"] for intent in intents_of(rule)}
    assert called - set(load_small_talk()) == set()


def test_every_follow_up_and_button_leads_somewhere() -> None:
    for answer in load_answers().values():
        assert set(answer.follow_ups) <= set(MEDICAL) - {answer.topic}
    for reply in load_small_talk().values():
        for button in reply.buttons:
            assert button.payload.removeprefix("/") in INTENTS


@pytest.mark.parametrize("intent", INTENTS)
def test_a_topic_can_be_a_button_unless_it_is_a_tier(intent: str) -> None:
    assert is_payload(f"/{intent}") == (intent not in TIERS)


def test_no_example_belongs_to_two_topics() -> None:
    owners: dict[str, set[str]] = {}
    for intent, lines in examples().items():
        for line in lines:
            owners.setdefault(line.casefold().strip(), set()).add(intent)
    assert {line: found for line, found in owners.items() if len(found) > 1} == {}


def test_the_tour_asks_one_question_for_every_topic_it_can() -> None:
    rows = (ROOT / "tests" / "data" / "one_question_per_topic.tsv").read_text(encoding="utf-8").splitlines()
    topics = [row.split("\t")[0] for row in rows if row]
    assert set(topics) <= set(INTENTS)
    assert set(MEDICAL) - set(topics) == set()
