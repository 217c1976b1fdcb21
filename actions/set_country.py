"""Action: remember the person's country."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.countries import find_country
from bot.model import Turn
from bot.replies.build import Outcome


class ActionSetCountry(ScreenedAction):
    """Keeps the country that the message names and confirms it; asks if none was understood."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_set_country"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the confirmation or the question back."""
        return replier().country(turn, find_country(turn.text))
