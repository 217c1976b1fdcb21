"""Action: read and check the numbers of the course form."""

from __future__ import annotations

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.course_estimate import COURSE_SLOTS
from actions.turn import read_turn, replier, say
from bot.quantities import bare_number, find_quantities
from bot.replies.course import odd_value


class ValidateCourseForm(FormValidationAction):
    """Takes weight and doses from the message; danger closes the form, odd values get a question back."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "validate_course_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Return the slots that the message fills, or close the form in danger."""
        turn = read_turn(tracker)
        if turn.verdict.danger:
            events = say(dispatcher, tracker, replier().safety(turn), turn.state)
            return [*events, ActiveLoop(None), SlotSet("requested_slot", None)]
        return self._numbers(dispatcher, tracker, turn.text)

    def _numbers(self, dispatcher: CollectingDispatcher, tracker: Tracker, text: str) -> list[EventType]:
        found = {quantity.name: quantity.value for quantity in find_quantities(text)}
        asked = tracker.get_slot("requested_slot")
        bare = bare_number(text)
        if asked in COURSE_SLOTS and not found and bare is not None:
            found[asked] = bare
        events: list[EventType] = []
        for name, value in found.items():
            question = odd_value(name, value)
            if question:
                dispatcher.utter_message(response="utter_reply", text=question, topic="course_estimate")
            events.append(SlotSet(name, None if question else round(value, 2)))
        return events
