"""Rasa tracker store: conversations in our own database, appended and read in a window, so that long ones stay fast."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Iterable, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.settings import settings
from bot.storage.conversations import all_events, append_events, conversation_ids, latest_events
from bot.storage.engine import engine_for

_PERSISTED = "_persisted"


class ConversationStore(TrackerStore):
    """Keeps conversations in the database of `DATABASE_URL`.

    Args:
        domain: the assistant's domain.
        event_broker: where new events are published, if anywhere.
        window: about how many events are read per turn. A turn has about eight; the longest form needs three turns.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        window: int = 80,
        **kwargs: Dict[str, Any],
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._engine = engine_for(settings().database_url)
        self._window = window

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are new since the tracker was read.

        Raises:
            StoreError: if the database fails.
        """
        await self.stream_events(tracker)
        persisted = getattr(tracker, _PERSISTED, 0)
        new = [event.as_dict() for event in list(tracker.events)[persisted:]]
        if new:
            await asyncio.to_thread(append_events, self._engine, tracker.sender_id, new)
        setattr(tracker, _PERSISTED, len(tracker.events))

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker with the latest events and every slot in force, or None.

        Raises:
            StoreError: if the database fails.
        """
        events = await asyncio.to_thread(latest_events, self._engine, sender_id, self._window)
        return self._tracker(sender_id, events)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Return the tracker with every event, or None.

        Raises:
            StoreError: if the database fails.
        """
        events = await asyncio.to_thread(all_events, self._engine, conversation_id)
        return self._tracker(conversation_id, events)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations.

        Raises:
            StoreError: if the database fails.
        """
        return await asyncio.to_thread(conversation_ids, self._engine)

    def _tracker(self, sender_id: str, events: list[dict[str, Any]]) -> Optional[DialogueStateTracker]:
        if not events:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _PERSISTED, len(tracker.events))
        return tracker
