"""Session tokens of the web channel: unguessable ids, signed by the server, with an end."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Final

from bot.errors import TokenError

_ID_BYTES: Final = 18
"""144 random bits."""

_PREFIX: Final = "web:"


@dataclass(frozen=True)
class Session:
    """An open session: the conversation it belongs to and when it ends (seconds since 1970)."""

    conversation_id: str
    expires_at: int


class Sessions:
    """Issues and checks tokens of the form id.end.signature.

    Args:
        key: the signing key; whoever has it can make tokens.
        ttl_s: seconds a session lives.
    """

    def __init__(self, key: bytes, ttl_s: int) -> None:
        self._key = key
        self._ttl_s = ttl_s

    def issue(self, now: float | None = None) -> tuple[str, Session]:
        """Return a new token and its session."""
        expires_at = int(now if now is not None else time.time()) + self._ttl_s
        body = f"{secrets.token_urlsafe(_ID_BYTES)}.{expires_at}"
        return f"{body}.{self._sign(body)}", Session(_PREFIX + body.split(".", 1)[0], expires_at)

    def read(self, token: str, now: float | None = None) -> Session:
        """Return the session of a token.

        Raises:
            TokenError: if the token is malformed, forged or has expired.
        """
        body, _, signature = token.rpartition(".")
        if not body or not hmac.compare_digest(_bytes(signature), _bytes(self._sign(body))):
            raise TokenError("The session token is not one of ours.", "Open a new session.")
        session_id, _, end = body.partition(".")
        if int(end) <= (now if now is not None else time.time()):
            raise TokenError("The session has ended.", "Open a new session.")
        return Session(_PREFIX + session_id, int(end))

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, _bytes(body), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    """Return the bytes of a header's text; bytes that are no UTF-8 arrive as surrogates and can never match."""
    return text.encode("utf-8", "replace")
