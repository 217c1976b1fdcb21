"""From an understood turn to the replies: what is said, with which buttons, and what is remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.model import (
    CONVERSATION_TOPICS,
    ENGLISH,
    STICKY_TIERS,
    TIERS,
    Answer,
    Aspect,
    Button,
    Guess,
    Reply,
    State,
    Tier,
    Turn,
)
from bot.replies.course import course_reply
from bot.replies.follow_ups import aspect_of
from bot.replies.safety import OTHER_COUNTRY, SafetyReplies
from bot.storage.answers import Answers

ANSWER_THRESHOLD: Final = 0.88
"""Confidence from which a topic is answered without asking back.

Read from the messages that the encoder was never shown (a tenth of data/nlu, harder than what people ask on average): from 0.88
on the assistant answers 3% of them on a wrong topic. Of those between 0.75 and 0.88 it would answer one in five wrongly, and a
wrong answer costs far more than a question back.
"""

SMALL_TALK_THRESHOLD: Final = 0.4
"""The same for topics of the conversation itself, where a wrong guess costs nothing."""

OUTSIDE_THRESHOLD: Final = 0.9
"""The same for telling someone that a question is out of scope; below it the assistant asks back. Of the same messages those
that look out of scope from 0.95 on are so in 94%, those between 0.5 and 0.9 in half."""

FRAGMENT_WORDS: Final = 8
"""A message after an answer of at most so many words may mean something only together with that answer ("is a banana enough")."""

FRAGMENT_TALK_THRESHOLD: Final = 0.6
"""What SMALL_TALK_THRESHOLD is for other messages: by itself "what can you put on it" asks about the assistant."""

SUGGESTION_THRESHOLD: Final = 0.05
"""Confidence from which a topic is worth suggesting when the assistant is not sure."""

MAX_SUGGESTIONS: Final = 3
CALM_TURNS: Final = 3
"""Real questions in a row after which a sticky tier ends by itself."""

_MIN_FOREIGN: Final = 4
"""Characters from which a message may be told that questions are answered in English."""

RICH_CHANNELS: Final = frozenset({"web", "telegram"})
"""Channels that show sources from the metadata; all others get them in the text."""

MORE_DETAIL: Final = Button("Tell me more", "/more_detail")
HELP: Final = Button("What can I ask?", "/help")
HUMAN: Final = Button("Talk to a person", "/talk_to_human")
NONE_OF_THESE: Final = Button("None of these", "/talk_to_human")

OUTSIDE: Final = (
    "That is outside what I can answer. I only know about isotretinoin (Accutane, Roaccutane): how to take it, "
    "side effects, pregnancy rules, mood, blood tests and more. For anything else about your health, a pharmacist "
    "or your doctor is the right person."
)
"""What is said to a message that is surely about something else."""

_SAFE: Final = re.compile(
    r"\A\W*(?:(?:no|yes|yeah|ok|okay|thanks|thank you|really|honestly|it'?s ok)\W+)*"
    r"(?:i'?m|i am) (?:(?:really|actually|quite|all|totally) )?"
    r"(?:safe(?: now| today)?(?=[,.!;]|\s*\Z)"
    r"|(?:okay|ok|fine|all right|alright)(?:[, ]+(?:now|today|thanks|thank you))*[.!]*\s*\Z)",
    re.IGNORECASE,
)
"""The person says that they are safe, plainly and at the start: "I don't think I'm safe" and "I'm fine with dying" are not it."""

_DOUBT: Final = re.compile(r"\bbut\b|\bnot\b|n't\b|\bjust want\b", re.IGNORECASE)

_SOMEONE_ELSE: Final = re.compile(r"\b(?:about|for) (?:someone|somebody) else\b|\bnot (?:about )?me\b", re.IGNORECASE)
_REAL_CONVERSATION: Final = frozenset({"help", "bot_identity", "set_country", "talk_to_human"})


@dataclass(frozen=True)
class Outcome:
    """What to say and what to remember."""

    replies: tuple[Reply, ...]
    state: State


class Replier:
    """Builds replies from the answer store and the fixed safety texts.

    Args:
        answers: the answer store.
        safety: the fixed safety replies.
        small_talk: the small talk by topic, and the questions of the course estimate.
        aspects: the kinds of follow-up questions.
    """

    def __init__(
        self,
        answers: Answers,
        safety: SafetyReplies,
        small_talk: Mapping[str, Reply],
        aspects: Sequence[Aspect] = (),
    ) -> None:
        self._answers = answers
        self._safety = safety
        self._small_talk = small_talk
        self._aspects = aspects

    def safety(self, turn: Turn) -> Outcome:
        """Return the help text of the verdict's tier."""
        raised = turn.verdict.tier
        language = turn.language
        reply = self._safety.reply(raised, turn.state.country, about_other=turn.verdict.about_other, language=language)
        return Outcome((reply,), after_danger(turn.state, raised, language))

    def in_its_language(self, turn: Turn) -> Outcome | None:
        """Return a kind note in the language of a harmless message that is not in English, or None if it is in English."""
        if turn.language == ENGLISH or len(turn.text) < _MIN_FOREIGN:
            return None
        note = self._safety.in_language("note", turn.state.country, turn.language)
        return Outcome((Reply(note, "out_of_scope", buttons=(HELP, HUMAN)),), turn.state) if note else None

    def answer(self, turn: Turn) -> Outcome:
        """Return the answer to the turn's question or questions; if unsure, suggestions.

        Raises:
            StoreError: if the answers cannot be read.
        """
        topics = self._questions(turn)
        if not topics:
            return self.fallback(turn)
        replies = tuple(self._short(self._answers.get(topic), turn.state.country) for topic in topics)
        state = replace(turn.state, last_topic=topics[-1])
        return self._remind(Outcome(replies, state))

    def more(self, turn: Turn) -> Outcome:
        """Return the full text of the last answer; if there was none, say so and ask.

        Raises:
            StoreError: if the answers cannot be read.
        """
        if not turn.state.last_topic:
            text = "More about what? Ask me a question first, or pick one of these."
            return Outcome((Reply(text, "more_detail", buttons=(HELP, HUMAN)),), turn.state)
        answer = self._answers.get(turn.state.last_topic)
        text = answer.text_for(turn.state.country).full
        reply = Reply(text, answer.topic, "none", self._follow_ups(answer), answer.sources, answer.reviewed_on)
        return self._remind(Outcome((reply,), turn.state))

    def follow_up(self, turn: Turn) -> Outcome | None:
        """Return the answer to a short question about the last answer ("why?", "and for men?"), or None if it is none.

        Where it could mean several things after that answer, they are offered as buttons; so are the last answer's topic and
        what else it may be about after a short message that is not clear by itself.

        Raises:
            StoreError: if the answers cannot be read.
        """
        last = turn.state.last_topic
        if last is None:
            return None
        aspect = aspect_of(turn.text, self._aspects)
        if aspect is None:
            return self._unclear_after(last, turn) if _is_fragment(turn) else None
        topics = aspect.leads_to(last)
        if topics == (last,):
            return self.more(turn)
        if len(topics) == 1:
            reply = self._short(self._answers.get(topics[0]), turn.state.country)
            return self._remind(Outcome((reply,), replace(turn.state, last_topic=topics[0])))
        text = "I am not sure what you mean by that here. Is it one of these?"
        buttons = (*self._offer(topics), NONE_OF_THESE)
        return self._remind(Outcome((Reply(text, "more_detail", buttons=buttons),), turn.state))

    def _unclear_after(self, last: str, turn: Turn) -> Outcome:
        """Ask what a short message means: more about the last answer, or one of the topics that it may be about by itself."""
        others = [guess for guess in turn.guesses if guess.topic != last]
        more = (Button(f"More on: {title}", MORE_DETAIL.payload) for title in self._answers.titles([last]).values())
        text = "I only know about isotretinoin, and I am not sure what you mean by that here. Is it one of these?"
        buttons = (*more, *self._suggestions(others)[: MAX_SUGGESTIONS - 1], NONE_OF_THESE)
        return self._remind(Outcome((Reply(text, "more_detail", buttons=buttons),), turn.state))

    def fallback(self, turn: Turn) -> Outcome:
        """Say honestly that the assistant is not sure or cannot help, with up to three topics as buttons.

        Raises:
            StoreError: if the answers cannot be read.
        """
        suggestions = self._suggestions(turn.guesses)
        if turn.topic == "out_of_scope" and turn.confidence >= OUTSIDE_THRESHOLD:
            return Outcome((Reply(OUTSIDE, "out_of_scope", buttons=(HELP, HUMAN)),), turn.state)
        if suggestions:
            text = "I am not sure I understood. Is it one of these? If not, try it in other words."
            buttons = (*suggestions, NONE_OF_THESE)
        else:
            text = (
                "I am not sure I understood that. I can answer questions about isotretinoin. Try it in other words, or ask a "
                "pharmacist or your prescriber."
            )
            buttons = (HELP, HUMAN)
        return Outcome((Reply(text, "out_of_scope", buttons=buttons),), turn.state)

    def small_talk(self, turn: Turn) -> Outcome:
        """Return the small talk of the turn's topic; if unsure, the fallback.

        Raises:
            StoreError: if the answers cannot be read.
        """
        if self.unsure(turn):
            return self.fallback(turn)
        return Outcome((self._small_talk[turn.topic],), turn.state)

    def course_question(self, slot: str) -> str:
        """Return the question for a number that the course estimate needs."""
        return self._small_talk[f"ask_{slot}"].text

    def feedback(self, turn: Turn) -> Outcome:
        """Thank for praise; after a complaint offer the next best topics and people to turn to.

        Raises:
            StoreError: if the answers cannot be read.
        """
        if self.unsure(turn):
            return self.fallback(turn)
        if turn.topic == "feedback_good":
            return Outcome(
                (Reply("Good to hear. Ask me anything else about isotretinoin.", "feedback_good"),), turn.state
            )
        text = (
            "Sorry that this did not help. Please ask again in other words, as short as you can. A pharmacist or your "
            "prescriber can answer what I cannot."
        )
        return Outcome((Reply(text, "feedback_bad", buttons=(HELP, HUMAN)),), turn.state)

    def course(self, turn: Turn, weight_kg: float, daily_dose_mg: float, target_mg_per_kg: float | None) -> Outcome:
        """Return the worked sum of a course.

        Raises:
            StoreError: if its sources cannot be read.
        """
        answer = self._answers.get("course_estimate")
        reply = course_reply(weight_kg, daily_dose_mg, target_mg_per_kg, answer)
        return self._remind(Outcome((reply,), replace(turn.state, last_topic="course_estimate")))

    def unsure(self, turn: Turn) -> bool:
        """Return whether a conversation topic is too uncertain to act on. Buttons and single words are certain."""
        return turn.confidence < SMALL_TALK_THRESHOLD

    def human(self, turn: Turn) -> Outcome:
        """Return who can be reached: pharmacist, dermatologist, advice and crisis lines."""
        text = self._safety.phrase("human", turn.state.country)
        return Outcome((Reply(text, "talk_to_human", buttons=(OTHER_COUNTRY,)),), turn.state)

    def country(self, turn: Turn, code: str | None) -> Outcome:
        """Remember a country and confirm it; ask if none was understood. In danger the help text follows at once."""
        names = self._safety.countries()
        if code is None or code not in names:
            text = (
                "Which country are you in? For example: I'm in the UK. If yours is not listed here, findahelpline.com shows "
                "free lines in your country."
            )
            buttons = (
                Button("United States", "I am in the United States"),
                Button("United Kingdom", "I am in the United Kingdom"),
                Button("Ireland", "I am in Ireland"),
                Button("Canada", "I am in Canada"),
                Button("Australia", "I am in Australia"),
            )
            text = self._safety.in_language("which_country", None, turn.state.language) or text
            return Outcome((Reply(text, "set_country", turn.state.tier, buttons),), turn.state)
        state = replace(turn.state, country=code)
        if state.tier in STICKY_TIERS:
            return Outcome((self._safety.reply(state.tier, code, language=state.language),), state)
        text = f"Thanks. Answers and help lines are now for: {names[code]}."
        return Outcome((Reply(text, "set_country"),), state)

    def sticky(self, turn: Turn) -> Outcome | None:
        """Return what a sticky tier asks for instead of the usual reply, or None if the usual reply is right."""
        state = turn.state
        if state.tier not in STICKY_TIERS:
            return None
        said = turn.text.replace("\u2019", "'")
        if _SOMEONE_ELSE.search(said):
            reply = self._safety.reply(state.tier, state.country, about_other=True, language=state.language)
            return Outcome((reply,), replace(state, calm_turns=0))
        if _SAFE.match(said) and not _DOUBT.search(said):
            text = self._safety.in_language("moved_on", state.country, state.language) or self._safety.phrase(
                "moved_on", state.country
            )
            calm = replace(state, tier="none", calm_turns=0, language=ENGLISH)
            return Outcome((Reply(text, "help", buttons=(HELP, HUMAN)),), calm)
        if self._is_real(turn):
            return None
        reply = self._safety.follow_up(state.tier, state.country, turn.language)
        return Outcome((reply,), replace(state, calm_turns=0))

    def _is_real(self, turn: Turn) -> bool:
        if turn.language != ENGLISH:
            return False
        if turn.topic in _REAL_CONVERSATION:
            return turn.confidence >= SMALL_TALK_THRESHOLD
        if turn.topic == "more_detail":
            return turn.state.last_topic is not None and turn.state.calm_turns > 0
        return turn.topic not in CONVERSATION_TOPICS and turn.confidence >= ANSWER_THRESHOLD

    def _remind(self, outcome: Outcome) -> Outcome:
        """Put the one-line reminder under the last answer while a tier is sticky, and let it end after calm turns."""
        state = outcome.state
        if state.tier not in STICKY_TIERS:
            return outcome
        last = outcome.replies[-1]
        reminded = replace(last, text=f"{last.text}\n\n{self._safety.reminder(state.tier, state.country)}")
        calm = state.calm_turns + 1
        state = replace(state, tier="none", calm_turns=0) if calm >= CALM_TURNS else replace(state, calm_turns=calm)
        return Outcome((*outcome.replies[:-1], reminded), state)

    def _questions(self, turn: Turn) -> list[str]:
        """Return the topics to answer: those of several questions, else that of the message, else of the one clear question."""
        clear = [topic for topic in turn.questions if is_answered(topic)]
        if len(clear) > 1:
            return clear
        return [turn.topic] if is_answered(turn.topic) and turn.confidence >= ANSWER_THRESHOLD else clear

    def _short(self, answer: Answer, country: str | None) -> Reply:
        buttons = (MORE_DETAIL, *self._follow_ups(answer))
        text = answer.text_for(country).short
        return Reply(text, answer.topic, "none", buttons, answer.sources, answer.reviewed_on)

    def _follow_ups(self, answer: Answer) -> tuple[Button, ...]:
        return self._offer(answer.follow_ups)

    def _suggestions(self, guesses: Sequence[Guess]) -> tuple[Button, ...]:
        likely = [g.topic for g in guesses if is_answered(g.topic) and g.confidence >= SUGGESTION_THRESHOLD]
        return self._offer(likely[:MAX_SUGGESTIONS])

    def _offer(self, topics: Sequence[str]) -> tuple[Button, ...]:
        return tuple(Button(title, f"/{topic}") for topic, title in self._answers.titles(topics).items())


def _is_fragment(turn: Turn) -> bool:
    """Return whether a message is so short and so unclear by itself that it may be about the answer before it."""
    if len(turn.text.split()) > FRAGMENT_WORDS or turn.questions:
        return False
    if turn.topic == "out_of_scope":
        return True
    return turn.confidence < (ANSWER_THRESHOLD if is_answered(turn.topic) else FRAGMENT_TALK_THRESHOLD)


def is_answered(topic: str) -> bool:
    """Return whether a topic gets a medical answer (rather than small talk or a safety reply)."""
    return topic not in CONVERSATION_TOPICS and topic not in TIERS


def after_danger(state: State, tier: Tier, language: str = ENGLISH) -> State:
    """Return what is remembered after a reply to danger: crisis and low mood stay in force until the person moves on."""
    if tier not in STICKY_TIERS:
        return state
    if state.tier == "crisis":
        tier = "crisis"
    return replace(state, tier=tier, calm_turns=0, language=language)


def with_sources(reply: Reply) -> str:
    """Return a reply's text with its sources in plain words, for channels that show no metadata."""
    if not reply.sources:
        return reply.text
    names = "; ".join(dict.fromkeys(source.publisher for source in reply.sources))
    checked = max(source.checked_on for source in reply.sources)
    return f"{reply.text}\n\nSources: {names} (checked {checked:%d %B %Y})"


def as_response(reply: Reply, channel: str) -> dict[str, Any]:
    """Return a reply in the form Rasa utters on a channel: text, buttons and flat metadata."""
    return {
        "text": reply.text if channel in RICH_CHANNELS else with_sources(reply),
        "buttons": [button.as_dict() for button in reply.buttons],
        **reply.metadata(),
    }
