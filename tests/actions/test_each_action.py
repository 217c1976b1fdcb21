"""Each action by itself: the reply proper, its buttons and its slots."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from actions.answer_topic import ActionAnswerTopic
from actions.ask_course_number import ActionAskDailyDoseMg, ActionAskWeightKg
from actions.fallback import ActionFallback
from actions.feedback import ActionFeedback
from actions.more_detail import ActionMoreDetail
from actions.safety import ActionSafety
from actions.set_country import ActionSetCountry
from actions.small_talk import ActionSmallTalk
from actions.talk_to_human import ActionTalkToHuman
from bot.content.load import load_answers, load_small_talk
from bot.model import CONVERSATION_TOPICS, Answer, Tier
from bot.replies.safety import safety_replies
from bot.storage.engine import create_engine
from bot.storage.models import FeedbackRow
from tests.actions.conftest import SENDER, run

ANSWERS = load_answers()
RANKING = (
    ("alcohol", 0.3),
    ("crisis", 0.25),
    ("greet", 0.2),
    ("dry_lips", 0.15),
    ("dry_skin", 0.08),
    ("dry_eyes", 0.07),
)


# answers


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_every_topic_is_answered_with_sources_date_and_buttons(answer: Answer) -> None:
    said = run(ActionAnswerTopic(), "a question", answer.topic)
    [message] = said.messages
    assert message["response"] == "utter_reply"
    assert (message["text"], message["topic"], message["tier"]) == (answer.text.short, answer.topic, "none")
    assert message["sources"] == [source.as_metadata() for source in answer.sources]
    assert message["reviewed_on"] == answer.reviewed_on.isoformat()
    assert said.payloads == ["/more_detail", *(f"/{topic}" for topic in answer.follow_ups)]
    assert said.slots == {"last_topic": answer.topic}


@pytest.mark.parametrize("code", ["UK", "US"])
def test_the_text_of_the_country(code: str) -> None:
    local = [answer for answer in ANSWERS.values() if code.lower() in answer.by_country]
    assert local
    for answer in local:
        assert run(ActionAnswerTopic(), "q", answer.topic, country=code).texts == [answer.text_for(code).short]


def test_several_questions_get_several_answers() -> None:
    said = run(ActionAnswerTopic(), "q", "alcohol", 0.2, questions=("dry_lips", "greet", "alcohol"))
    assert said.topics == ["dry_lips", "alcohol"]
    assert said.slots == {"last_topic": "alcohol"}


def test_a_button_is_certain() -> None:
    assert run(ActionAnswerTopic(), "/dry_lips", "dry_lips", 1.0).topics == ["dry_lips"]


@pytest.mark.parametrize("confidence", [0.0, 0.2, 0.349])
def test_an_unsure_topic_is_asked_back_with_up_to_three_topics(confidence: float) -> None:
    said = run(ActionAnswerTopic(), "hm", "alcohol", confidence, ranking=RANKING)
    assert said.topics == ["out_of_scope"]
    assert said.payloads == ["/alcohol", "/dry_lips", "/dry_skin", "/talk_to_human"]
    titles = [button["title"] for button in said.messages[0]["buttons"]]
    assert titles[:3] == [ANSWERS[topic].title for topic in ("alcohol", "dry_lips", "dry_skin")]
    assert said.slots == {}


# fallback


@pytest.mark.parametrize(
    ("ranking", "payloads"),
    [
        ((), ["/help", "/talk_to_human"]),
        ((("alcohol", 0.04),), ["/help", "/talk_to_human"]),
        ((("crisis", 0.3), ("greet", 0.3)), ["/help", "/talk_to_human"]),
        ((("alcohol", 0.06),), ["/alcohol", "/talk_to_human"]),
        ((("no_such_topic", 0.3),), ["/help", "/talk_to_human"]),
        (RANKING, ["/alcohol", "/dry_lips", "/dry_skin", "/talk_to_human"]),
    ],
)
def test_the_fallback_suggests_what_is_likely(ranking: tuple[tuple[str, float], ...], payloads: list[str]) -> None:
    said = run(ActionFallback(), "hm", "out_of_scope", 0.1, ranking=ranking)
    assert said.payloads == payloads
    assert "not sure" in said.texts[0]
    assert said.slots == {}


def test_what_is_surely_out_of_scope_is_said_so() -> None:
    said = run(ActionFallback(), "capital of peru", "out_of_scope", 0.9, ranking=RANKING)
    assert "outside what I can answer" in said.texts[0]
    assert said.payloads == ["/help", "/talk_to_human"]


# more detail


@pytest.mark.parametrize(("said", "page", "shown"), [(None, "UK", "UK"), ("US", "UK", "US"), (None, None, None)])
def test_the_country_a_person_says_counts_more_than_that_of_the_page(
    said: str | None, page: str | None, shown: str | None
) -> None:
    answer = ANSWERS["pregnancy_prevention"]
    texts = run(ActionAnswerTopic(), "q", answer.topic, country=said, page_country=page).texts
    assert texts == [answer.text_for(shown).short]


@pytest.mark.parametrize("country", [None, "UK"])
def test_more_detail_is_the_full_text_of_the_last_answer(country: str | None) -> None:
    said = run(ActionMoreDetail(), "more", "more_detail", last_topic="pregnancy_prevention", country=country)
    answer = ANSWERS["pregnancy_prevention"]
    assert said.texts == [answer.text_for(country).full]
    assert said.topics == ["pregnancy_prevention"]
    assert "/more_detail" not in said.payloads
    assert said.messages[0]["sources"]
    assert said.slots == {}


def test_more_detail_on_nothing_is_asked_back() -> None:
    said = run(ActionMoreDetail(), "more", "more_detail")
    assert said.texts[0].startswith("More about what?")


def test_more_detail_on_an_answer_that_was_removed_is_honest() -> None:
    said = run(ActionMoreDetail(), "more", "more_detail", last_topic="removed_topic")
    assert said.texts == [safety_replies().phrase("trouble", None)]


# small talk


@pytest.mark.parametrize("topic", [topic for topic in load_small_talk() if topic in CONVERSATION_TOPICS])
def test_small_talk_in_the_words_of_the_content(topic: str) -> None:
    said = run(ActionSmallTalk(), "words", topic)
    reply = load_small_talk()[topic]
    assert said.texts == [reply.text]
    assert said.payloads == [button.payload for button in reply.buttons]
    assert said.slots == {}


def test_unsure_small_talk_is_the_fallback() -> None:
    assert run(ActionSmallTalk(), "hm", "greet", 0.2).topics == ["out_of_scope"]


# people, country


@pytest.mark.parametrize(
    ("country", "number"), [(None, "findahelpline.com"), ("UK", "999"), ("US", "988"), ("IE", "112")]
)
def test_people_to_turn_to_are_those_of_the_country(country: str | None, number: str) -> None:
    said = run(ActionTalkToHuman(), "human", "talk_to_human", country=country)
    assert number in said.texts[0]
    assert "Pharmacist" in said.texts[0]
    assert said.slots == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [("I'm in the UK", "UK"), ("usa", "US"), ("I live in Dublin", "IE"), ("from India but living in London", "UK")],
)
def test_a_country_is_kept_and_confirmed(text: str, code: str) -> None:
    said = run(ActionSetCountry(), text, "set_country")
    assert said.texts == [f"Thanks. Answers and help lines are now for: {safety_replies().countries()[code]}."]
    assert said.slots == {"country": code}


def test_the_same_country_again_sets_nothing() -> None:
    assert run(ActionSetCountry(), "I'm in the UK", "set_country", country="UK").slots == {}


@pytest.mark.parametrize("text", ["I'm in another country", "I live in Atlantis", ""])
def test_a_country_that_is_not_known_is_asked_for(text: str) -> None:
    said = run(ActionSetCountry(), text, "set_country", country="UK")
    assert "Which country are you in?" in said.texts[0]
    assert said.slots == {}
    for payload in said.payloads:
        assert run(ActionSetCountry(), payload, "set_country").slots


# feedback


@pytest.fixture
def feedback(database: str) -> Any:
    """Return a function that gives the feedback stored since the start of the test."""
    engine = create_engine(database)
    columns = (FeedbackRow.conversation_id, FeedbackRow.topic, FeedbackRow.helped)
    with engine.begin() as connection:
        connection.execute(sa.delete(FeedbackRow))

    def stored() -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.select(*columns))]

    return stored


@pytest.mark.parametrize(("topic", "helped"), [("feedback_good", True), ("feedback_bad", False)])
def test_feedback_on_an_answer_is_kept(feedback: Any, topic: str, helped: bool) -> None:
    said = run(ActionFeedback(), "words", topic, last_topic="alcohol")
    assert said.topics == [topic]
    assert feedback() == [(SENDER, "alcohol", helped)]
    assert said.slots == {}


@pytest.mark.parametrize(
    ("confidence", "slots"),
    [(0.9, {}), (0.1, {"last_topic": "alcohol"}), (0.9, {"last_topic": "alcohol", "safety_tier": "crisis"})],
    ids=["no answer yet", "unsure", "in a crisis"],
)
def test_feedback_on_nothing_or_unsure_or_in_a_crisis_is_not_kept(
    feedback: Any, confidence: float, slots: dict[str, Any]
) -> None:
    assert run(ActionFeedback(), "words", "feedback_bad", confidence, **slots).messages
    assert feedback() == []


# behind the help text


@pytest.mark.parametrize(
    ("tier", "before", "after"),
    [
        ("crisis", {}, {"safety_tier": "crisis"}),
        ("urgent_mood", {}, {"safety_tier": "urgent_mood"}),
        ("medical_emergency", {}, {}),
        ("pregnancy_exposure", {}, {}),
        ("urgent_mood", {"safety_tier": "crisis", "calm_turns": 2.0}, {"calm_turns": 0}),
        ("crisis", {"safety_tier": "urgent_mood", "calm_turns": 1.0}, {"safety_tier": "crisis", "calm_turns": 0}),
        ("medical_emergency", {"safety_tier": "crisis", "calm_turns": 1.0}, {}),
    ],
)
def test_the_tier_is_remembered_where_it_stays(tier: Tier, before: dict[str, Any], after: dict[str, Any]) -> None:
    said = run(ActionSafety(), "words", tier, safety={"tier": tier}, **before)
    assert said.messages == []
    assert said.slots == after


def test_in_a_crisis_no_question_is_answered() -> None:
    said = run(ActionSafety(), "kill myself, and beer?", "crisis", safety={"tier": "crisis"}, questions=("alcohol",))
    assert said.messages == []


@pytest.mark.parametrize("tier", ["urgent_mood", "medical_emergency", "pregnancy_exposure"])
def test_in_other_danger_a_question_in_the_same_message_is_answered(tier: Tier) -> None:
    said = run(ActionSafety(), "words", tier, safety={"tier": tier}, questions=("alcohol",))
    assert said.topics == ["alcohol"]
    assert said.texts == [ANSWERS["alcohol"].text.short]
    assert said.slots.get("safety_tier") == ("urgent_mood" if tier == "urgent_mood" else None)
    assert said.slots["last_topic"] == "alcohol"


def test_the_intent_counts_where_the_verdict_is_missing() -> None:
    assert run(ActionSafety(), "words", "urgent_mood").slots == {"safety_tier": "urgent_mood"}
    assert run(ActionSafety(), "words", "alcohol").slots == {"safety_tier": "crisis"}


@pytest.mark.parametrize("questions", [(), ("alcohol",)])
def test_the_tier_is_remembered_without_a_database(no_database: None, questions: tuple[str, ...]) -> None:
    said = run(ActionSafety(), "words", "urgent_mood", safety={"tier": "urgent_mood"}, questions=questions)
    assert said.slots == {"safety_tier": "urgent_mood"}
    assert said.texts == [safety_replies().phrase("trouble", None) for _ in questions]


# the questions of the course form


@pytest.mark.parametrize(
    ("action", "name", "word"),
    [(ActionAskWeightKg(), "weight_kg", "weight"), (ActionAskDailyDoseMg(), "daily_dose_mg", "mg")],
)
def test_the_form_asks(action: Any, name: str, word: str) -> None:
    said = run(action, "60 kg", "course_estimate")
    assert action.name() == f"action_ask_{name}"
    assert said.texts == [load_small_talk()[f"ask_{name}"].text]
    assert word in said.texts[0]
    assert (said.topics, said.events) == (["course_estimate"], [])
