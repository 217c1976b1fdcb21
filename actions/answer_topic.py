"""Action: answer the question or questions in a message."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.model import Turn
from bot.replies.build import Outcome


class ActionAnswerTopic(ScreenedAction):
    """Looks the answer up and says it, or asks back if the topic is not sure."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_answer_topic"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the answer."""
        return replier().answer(turn)
