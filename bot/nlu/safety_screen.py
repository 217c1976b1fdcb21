"""Rasa component, last in the pipeline: the safety verdict replaces the topic whenever it sees danger."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.model import TIERS, Verdict
from bot.nlu.topic_classifier import TIER_SCORES
from bot.payloads import is_payload
from bot.safety.screen import screen

SAFETY = "safety"
TOPIC_INTENT = "topic"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyScreen(GraphComponent):
    """Runs `bot.safety.screen` on the message and keeps its verdict as `safety`.

    With danger the intent becomes the tier. Without danger an intent that is a tier becomes the best other topic.
    What the classifier said is kept as `topic`.
    """

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyScreen:
        """Create the component; it has no settings."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Screen each message and return them."""
        for message in messages:
            text = message.get(TEXT) or ""
            verdict = Verdict() if is_payload(text) else screen(text, message.get(TIER_SCORES))
            message.set(SAFETY, verdict.as_dict(), add_to_output=True)
            ranking = message.get("intent_ranking") or []
            other = next((intent for intent in ranking if intent["name"] not in TIERS), None)
            message.set(TOPIC_INTENT, other or {"name": "out_of_scope", "confidence": 0.0}, add_to_output=True)
            if verdict.danger:
                message.set(INTENT, {"name": verdict.tier, "confidence": round(verdict.score, 4)}, add_to_output=True)
            elif (message.get(INTENT) or {}).get("name") in {*TIERS, None}:
                message.set(INTENT, dict(message.get(TOPIC_INTENT)), add_to_output=True)
        return messages
