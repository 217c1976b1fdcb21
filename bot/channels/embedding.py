"""Lets pages of other sites, where the widget is embedded, talk to the web channel (CORS).

There are no cookies, so a foreign page gets nothing by it but what any client of the channel can do.
"""

from __future__ import annotations

from typing import Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

ANY: Final = "*"
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def allow_embedding(routes: Blueprint, allowed: str) -> None:
    """Answer pages of the allowed origins on every route of the channel.

    Args:
        routes: the channel's routes.
        allowed: origins that may embed, separated by commas; "*" for any.
    """
    origins = {each.strip().rstrip("/") for each in allowed.split(",")}

    async def preflight(_request: Request) -> HTTPResponse:
        return empty(headers=dict(_PREFLIGHT))

    for path in ("session", "messages", "feedback"):
        routes.add_route(preflight, f"/{path}", methods=["OPTIONS"], name=f"preflight_{path}")

    @routes.on_response
    async def name_origin(request: Request, response: HTTPResponse) -> None:
        origin = request.headers.get("origin")
        response.headers["Vary"] = "Origin"
        if origin and (ANY in origins or origin in origins):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
