"""Short questions about the last answer: which are recognised, and what they lead to."""

from __future__ import annotations

import pytest

from bot.content.load import load_follow_ups
from bot.errors import StoreError
from bot.model import Guess, Reply, State, Turn, Verdict
from bot.replies.build import FRAGMENT_WORDS, NONE_OF_THESE, Replier
from bot.replies.follow_ups import aspect_of
from bot.replies.safety import safety_replies
from tests.unit.replies.conftest import TITLES, FakeAnswers

ASPECTS = load_follow_ups()

RECOGNISED = [
    ("why?", "why"),
    ("Why is that?", "why"),
    ("but why though", "why"),
    ("how come", "why"),
    ("what\u2019s the reason", "why"),
    ("and for men?", "men"),
    ("for guys too?", "men"),
    ("does that apply to men too", "men"),
    ("what about women", "women"),
    ("for teens?", "young"),
    ("what about 40?", "dose"),
    ("and 40 mg?", "dose"),
    ("what if i take 60mg", "dose"),
    ("how long does that last", "how_long"),
    ("ok and how long does it last usually?", "how_long"),
    ("for how long do i have to wait", "how_long"),
    ("until when?", "how_long"),
    ("when?", "how_long"),
    ("is that permanent?", "permanent"),
    ("does it go away", "permanent"),
    ("should I worry?", "serious"),
    ("is that normal", "serious"),
    ("what can i do about it", "remedy"),
    ("any tips", "remedy"),
    ("and after?", "afterwards"),
    ("once i'm done", "afterwards"),
    ("how often", "detail"),
    ("like what?", "detail"),
]

STANDS_ALONE = [
    "",
    "?!",
    "ok",
    "thanks",
    "why is my nose bleeding",
    "what about sunscreen?",
    "is it safe to drink",
    "how long should i wait before pregnancy",
    "can men who take it father a child",
    "I weigh 40 and take 20",
    "why? " * 20,
]


@pytest.mark.parametrize(("text", "aspect"), RECOGNISED)
def test_a_follow_up_is_recognised(text: str, aspect: str) -> None:
    found = aspect_of(text, ASPECTS)
    assert found is not None
    assert found.name == aspect


@pytest.mark.parametrize("text", STANDS_ALONE)
def test_a_message_that_stands_alone_is_left_to_the_classifier(text: str) -> None:
    assert aspect_of(text, ASPECTS) is None


LEADS = [
    ("pregnancy_prevention", "and for men?", ("male_fertility",)),
    ("why_20mg", "what about 40?", ("dosage_general",)),
    ("dry_lips", "how long does that last", ("dry_lips",)),
    ("dry_lips", "will it go away", ("long_term_effects",)),
    ("blood_donation", "and after?", ("blood_donation",)),
    ("what_is_isotretinoin", "how long?", ("treatment_duration",)),
    ("alcohol", "why?", ("alcohol",)),
    ("sun_protection", "and for men?", ("male_fertility", "sexual_function", "ipledge")),
]


@pytest.mark.parametrize(("last", "text", "topics"), LEADS)
def test_where_a_follow_up_leads(last: str, text: str, topics: tuple[str, ...]) -> None:
    aspect = aspect_of(text, ASPECTS)
    assert aspect is not None
    assert aspect.leads_to(last) == topics


@pytest.fixture
def following(answers: FakeAnswers) -> Replier:
    """Return a replier that knows follow-ups."""
    return Replier(answers, safety_replies(), {}, ASPECTS)


def turn(text: str, **state: object) -> Turn:
    return Turn(text, "out_of_scope", 0.3, Verdict(), state=State(**state))  # type: ignore[arg-type]


def test_nothing_to_follow_up_without_an_answer_before(following: Replier) -> None:
    assert following.follow_up(turn("why?")) is None


def test_the_same_topic_is_answered_at_length(following: Replier) -> None:
    outcome = following.follow_up(turn("why?", last_topic="alcohol"))
    assert outcome is not None
    assert [(reply.text, reply.topic) for reply in outcome.replies] == [("alcohol full", "alcohol")]
    assert outcome.state.last_topic == "alcohol"


def test_another_topic_is_answered_and_remembered(following: Replier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TITLES, "male_fertility", "Men")
    outcome = following.follow_up(turn("and for men?", last_topic="ipledge"))
    assert outcome is not None
    assert [(reply.text, reply.topic) for reply in outcome.replies] == [("male_fertility short", "male_fertility")]
    assert outcome.state.last_topic == "male_fertility"


def test_what_could_mean_several_things_is_asked_back(following: Replier) -> None:
    outcome = following.follow_up(turn("and for men?", last_topic="sun"))
    assert outcome is not None
    (reply,) = outcome.replies
    assert (reply.topic, [button.payload for button in reply.buttons]) == (
        "more_detail",
        ["/ipledge", "/talk_to_human"],
    )
    assert outcome.state.last_topic == "sun"


FRAGMENTS = [
    ("out_of_scope", 0.99),
    ("alcohol", 0.8),
    ("help", 0.5),
]


@pytest.mark.parametrize(("topic", "confidence"), FRAGMENTS)
def test_a_few_words_that_are_not_clear_alone_are_asked_about_after_an_answer(
    following: Replier, topic: str, confidence: float
) -> None:
    guesses = (Guess("alcohol", 0.3), Guess("sun", 0.2), Guess("ipledge", 0.2), Guess("dry_lips", 0.01))
    said = Turn("is a banana enough", topic, confidence, Verdict(), guesses, state=State(last_topic="sun"))
    outcome = following.follow_up(said)
    assert outcome is not None
    (reply,) = outcome.replies
    assert [(button.title, button.payload) for button in reply.buttons] == [
        ("More on: Sun", "/more_detail"),
        ("Alcohol", "/alcohol"),
        ("iPLEDGE", "/ipledge"),
        (NONE_OF_THESE.title, NONE_OF_THESE.payload),
    ]
    assert outcome.state.last_topic == "sun"


CLEAR = [
    ("can i drink", "alcohol", 0.9, ()),
    ("thanks a lot", "thanks", 0.7, ()),
    ("drink? and sun?", "out_of_scope", 0.9, ("alcohol", "sun")),
    ("word " * (FRAGMENT_WORDS + 1), "out_of_scope", 0.9, ()),
]


@pytest.mark.parametrize(("text", "topic", "confidence", "questions"), CLEAR)
def test_what_is_clear_or_long_stands_alone_after_an_answer(
    following: Replier, text: str, topic: str, confidence: float, questions: tuple[str, ...]
) -> None:
    said = Turn(text, topic, confidence, Verdict(), (), questions, State(last_topic="sun"))
    assert following.follow_up(said) is None


def test_a_sticky_tier_puts_its_reminder_under_it(following: Replier) -> None:
    outcome = following.follow_up(turn("why?", last_topic="alcohol", tier="crisis"))
    assert outcome is not None
    reply: Reply = outcome.replies[-1]
    assert safety_replies().reminder("crisis", None) in reply.text


def test_a_broken_store_is_not_hidden(following: Replier, answers: FakeAnswers) -> None:
    answers.broken = True
    with pytest.raises(StoreError):
        following.follow_up(turn("why?", last_topic="alcohol"))
