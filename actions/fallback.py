"""Action: not sure or out of scope, with up to three topics as buttons."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.model import Turn
from bot.replies.build import Outcome


class ActionFallback(ScreenedAction):
    """Says honestly that it cannot help or is not sure."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_fallback"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the fallback."""
        return replier().fallback(turn)
