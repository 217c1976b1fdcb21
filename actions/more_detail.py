"""Action: more detail on the last answer."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.model import Turn
from bot.replies.build import Outcome


class ActionMoreDetail(ScreenedAction):
    """Says the full text of the last answer."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_more_detail"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the full text."""
        return replier().more(turn)
