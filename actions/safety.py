"""Action: after the help text, remember the tier and answer a question asked in the same message."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import honest, read_turn, replier, say
from bot.model import TIERS, Turn
from bot.replies.build import Outcome, after_danger


class ActionSafety(Action):
    """Runs behind `utter_safety`, which has said the help text without this action's help.

    In a crisis nothing but help is given. In every other tier a question in the same message is answered.
    """

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_safety"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the answer, if one is due, and return the events."""
        turn = read_turn(tracker)
        tier = (
            turn.verdict.tier if turn.verdict.danger else next((tier for tier in TIERS if tier == turn.topic), "crisis")
        )
        state = after_danger(turn.state, tier, turn.language)
        outcome = Outcome((), state)
        if tier != "crisis" and turn.questions:
            asked = Turn(
                text=turn.text,
                topic=turn.questions[0],
                confidence=1.0,
                verdict=turn.verdict,
                questions=turn.questions,
                state=replace(state, tier="none"),
            )
            answered = await asyncio.to_thread(honest, lambda: replier().answer(asked), asked)
            outcome = Outcome(answered.replies, replace(state, last_topic=answered.state.last_topic))
        return say(dispatcher, tracker, outcome, turn.state)
