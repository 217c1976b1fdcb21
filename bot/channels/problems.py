"""Errors of the web channel as problem documents (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sanic.response import HTTPResponse, json

from bot.replies.safety import safety_replies
from bot.settings import settings

_TYPE: Final = "application/problem+json"


@dataclass
class Problem(Exception):  # noqa: N818  (the RFC's word)
    """A request that cannot be served: what is wrong and what to do about it."""

    status: int
    title: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    says_where_to_turn: bool = False
    """True if the detail already says whom to call in danger."""

    def response(self) -> HTTPResponse:
        """Return the HTTP response. It says whom to call in danger: what could not be read may have been a cry for help."""
        detail = self.detail
        if not self.says_where_to_turn:
            detail = f"{detail} {safety_replies().phrase('in_danger', settings().site_country or None)}"
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": detail}
        return json(body, status=self.status, headers=self.headers, content_type=_TYPE)


def bad_request(detail: str) -> Problem:
    """The body is not what the OpenAPI document asks for."""
    return Problem(400, "Bad request", detail)


def unauthorized(detail: str) -> Problem:
    """The session token is missing, forged, ended or deleted."""
    return Problem(401, "No open session", detail, {"WWW-Authenticate": "Bearer"})


def too_long(detail: str) -> Problem:
    """The message is longer than the assistant reads."""
    return Problem(413, "Message too long", detail, says_where_to_turn=True)


def too_many(wait_s: float, detail: str) -> Problem:
    """The session or address has to wait."""
    return Problem(429, "Too many requests", detail, {"Retry-After": str(max(1, round(wait_s + 0.5)))})


def unavailable(detail: str) -> Problem:
    """The server cannot do this right now."""
    return Problem(503, "Not available right now", detail, {"Retry-After": "5"})
