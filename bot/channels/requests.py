"""What a client may send to the web channel: read, checked and made harmless."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.problems import bad_request
from bot.payloads import without_slash

_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class IncomingMessage:
    """A message of a client. Exactly one of `text` and `payload` is set."""

    message_id: str
    text: str | None
    payload: str | None


def read_message(body: object) -> IncomingMessage:
    """Return the message in a request body: typed text without control characters and without a leading slash.

    Raises:
        Problem: with status 400 if the body is not what the OpenAPI document asks for.
    """
    if not isinstance(body, Mapping):
        raise bad_request("Send a JSON object with `text` or `payload`.")
    unknown = sorted(set(body) - {"text", "payload", "message_id"})
    if unknown:
        raise bad_request(f"Unknown field {unknown[0][:40]!r}. Known are text, payload and message_id.")
    text, payload = _string(body, "text"), _string(body, "payload")
    if (text is None) == (payload is None):
        raise bad_request("Send exactly one of `text` and `payload`.")
    message_id = _string(body, "message_id") if "message_id" in body else uuid.uuid4().hex
    if message_id is None or not _MESSAGE_ID.match(message_id):
        raise bad_request("`message_id` must be 1 to 64 letters, digits, hyphens or underscores.")
    if text is not None:
        text = without_slash(_CONTROL.sub(" ", text)).strip()
        if not text:
            raise bad_request("`text` is empty.")
    return IncomingMessage(message_id, text, payload)


def _string(body: Mapping[str, Any], name: str) -> str | None:
    if name not in body:
        return None
    value = body[name]
    if not isinstance(value, str):
        raise bad_request(f"`{name}` must be text.")
    return value
