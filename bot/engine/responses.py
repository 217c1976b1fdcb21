"""Rasa response generator: domain responses with flat metadata, and the safety replies straight from memory."""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.model import TIERS, Reply, Tier, Verdict
from bot.replies.build import as_response
from bot.replies.safety import safety_replies
from bot.settings import settings

UTTER_REPLY = "utter_reply"
"""What actions utter: the reply they hand over, unchanged."""

UTTER_SAFETY = "utter_safety"
"""What the safety rule utters: the fixed help text. It needs no action server and no database."""

_EMPTY: dict[str, Any] = {"tier": "none", "sources": [], "reviewed_on": None}


class Responses(TemplatedNaturalLanguageGenerator):
    """Gives every bot message its topic, tier, sources and review date as metadata.

    Args:
        endpoint_config: the `nlg` part of endpoints.yml.
        domain: the assistant's domain, with the small talk.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        self._safety = safety_replies()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """Return the response to utter, metadata included."""
        if utter_action == UTTER_REPLY:
            return {"text": kwargs.get("text"), "buttons": [], **{key: kwargs.get(key) for key in ("topic", *_EMPTY)}}
        if utter_action == UTTER_SAFETY:
            return as_response(self._safety_reply(tracker), output_channel)
        response = await super().generate(utter_action, tracker, output_channel, **kwargs)
        if response is None:
            return None
        topic = (response.pop("metadata", None) or {}).get("topic", utter_action.removeprefix("utter_"))
        return {**response, "topic": topic, **_EMPTY}

    def _safety_reply(self, tracker: DialogueStateTracker) -> Reply:
        parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
        verdict = Verdict.from_dict(parsed.get("safety"))
        intent = (parsed.get("intent") or {}).get("name")
        tier: Tier = verdict.tier if verdict.danger else next((tier for tier in TIERS if tier == intent), "crisis")
        country = tracker.get_slot("country") or settings().site_country or None
        return self._safety.reply(tier, country, about_other=verdict.about_other, language=verdict.answer_in)
