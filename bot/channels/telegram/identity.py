"""Ids of conversations and messages from which nobody can tell the person; a conversation has a new one after a deletion."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Final

from sqlalchemy.engine import Engine

from bot.errors import StoreError
from bot.storage.conversations import times_erased

_LETTERS: Final = 40


class Identity:
    """Makes the ids.

    Args:
        key: the key of the digests; with another key all conversations are new.
        engine: the database that knows what was erased.
    """

    def __init__(self, key: bytes, engine: Engine) -> None:
        self._key = hashlib.sha256(b"telegram conversations" + key).digest()
        self._engine = engine

    async def conversation(self, chat_id: int, person_id: int) -> str:
        """Return the id of a person's conversation in a chat. In a group each person has one of their own.

        It counts how often the person deleted it. If the database cannot say, the person is heard all the same.
        """
        name = f"telegram:{self._digest(str(chat_id), str(person_id))}"
        try:
            erased = await asyncio.to_thread(times_erased, self._engine, name)
        except StoreError:
            erased = 0
        return f"{name}.{erased}"

    def message(self, conversation_id: str, key: str) -> str:
        """Return the id of a message in a conversation. The ids that Telegram gives hold those of people."""
        return self._digest(conversation_id, key)

    def _digest(self, *parts: str) -> str:
        said = "\0".join(parts).encode("utf-8", "replace")
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:_LETTERS]
