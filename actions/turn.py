"""What every action shares: the turn as understood, screened once more, and how replies are said and state is kept."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.content.load import load_follow_ups, load_small_talk
from bot.errors import StoreError
from bot.model import ENGLISH, STICKY_TIERS, Guess, State, Tier, Turn, Verdict
from bot.payloads import is_payload
from bot.replies.build import Outcome, Replier, after_danger, as_response
from bot.replies.safety import safety_replies
from bot.safety.screen import screen
from bot.settings import settings
from bot.storage.answers import StoredAnswers
from bot.storage.engine import engine_for

logger = logging.getLogger(__name__)

_SPREAD_MESSAGES = 3
_SPREAD_SECONDS = 600.0
"""What is typed within ten minutes is read as one ("i dont want to" / "be here anymore")."""


@lru_cache(maxsize=1)
def replier() -> Replier:
    """Return the replier of this process, made at the first call."""
    answers = StoredAnswers(engine_for(settings().database_url))
    return Replier(answers, safety_replies(), load_small_talk(), load_follow_ups())


def read_turn(tracker: Tracker) -> Turn:
    """Return the latest message as understood, with its text screened once more."""
    message = tracker.latest_message or {}
    text = message.get("text") or ""
    intent = message.get("intent") or {}
    seen = Verdict.from_dict(message.get("safety"))
    country_of_page = (message.get("metadata") or {}).get("country")
    tier: Tier = tracker.get_slot("safety_tier") or "none"
    before = () if tier in STICKY_TIERS else just_before(tracker)
    verdict = seen if seen.danger or is_payload(text) else screen(text, message.get("tier_scores"), before)
    return Turn(
        text=text,
        topic=intent.get("name") or "out_of_scope",
        confidence=float(intent.get("confidence") or 0.0),
        verdict=verdict,
        guesses=tuple(Guess(g["name"], float(g["confidence"])) for g in message.get("intent_ranking") or ()),
        questions=tuple(message.get("questions") or ()),
        state=State(
            country=tracker.get_slot("country") or country_of_page or settings().site_country or None,
            last_topic=tracker.get_slot("last_topic"),
            tier=tier,
            calm_turns=int(tracker.get_slot("calm_turns") or 0),
            language=tracker.get_slot("language") or ENGLISH,
        ),
    )


def just_before(tracker: Tracker) -> tuple[str, ...]:
    """Return what the person typed in the last minutes before the latest message, oldest first, at most two messages."""
    said = [event for event in tracker.events if event.get("event") == "user"][-_SPREAD_MESSAGES:]
    now = said[-1].get("timestamp") or 0.0 if said else 0.0
    texts = [event.get("text") or "" for event in said[:-1] if now - (event.get("timestamp") or 0.0) <= _SPREAD_SECONDS]
    return tuple(text for text in texts if text and not is_payload(text))


def say(dispatcher: CollectingDispatcher, tracker: Tracker, outcome: Outcome, before: State) -> list[EventType]:
    """Utter the replies of an outcome and return the slot events for what changed."""
    channel = tracker.get_latest_input_channel() or ""
    for reply in outcome.replies:
        dispatcher.utter_message(response="utter_reply", **as_response(reply, channel))
    after = outcome.state
    changed = {
        "country": (before.country, after.country),
        "last_topic": (before.last_topic, after.last_topic),
        "safety_tier": (before.tier, after.tier),
        "calm_turns": (before.calm_turns, after.calm_turns),
        "language": (before.language, after.language),
    }
    return [SlotSet(name, new) for name, (old, new) in changed.items() if old != new]


class ScreenedAction(Action, ABC):
    """An action that answers: danger, a sticky tier, a follow-up, else its own reply; honest if the store fails."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the replies and return the events."""
        turn = read_turn(tracker)
        outcome = await asyncio.to_thread(self._decide, turn, tracker)
        return say(dispatcher, tracker, outcome, turn.state)

    @abstractmethod
    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the reply proper. May raise StoreError."""

    def _decide(self, turn: Turn, tracker: Tracker) -> Outcome:
        if turn.verdict.danger:
            return replier().safety(turn)
        held = replier().sticky(turn) or replier().in_its_language(turn)
        return held or honest(lambda: replier().follow_up(turn) or self.respond(turn, tracker), turn)


def honest(respond: Callable[[], Outcome], turn: Turn) -> Outcome:
    """Return what `respond` returns; if the store fails, an honest reply with help lines, and a clear error in the log."""
    try:
        return respond()
    except StoreError as error:
        logger.error("%s", error)  # noqa: TRY400  (the trace would only repeat it)
        tier = turn.state.tier
        return Outcome((safety_replies().trouble(tier, turn.state.country),), after_danger(turn.state, tier))
