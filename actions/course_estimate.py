"""Action: work out a course from weight, daily dose and target."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import honest, read_turn, replier, say

COURSE_SLOTS = ("weight_kg", "daily_dose_mg", "target_mg_per_kg")


class ActionCourseEstimate(Action):
    """Says the worked sum and forgets the numbers."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_course_estimate"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the estimate and return the events that clear the form."""
        cleared: list[EventType] = [
            ActiveLoop(None),
            SlotSet("requested_slot", None),
            *(SlotSet(name, None) for name in COURSE_SLOTS),
        ]
        turn = read_turn(tracker)
        weight, dose, target = (tracker.get_slot(name) for name in COURSE_SLOTS)
        if turn.verdict.danger or weight is None or dose is None:
            return cleared
        outcome = await asyncio.to_thread(honest, lambda: replier().course(turn, weight, dose, target), turn)
        return say(dispatcher, tracker, outcome, turn.state) + cleared
