"""Action: greetings, thanks, help and the like, in the words of content/small_talk.yml."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.model import Turn
from bot.replies.build import Outcome


class ActionSmallTalk(ScreenedAction):
    """Says the small talk of a topic, or asks back if the topic is not sure."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_small_talk"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the small talk."""
        return replier().small_talk(turn)
