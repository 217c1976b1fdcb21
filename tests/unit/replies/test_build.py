"""From an understood turn to what is said and what is remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.errors import StoreError
from bot.model import CONVERSATION_TOPICS, STICKY_TIERS, TIERS, Guess, Reply, Source, State, Tier, Turn, Verdict
from bot.replies.build import (
    ANSWER_THRESHOLD,
    CALM_TURNS,
    HELP,
    HUMAN,
    MORE_DETAIL,
    SMALL_TALK_THRESHOLD,
    SUGGESTION_THRESHOLD,
    Outcome,
    Replier,
    after_danger,
    is_answered,
    with_sources,
)
from bot.replies.safety import safety_replies
from tests.unit.replies.conftest import DAY, LEAFLET, FakeAnswers

SURE, UNSURE = 0.9, ANSWER_THRESHOLD - 0.01
UNSURE_TALK = SMALL_TALK_THRESHOLD - 0.01
STICKY = sorted(STICKY_TIERS)


def turn(
    topic: str = "alcohol",
    confidence: float = SURE,
    text: str = "can I drink",
    *,
    verdict: Verdict | None = None,
    state: State | None = None,
    guesses: tuple[Guess, ...] = (),
    questions: tuple[str, ...] = (),
) -> Turn:
    return Turn(text, topic, confidence, verdict or Verdict(), guesses, questions, state or State())


def payloads(outcome: Outcome) -> list[str]:
    return [button.payload for button in outcome.replies[-1].buttons]


def test_an_answer_is_short_with_more_follow_ups_sources_and_review_and_is_remembered(replier: Replier) -> None:
    outcome = replier.answer(turn())
    (reply,) = outcome.replies
    assert (reply.text, reply.topic, reply.tier) == ("alcohol short", "alcohol", "none")
    assert payloads(outcome) == ["/more_detail", "/sun", "/dry_lips"]
    assert (reply.sources, reply.reviewed_on) == ((LEAFLET,), DAY)
    assert outcome.state == State(last_topic="alcohol")


@pytest.mark.parametrize(
    ("country", "text"), [("UK", "alcohol short UK"), ("US", "alcohol short"), (None, "alcohol short")]
)
def test_an_answer_is_the_one_for_the_country(replier: Replier, country: str | None, text: str) -> None:
    assert replier.answer(turn(state=State(country=country))).replies[0].text == text


@pytest.mark.parametrize(
    ("questions", "topics"),
    [
        (("alcohol", "sun"), ["alcohol", "sun"]),
        (("alcohol", "greet", "sun"), ["alcohol", "sun"]),
        (("sun", "greet"), ["alcohol"]),
        (("sun",), ["alcohol"]),
        ((), ["alcohol"]),
    ],
)
def test_several_questions_get_an_answer_each_and_the_last_is_remembered(
    replier: Replier, questions: tuple[str, ...], topics: list[str]
) -> None:
    outcome = replier.answer(turn(questions=questions))
    assert [reply.topic for reply in outcome.replies] == topics
    assert outcome.state.last_topic == topics[-1]


@pytest.mark.parametrize(
    ("confidence", "topic"), [(ANSWER_THRESHOLD, "alcohol"), (UNSURE, "out_of_scope"), (0.0, "out_of_scope")]
)
def test_from_the_threshold_on_a_question_is_answered_and_below_it_asked_back(
    replier: Replier, confidence: float, topic: str
) -> None:
    outcome = replier.answer(turn(confidence=confidence))
    assert outcome.replies[0].topic == topic


@pytest.mark.parametrize("tier", TIERS)
def test_a_topic_that_is_a_tier_is_never_answered_as_a_question(replier: Replier, tier: Tier) -> None:
    assert replier.answer(turn(topic=tier)).replies[0].topic == "out_of_scope"


def test_more_detail_is_the_full_text_of_the_last_answer_for_the_country(replier: Replier) -> None:
    outcome = replier.more(turn("more_detail", state=State(country="UK", last_topic="sun")))
    assert (outcome.replies[0].text, outcome.replies[0].topic) == ("sun full UK", "sun")
    assert outcome.replies[0].sources == (LEAFLET,)
    assert MORE_DETAIL.payload not in payloads(outcome)


def test_more_detail_without_an_answer_before_asks_about_what(replier: Replier) -> None:
    outcome = replier.more(turn("more_detail"))
    assert "Ask me a question" in outcome.replies[0].text
    assert outcome.state == State()


@pytest.mark.parametrize(
    ("guesses", "expected"),
    [
        (("alcohol", "sun"), ["/alcohol", "/sun"]),
        (("greet", "alcohol", "crisis", "sun"), ["/alcohol", "/sun"]),
        (("alcohol", "sun", "dry_lips", "ipledge"), ["/alcohol", "/sun", "/dry_lips"]),
        (("nowhere", "sun"), ["/sun"]),
    ],
)
def test_unsure_up_to_three_likely_topics_are_offered(
    replier: Replier, guesses: tuple[str, ...], expected: list[str]
) -> None:
    outcome = replier.fallback(turn(confidence=UNSURE, guesses=tuple(Guess(topic, 0.2) for topic in guesses)))
    assert payloads(outcome) == [*expected, "/talk_to_human"]
    assert "not sure" in outcome.replies[0].text


@pytest.mark.parametrize("guesses", [(), (Guess("alcohol", SUGGESTION_THRESHOLD - 0.001),), (Guess("greet", 0.3),)])
def test_unsure_without_a_likely_topic_says_so_and_offers_help(replier: Replier, guesses: tuple[Guess, ...]) -> None:
    outcome = replier.fallback(turn(confidence=UNSURE, guesses=guesses))
    assert outcome.replies[0].buttons == (HELP, HUMAN)
    assert "not sure" in outcome.replies[0].text


@pytest.mark.parametrize(("confidence", "says"), [(SURE, "outside what I can answer"), (UNSURE_TALK, "not sure")])
def test_only_what_is_surely_out_of_scope_is_called_so(replier: Replier, confidence: float, says: str) -> None:
    assert says in replier.fallback(turn("out_of_scope", confidence)).replies[0].text


@pytest.mark.parametrize("topic", ["greet", "goodbye", "thanks", "affirm", "deny", "bot_identity", "help"])
def test_small_talk_is_said_as_written_if_sure_and_not_if_unsure(replier: Replier, topic: str) -> None:
    assert replier.small_talk(turn(topic)).replies[0].topic == topic
    assert replier.small_talk(turn(topic, UNSURE_TALK)).replies[0].topic == "out_of_scope"


@pytest.mark.parametrize(
    ("topic", "confidence", "says"),
    [
        ("feedback_good", SURE, "Good to hear"),
        ("feedback_bad", SURE, "Sorry"),
        ("feedback_good", UNSURE_TALK, "not sure"),
        ("feedback_bad", UNSURE_TALK, "not sure"),
    ],
)
def test_praise_is_thanked_for_and_a_complaint_is_answered_with_people_to_turn_to(
    replier: Replier, topic: str, confidence: float, says: str
) -> None:
    assert says in replier.feedback(turn(topic, confidence)).replies[0].text


@pytest.mark.parametrize("slot", ["weight_kg", "daily_dose_mg"])
def test_the_course_estimate_has_a_question_for_each_number(replier: Replier, slot: str) -> None:
    assert replier.course_question(slot).count("?") == 1


def test_a_course_is_worked_out_with_the_sources_of_its_answer_and_remembered(replier: Replier) -> None:
    outcome = replier.course(turn("course_estimate"), 60, 20, 120)
    assert "360 days" in outcome.replies[0].text
    assert outcome.replies[0].sources == (LEAFLET,)
    assert outcome.state.last_topic == "course_estimate"


@pytest.mark.parametrize(("country", "number"), [("UK", "116 123"), ("US", "988"), (None, "findahelpline.com")])
def test_people_to_turn_to_come_with_the_lines_of_the_country(
    replier: Replier, country: str | None, number: str
) -> None:
    assert number in replier.human(turn("talk_to_human", state=State(country=country))).replies[0].text


@pytest.mark.parametrize(("code", "name"), [("UK", "United Kingdom"), ("US", "United States"), ("IE", "Ireland")])
def test_a_country_is_remembered_and_confirmed_by_name(replier: Replier, code: str, name: str) -> None:
    outcome = replier.country(turn("set_country"), code)
    assert name in outcome.replies[0].text
    assert outcome.state.country == code


@pytest.mark.parametrize("code", [None, "XX", "worldwide"])
def test_a_country_that_is_not_known_is_asked_for_and_nothing_is_changed(replier: Replier, code: str | None) -> None:
    state = State(country="UK", tier="crisis")
    outcome = replier.country(turn("set_country", state=state), code)
    assert "Which country" in outcome.replies[0].text
    assert outcome.replies[0].buttons
    assert outcome.state == state


@pytest.mark.parametrize("tier", STICKY)
def test_in_danger_a_country_brings_its_help_text_at_once(replier: Replier, tier: Tier) -> None:
    outcome = replier.country(turn("set_country", state=State(tier=tier)), "UK")
    assert outcome.replies == (safety_replies().reply(tier, "UK"),)
    assert outcome.state == State(country="UK", tier=tier)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("about_other", [True, False])
def test_danger_gets_the_fixed_text_of_its_tier_for_the_country(
    replier: Replier, tier: Tier, about_other: bool
) -> None:
    outcome = replier.safety(turn(verdict=Verdict(tier, 0.9, about_other=about_other), state=State(country="UK")))
    assert outcome.replies == (safety_replies().reply(tier, "UK", about_other=about_other),)
    assert outcome.state.tier == (tier if tier in STICKY_TIERS else "none")


@pytest.mark.parametrize(
    ("before", "raised", "after"),
    [
        (State(), "crisis", State(tier="crisis")),
        (State(), "urgent_mood", State(tier="urgent_mood")),
        (State(), "medical_emergency", State()),
        (State(), "pregnancy_exposure", State()),
        (State(tier="crisis", calm_turns=2), "urgent_mood", State(tier="crisis")),
        (State(tier="urgent_mood", calm_turns=2), "crisis", State(tier="crisis")),
        (State(tier="crisis", calm_turns=2), "crisis", State(tier="crisis")),
        (State(tier="crisis", calm_turns=2), "medical_emergency", State(tier="crisis", calm_turns=2)),
        (State("UK", "sun"), "crisis", State("UK", "sun", "crisis")),
    ],
)
def test_crisis_and_low_mood_stay_in_force_and_crisis_is_never_lowered(
    before: State, raised: Tier, after: State
) -> None:
    assert after_danger(before, raised) == after


@pytest.mark.parametrize("tier", ["none", "medical_emergency", "pregnancy_exposure"])
def test_without_a_sticky_tier_the_usual_reply_is_right(replier: Replier, tier: Tier) -> None:
    assert replier.sticky(turn("affirm", text="ok", state=State(tier=tier))) is None


@pytest.mark.parametrize("tier", STICKY)
@pytest.mark.parametrize(
    "text",
    ["I'm safe", "i am safe", "im ok now", "I'm okay", "I am fine", "I'm all right", "I'm safe, I have a question"],
)
def test_a_person_who_says_that_they_are_safe_moves_on(replier: Replier, tier: Tier, text: str) -> None:
    outcome = replier.sticky(turn("affirm", text=text, state=State(tier=tier, calm_turns=1)))
    assert outcome is not None
    assert "glad you are safe" in outcome.replies[0].text
    assert outcome.state == State()


@pytest.mark.parametrize("tier", STICKY)
@pytest.mark.parametrize(
    "text",
    [
        "I'm not safe",
        "I am not ok",
        "am I safe",
        "is it safe",
        "are you ok",
        "I'm unsafe",
        "I don't think I'm safe",
        "not sure i'm ok",
        "I don't know if I am ok",
        "nobody says i'm fine",
        "ok",
    ],
)
def test_a_person_who_does_not_say_so_does_not(replier: Replier, tier: Tier, text: str) -> None:
    outcome = replier.sticky(turn("affirm", text=text, state=State(tier=tier, calm_turns=1)))
    assert outcome == Outcome((safety_replies().follow_up(tier, None),), State(tier=tier))


@pytest.mark.parametrize("tier", STICKY)
@pytest.mark.parametrize(
    "text", ["This is about someone else", "it is for somebody else", "it's not about me", "not me"]
)
def test_someone_else_brings_the_text_about_them_and_the_tier_stays(replier: Replier, tier: Tier, text: str) -> None:
    outcome = replier.sticky(turn("affirm", text=text, state=State(tier=tier, calm_turns=1)))
    assert outcome == Outcome((safety_replies().reply(tier, None, about_other=True),), State(tier=tier))


@pytest.mark.parametrize("tier", STICKY)
@pytest.mark.parametrize(
    ("topic", "confidence", "state", "real"),
    [
        ("alcohol", SURE, State(), True),
        ("alcohol", UNSURE, State(), False),
        ("affirm", SURE, State(), False),
        ("deny", SURE, State(), False),
        ("thanks", SURE, State(), False),
        ("greet", SURE, State(), False),
        ("out_of_scope", SURE, State(), False),
        ("set_country", SURE, State(), True),
        ("talk_to_human", SURE, State(), True),
        ("talk_to_human", UNSURE_TALK, State(), False),
        ("help", SURE, State(), True),
        ("more_detail", SURE, State(), False),
        ("more_detail", SURE, State(last_topic="sun"), False),
        ("more_detail", SURE, State(last_topic="sun", calm_turns=1), True),
    ],
)
def test_while_a_tier_is_in_force_only_a_real_question_gets_the_usual_reply(
    replier: Replier, tier: Tier, topic: str, confidence: float, state: State, real: bool
) -> None:
    held = State(None, state.last_topic, tier, state.calm_turns)
    outcome = replier.sticky(turn(topic, confidence, text="mhm", state=held))
    if real:
        assert outcome is None
    else:
        assert outcome is not None
        assert outcome.replies == (safety_replies().follow_up(tier, None),)
        assert outcome.state.tier == tier
        assert outcome.state.calm_turns == 0


def ask(replier: Replier, state: State) -> Outcome:
    return replier.answer(turn(state=state))


def ask_more(replier: Replier, state: State) -> Outcome:
    return replier.more(turn("more_detail", state=state))


def ask_course(replier: Replier, state: State) -> Outcome:
    return replier.course(turn("course_estimate", state=state), 60, 20, None)


@pytest.mark.parametrize("tier", STICKY)
@pytest.mark.parametrize("say", [ask, ask_more, ask_course])
def test_every_answer_carries_the_reminder_until_enough_calm_turns(
    replier: Replier, tier: Tier, say: Callable[[Replier, State], Outcome]
) -> None:
    state = State(country="UK", last_topic="sun", tier=tier)
    reminder = safety_replies().reminder(tier, "UK")
    for calm in range(1, CALM_TURNS + 1):
        outcome = say(replier, state)
        assert outcome.replies[-1].text.endswith(reminder)
        state = outcome.state
        assert (state.tier, state.calm_turns) == ((tier, calm) if calm < CALM_TURNS else ("none", 0))
    assert reminder not in say(replier, state).replies[-1].text


def test_of_several_answers_only_the_last_carries_the_reminder(replier: Replier) -> None:
    outcome = replier.answer(turn(questions=("alcohol", "sun"), state=State(tier="crisis")))
    reminder = safety_replies().reminder("crisis", None)
    assert [reminder in reply.text for reply in outcome.replies] == [False, True]
    assert outcome.state.calm_turns == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda replier: replier.answer(turn()),
        lambda replier: replier.more(turn(state=State(last_topic="sun"))),
        lambda replier: replier.fallback(turn(confidence=UNSURE)),
        lambda replier: replier.course(turn(), 60, 20, None),
    ],
)
def test_a_store_that_fails_is_passed_on(
    replier: Replier, answers: FakeAnswers, act: Callable[[Replier], Outcome]
) -> None:
    answers.broken = True
    with pytest.raises(StoreError):
        act(replier)


@pytest.mark.parametrize("tier", TIERS)
def test_danger_and_moving_on_need_no_store(replier: Replier, answers: FakeAnswers, tier: Tier) -> None:
    answers.broken = True
    assert replier.safety(turn(verdict=Verdict(tier, 0.9))).replies[0].tier == tier
    assert replier.sticky(turn("affirm", text="ok", state=State(tier="crisis"))) is not None
    assert replier.human(turn("talk_to_human")).replies
    assert replier.country(turn("set_country"), "UK").replies


@pytest.mark.parametrize(
    ("topic", "expected"),
    [("alcohol", True), *((topic, False) for topic in CONVERSATION_TOPICS), *((tier, False) for tier in TIERS)],
)
def test_only_topics_with_a_medical_answer_are_answered(topic: str, expected: bool) -> None:
    assert is_answered(topic) is expected


def test_sources_are_named_once_with_the_latest_check() -> None:
    sources = (
        Source("a", "A", "NHS", None, dt.date(2026, 1, 2)),
        Source("b", "B", "FDA", None, dt.date(2026, 3, 4)),
        Source("c", "C", "NHS", None, dt.date(2026, 2, 3)),
    )
    assert with_sources(Reply("Text", "sun", sources=sources)) == "Text\n\nSources: NHS; FDA (checked 04 March 2026)"
    assert with_sources(Reply("Text", "sun")) == "Text"
