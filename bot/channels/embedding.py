"""Which other sites may embed the widget: the headers that let their pages talk to the web channel (CORS).

There are no cookies, so a foreign page gets nothing by them but what any client of the channel can do.
"""

from __future__ import annotations

from typing import Final

ANY: Final = "*"
_DAY_S: Final = 24 * 3600


def embedding_headers(origin: str | None, allowed: str) -> dict[str, str]:
    """Return the headers for a response to a page of `origin`.

    Args:
        origin: what the browser says where the page is from, None for a page of this server.
        allowed: origins that may embed, separated by commas; "*" for any.
    """
    origins = {each.strip().rstrip("/") for each in allowed.split(",")}
    headers = {"Vary": "Origin"}
    if origin and (ANY in origins or origin in origins):
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After"}
    return headers


def preflight_headers() -> dict[str, str]:
    """Return what a page is allowed to send, for the question that a browser asks first."""
    return {
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": str(_DAY_S),
    }
