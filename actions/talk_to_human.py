"""Action: hand over to people."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.model import Turn
from bot.replies.build import Outcome


class ActionTalkToHuman(ScreenedAction):
    """Says who can be reached: pharmacist, dermatologist, advice and crisis lines."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_talk_to_human"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the people to turn to."""
        return replier().human(turn)
