"""Action: keep whether the last answer helped."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.turn import ScreenedAction, replier
from bot.model import Turn
from bot.replies.build import Outcome
from bot.settings import settings
from bot.storage.engine import engine_for
from bot.storage.feedback import add_feedback


class ActionFeedback(ScreenedAction):
    """Thanks for praise; after a complaint offers other topics and people to turn to."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return "action_feedback"

    def respond(self, turn: Turn, tracker: Tracker) -> Outcome:
        """Return the reply to the feedback."""
        outcome = replier().feedback(turn)
        if turn.state.last_topic and outcome.replies[0].topic != "out_of_scope":
            helped = turn.topic == "feedback_good"
            add_feedback(engine_for(settings().database_url), tracker.sender_id, turn.state.last_topic, helped=helped)
        return outcome
