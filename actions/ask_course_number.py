"""Actions: ask for a number that the course estimate still needs."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import replier


class ActionAskWeightKg(Action):
    """Asks for the weight."""

    asks_for = "weight_kg"

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return f"action_ask_{self.asks_for}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the question; no events."""
        text = replier().course_question(self.asks_for)
        dispatcher.utter_message(response="utter_reply", text=text, topic="course_estimate", tier="none")
        return []


class ActionAskDailyDoseMg(ActionAskWeightKg):
    """Asks for the daily dose."""

    asks_for = "daily_dose_mg"
