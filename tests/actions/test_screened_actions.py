"""What every answering action shares: danger first, then a sticky tier, then its own reply; honest without a database."""

from __future__ import annotations

import asyncio
import pkgutil
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions.answer_topic import ActionAnswerTopic
from actions.fallback import ActionFallback
from actions.feedback import ActionFeedback
from actions.more_detail import ActionMoreDetail
from actions.set_country import ActionSetCountry
from actions.small_talk import ActionSmallTalk
from actions.talk_to_human import ActionTalkToHuman
from actions.turn import ScreenedAction
from bot.model import STICKY_TIERS, TIERS, Tier
from bot.replies.safety import safety_replies
from bot.settings import settings
from bot.storage.answers import StoredAnswers
from bot.storage.engine import engine_for
from tests.actions.conftest import run

SCREENED: list[ScreenedAction] = [
    ActionAnswerTopic(),
    ActionFallback(),
    ActionFeedback(),
    ActionMoreDetail(),
    ActionSetCountry(),
    ActionSmallTalk(),
    ActionTalkToHuman(),
]
each_action = pytest.mark.parametrize("action", SCREENED, ids=lambda action: action.name())
each_sticky = pytest.mark.parametrize("tier", sorted(STICKY_TIERS))

ANSWER, TALK, FALLBACK = ActionAnswerTopic(), ActionSmallTalk(), ActionFallback()


def test_no_answering_action_is_left_out() -> None:
    modules = [f"actions.{module.name}" for module in pkgutil.iter_modules(actions.__path__)]
    for module in modules:
        __import__(module)
    answering = {kind for kind in ScreenedAction.__subclasses__() if kind.__module__ in modules}
    assert answering == {type(action) for action in SCREENED}


@each_action
@pytest.mark.parametrize("tier", TIERS)
def test_danger_seen_by_the_model_wins(action: Action, tier: Tier) -> None:
    said = run(action, "words", "alcohol", 0.99, safety={"tier": tier, "score": 0.6}, last_topic="alcohol")
    assert said.texts == [safety_replies().reply(tier, None).text]
    assert (said.topics, said.tiers) == ([tier], [tier])
    assert said.messages[0]["sources"]
    assert said.slots.get("safety_tier") == (tier if tier in STICKY_TIERS else None)


DANGER = [
    ("i want to kill myself", "crisis"),
    ("I wanna d1e", "crisis"),
    ("my throat is swelling and i cant breathe", "medical_emergency"),
    ("I took 20 capsules", "medical_emergency"),
    ("the condom broke last night and i take accutane", "pregnancy_exposure"),
    ("I feel so hopeless and empty", "urgent_mood"),
]


@each_action
@pytest.mark.parametrize(("text", "tier"), DANGER)
def test_danger_in_the_words_wins_although_the_model_missed_it(action: Action, text: str, tier: Tier) -> None:
    said = run(action, text, "greet", 0.99, safety={"tier": "none"})
    assert said.tiers == [tier]
    assert said.texts == [safety_replies().reply(tier, None).text]


@each_action
@pytest.mark.parametrize(("text", "tier"), DANGER)
def test_danger_wins_in_a_sticky_conversation_and_a_crisis_stays_one(action: Action, text: str, tier: Tier) -> None:
    said = run(action, f"I'm safe, but {text}", "alcohol", safety_tier="crisis", calm_turns=2.0)
    assert said.tiers == [tier]
    assert "safety_tier" not in said.slots
    assert said.slots.get("calm_turns") == (0 if tier in STICKY_TIERS else None)


@each_action
def test_danger_is_answered_without_a_database(no_database: None, action: Action) -> None:
    said = run(action, "i want to kill myself", "alcohol", country="UK")
    assert said.texts == [safety_replies().reply("crisis", "UK").text]
    assert "999" in said.texts[0]


@each_action
def test_danger_of_someone_else_is_spoken_to_the_helper(action: Action) -> None:
    said = run(action, "words", safety={"tier": "crisis", "about_other": True})
    assert said.texts == [safety_replies().reply("crisis", None, about_other=True).text]


SMALL = [
    ("ok", "affirm", 0.95, TALK),
    ("no", "deny", 0.95, TALK),
    ("thanks", "thanks", 0.95, TALK),
    ("hi", "greet", 0.95, TALK),
    ("bye", "goodbye", 0.95, TALK),
    ("good answer", "feedback_good", 0.95, ActionFeedback()),
    ("bad answer", "feedback_bad", 0.95, ActionFeedback()),
    ("asdf jkl qwe", "alcohol", 0.05, ANSWER),
    ("asdf jkl qwe", "out_of_scope", 0.05, FALLBACK),
    ("what is the capital of peru", "out_of_scope", 0.95, FALLBACK),
    ("", "out_of_scope", 0.0, FALLBACK),
    ("tell me more", "more_detail", 0.95, ActionMoreDetail()),
]


@each_sticky
@pytest.mark.parametrize(("text", "topic", "confidence", "action"), SMALL, ids=[f"{s[0]!r} {s[1]}" for s in SMALL])
def test_small_words_in_a_sticky_conversation_get_the_follow_up(
    tier: Tier, text: str, topic: str, confidence: float, action: Action
) -> None:
    said = run(action, text, topic, confidence, safety_tier=tier, country="US", last_topic="alcohol")
    assert said.texts == [safety_replies().follow_up(tier, "US").text]
    assert said.tiers == [tier]
    assert "safety_tier" not in said.slots


@each_sticky
def test_small_words_start_the_count_of_calm_turns_anew(tier: Tier) -> None:
    assert run(TALK, "ok", "affirm", safety_tier=tier, calm_turns=2.0).slots == {"calm_turns": 0}


@each_sticky
def test_a_real_question_is_answered_with_one_line_of_reminder(tier: Tier) -> None:
    said = run(ANSWER, "can i drink beer", "alcohol", safety_tier=tier, country="UK")
    short = StoredAnswers(engine_for(settings().database_url)).get("alcohol").text.short
    reminder = safety_replies().reminder(tier, "UK")
    assert said.texts == [f"{short}\n\n{reminder}"]
    assert "\n" not in reminder
    assert said.slots == {"last_topic": "alcohol", "calm_turns": 1}


@each_sticky
def test_several_answers_carry_one_reminder(tier: Tier) -> None:
    said = run(ANSWER, "beer and lips?", "alcohol", questions=("alcohol", "dry_lips"), safety_tier=tier)
    reminder = safety_replies().reminder(tier, None)
    assert said.topics == ["alcohol", "dry_lips"]
    assert [reminder in text for text in said.texts] == [False, True]
    assert said.slots == {"last_topic": "dry_lips", "calm_turns": 1}


@each_sticky
def test_a_sticky_tier_ends_after_three_questions(tier: Tier) -> None:
    slots: dict[str, Any] = {"safety_tier": tier}
    reminded = []
    for topic in ("alcohol", "dry_lips", "dry_skin", "sun_protection"):
        said = run(ANSWER, "a question", topic, **slots)
        slots |= said.slots
        reminded.append(safety_replies().reminder(tier, None) in said.texts[0])
    assert reminded == [True, True, True, False]
    assert (slots["safety_tier"], slots["calm_turns"]) == ("none", 0)


@each_sticky
def test_more_detail_between_questions_counts_as_one(tier: Tier) -> None:
    said = run(ActionMoreDetail(), "more", "more_detail", safety_tier=tier, calm_turns=1.0, last_topic="alcohol")
    assert said.topics == ["alcohol"]
    assert safety_replies().reminder(tier, None) in said.texts[0]
    assert said.slots["calm_turns"] == 2


@each_sticky
@pytest.mark.parametrize("text", ["I'm safe, I have a question", "i am safe", "Im ok now", "I'm fine, thank you"])
@each_action
def test_i_am_safe_ends_it(action: Action, text: str, tier: Tier) -> None:
    said = run(action, text, "affirm", safety_tier=tier, calm_turns=1.0, country="UK")
    assert said.texts == [safety_replies().phrase("moved_on", "UK")]
    assert (said.slots["safety_tier"], said.slots["calm_turns"]) == ("none", 0)


@each_sticky
@pytest.mark.parametrize("text", ["I'm not safe", "i am not okay", "I'm unsafe"])
def test_i_am_not_safe_does_not(tier: Tier, text: str) -> None:
    said = run(TALK, text, "deny", safety_tier=tier)
    assert said.tiers == [tier]
    assert "safety_tier" not in said.slots


@each_sticky
@each_action
def test_this_is_about_someone_else(action: Action, tier: Tier) -> None:
    said = run(action, "This is about someone else", "out_of_scope", 0.2, safety_tier=tier, country="UK", calm_turns=2)
    assert said.texts == [safety_replies().reply(tier, "UK", about_other=True).text]
    assert said.tiers == [tier]
    assert said.slots == {"calm_turns": 0}


@each_sticky
def test_a_country_in_a_crisis_brings_its_numbers_at_once(tier: Tier) -> None:
    said = run(ActionSetCountry(), "I am in the United Kingdom", "set_country", safety_tier=tier, country="US")
    assert said.texts == [safety_replies().reply(tier, "UK").text]
    assert "116 123" in said.texts[0]
    assert said.slots == {"country": "UK"}


@each_sticky
def test_another_country_unnamed_in_a_crisis_is_asked_for(tier: Tier) -> None:
    said = run(ActionSetCountry(), "I'm in another country", "set_country", safety_tier=tier, country="US")
    assert "Which country" in said.texts[0]
    assert "findahelpline.com" in said.texts[0]
    assert said.tiers == [tier]
    assert said.slots == {}


@pytest.mark.parametrize("tier", [tier for tier in TIERS if tier not in STICKY_TIERS])
def test_other_tiers_do_not_stay(tier: Tier) -> None:
    assert run(ANSWER, "words", safety={"tier": tier}).slots == {}
    assert run(TALK, "ok", "affirm", safety_tier=tier).topics == ["affirm"]


NEEDING: list[tuple[Action, str, str, dict[str, Any]]] = [
    (ANSWER, "can i drink", "alcohol", {}),
    (ANSWER, "asdf", "alcohol", {"confidence": 0.1}),
    (ActionMoreDetail(), "more", "more_detail", {"last_topic": "alcohol"}),
    (FALLBACK, "asdf", "out_of_scope", {"confidence": 0.1, "ranking": (("alcohol", 0.3),)}),
    (TALK, "hm", "greet", {"confidence": 0.1}),
    (ActionFeedback(), "good", "feedback_good", {"last_topic": "alcohol"}),
]


@pytest.mark.parametrize("country", [None, "UK"])
@pytest.mark.parametrize(("action", "text", "topic", "more"), NEEDING, ids=[row[0].name() for row in NEEDING])
def test_without_a_database_the_reply_is_honest_and_names_help(
    no_database: None, action: Action, text: str, topic: str, more: dict[str, Any], country: str | None
) -> None:
    said = run(action, text, topic, **more, country=country)
    assert said.texts == [safety_replies().phrase("trouble", country)]
    assert "something went wrong" in said.texts[0]
    assert ("116 123" if country else "findahelpline.com") in said.texts[0]
    assert said.slots == {}


@each_sticky
def test_without_a_database_a_sticky_conversation_gets_the_help_text(no_database: None, tier: Tier) -> None:
    said = run(ANSWER, "can i drink", "alcohol", safety_tier=tier, country="UK", calm_turns=2.0)
    assert said.texts == [safety_replies().reply(tier, "UK").text]
    assert said.slots == {"calm_turns": 0}


@pytest.mark.parametrize("topic", ["greet", "thanks", "help", "bot_identity"])
def test_small_talk_needs_no_database(no_database: None, topic: str) -> None:
    assert run(TALK, "words", topic).topics == [topic]


def test_people_to_turn_to_need_no_database(no_database: None) -> None:
    assert run(ActionTalkToHuman(), "human please", "talk_to_human").topics == ["talk_to_human"]


@pytest.mark.parametrize("channel", ["cmdline", "socketio"])
def test_channels_without_metadata_get_the_sources_in_words(channel: str) -> None:
    said = run(ANSWER, "can i drink", "alcohol", channel=channel)
    assert "\n\nSources: " in said.texts[0]
    assert "Sources: " not in run(ANSWER, "can i drink", "alcohol").texts[0]


def test_the_country_of_the_site_counts_until_the_person_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_COUNTRY", "UK")
    settings.cache_clear()
    danger = {"tier": "crisis"}
    assert run(TALK, safety=danger).texts == [safety_replies().reply("crisis", "UK").text]
    assert run(TALK, safety=danger, country="IE").texts == [safety_replies().reply("crisis", "IE").text]


@pytest.mark.parametrize(
    "message", [None, {}, {"text": None, "intent": None}, {"text": "", "intent": {"name": None, "confidence": None}}]
)
def test_a_message_without_anything_gets_the_fallback(message: dict[str, Any] | None) -> None:
    dispatcher = CollectingDispatcher()
    asyncio.run(FALLBACK.run(dispatcher, Tracker("me", {}, message, [], False, None, {}, None), {}))
    assert [said["topic"] for said in dispatcher.messages] == ["out_of_scope"]
