"""The page behind "Call 116 123": Telegram takes no links to numbers, so a button leads here, and a tap here to the phone."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

from sanic.response import HTTPResponse, empty, html

from bot.replies.safety import safety_replies

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:20px/1.5 system-ui,sans-serif}"
    "a{display:block;padding:28px 36px;border-radius:18px;background:#0b5c3b;color:#fff;font-size:32px;font-weight:700;"
    "text-decoration:none;text-align:center}a:focus-visible{outline:4px solid #f2c230;outline-offset:4px}"
)


def call_page(number: str) -> HTTPResponse:
    """Return a page with one big button that calls a number of the help lines; 404 for any other number."""
    known = {named.replace(" ", ""): named for named in safety_replies().numbers}
    shown = known.get(number)
    if shown is None:
        return empty(status=404)
    dialled = "".join(sign for sign in shown if sign.isdigit() or sign == "+")
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    title = f"Call {escape(shown)}"
    return html(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{title}</title><style>{_STYLE}</style><main><a href="tel:{dialled}">{title}</a></main></html>',
        headers=headers,
    )
