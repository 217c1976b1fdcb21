"""Rasa component: weight, doses and country of a message as entities."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.quantities import find_quantities


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuantityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds `weight_kg`, `daily_dose_mg` and `target_mg_per_kg`, converted to these units (bot/quantities.py)."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuantityExtractor:
        """Create the component; it has no settings."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to each message and return the messages."""
        for message in messages:
            found = [
                {"entity": q.name, "value": round(q.value, 2), "start": q.start, "end": q.end}
                for q in find_quantities(message.get(TEXT) or "")
            ]
            entities = message.get(ENTITIES, []) + self.add_extractor_name(found)
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
