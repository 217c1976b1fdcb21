"""Which slash messages are button payloads of ours."""

from __future__ import annotations

import re
from typing import Final

from bot.model import TIERS

_PAYLOAD: Final = re.compile(r"/[a-z][a-z0-9_]{1,63}\Z")
_NEVER: Final = frozenset({"restart", "back", "session_start", "nlu_fallback", *TIERS})


def is_payload(text: str) -> bool:
    """Return whether a text is a bare "/topic" and nothing else.

    Rasa's control words and the safety tiers are never payloads. A bare topic carries no words of the person, so
    letting it through hides nothing; a name that is no topic is harmless too: Rasa then keeps the pipeline's result.
    """
    return bool(_PAYLOAD.match(text)) and text[1:] not in _NEVER


_LEADING: Final = re.compile(r"\A[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*/[\s/\x00-\x1f\u200b-\u200f\u2060\ufeff]*")


def without_slash(text: str) -> str:
    """Return a text that Rasa cannot take for an intent message: leading slashes and what hides them are gone."""
    return _LEADING.sub("", text)
