"""Rasa component, first in the pipeline: makes typed slash messages plain text, so that none bypasses the safety screen."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.payloads import is_payload, without_slash


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Deslash(GraphComponent):
    """Strips the leading slash of every message that is not exactly a button payload of ours.

    Rasa's own handler for "/intent" messages always runs last and throws away whatever the pipeline found
    (rasa/engine/recipes/default_recipe.py); it does nothing to a text without a slash.
    """

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Deslash:
        """Create the component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data untouched."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Strip slashes in place and return the messages."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not is_payload(text):
                message.set(TEXT, without_slash(text), add_to_output=True)
        return messages
