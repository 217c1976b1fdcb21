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
_COUNTRY: Final = re.compile(r"[A-Z]{2}\Z")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class IncomingMessage:
    """A message of a client. Exactly one of `text` and `payload` is set."""

    message_id: str
    text: str | None
    payload: str | None
    country: str | None = None
    """The country that the page is for; what the person says counts more."""


@dataclass(frozen=True)
class Feedback:
    """Whether a bubble helped."""

    bubble_id: str
    helped: bool


def read_message(body: object) -> IncomingMessage:
    """Return the message in a request body: typed text without control characters and without a leading slash.

    Raises:
        Problem: with status 400 if the body is not what the OpenAPI document asks for.
    """
    if not isinstance(body, Mapping):
        raise bad_request("Send a JSON object with `text` or `payload`.")
    unknown = sorted(set(body) - {"text", "payload", "message_id", "country"})
    if unknown:
        raise bad_request(f"Unknown field {unknown[0][:40]!r}. Known are text, payload, message_id and country.")
    text, payload = _string(body, "text"), _string(body, "payload")
    if (text is None) == (payload is None):
        raise bad_request("Send exactly one of `text` and `payload`.")
    message_id = _string(body, "message_id") if "message_id" in body else uuid.uuid4().hex
    if message_id is None or not _MESSAGE_ID.match(message_id):
        raise bad_request("`message_id` must be 1 to 64 letters, digits, hyphens or underscores.")
    country = _string(body, "country")
    if country is not None and not _COUNTRY.match(country):
        raise bad_request("`country` must be two capital letters, such as UK.")
    if text is not None:
        text = without_slash(_CONTROL.sub(" ", text)).strip()
        if not text:
            raise bad_request("`text` is empty.")
    return IncomingMessage(message_id, text, payload, country)


def read_feedback(body: object) -> Feedback:
    """Return the feedback in a request body.

    Raises:
        Problem: with status 400 if the body is not what the OpenAPI document asks for.
    """
    if not isinstance(body, Mapping) or set(body) != {"id", "helped"}:
        raise bad_request("Send a JSON object with `id` and `helped`.")
    bubble_id, helped = _string(body, "id"), body["helped"]
    if bubble_id is None or not isinstance(helped, bool):
        raise bad_request("`id` must be that of a bubble, `helped` true or false.")
    return Feedback(bubble_id, helped)


def _string(body: Mapping[str, Any], name: str) -> str | None:
    if name not in body:
        return None
    value = body[name]
    if not isinstance(value, str):
        raise bad_request(f"`{name}` must be text.")
    return value
