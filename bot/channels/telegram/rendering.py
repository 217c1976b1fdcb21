"""A reply as Telegram shows it: HTML in messages of at most 4,096 characters, sources as links."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

LIMIT: Final = 4096
"""Characters of one message after its markup is read; counted in UTF-16 units as Telegram counts its offsets.

Source: https://core.telegram.org/bots/api#sendmessage
"""

_BORDERS: Final = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?\u2026])[\"')\]]*\s+|(?<=[\u3002\uff01\uff1f])"),
    re.compile(r"\s+"),
)
"""Where a text may be cut, best first: between paragraphs, lines, sentences, words."""

_LEAST: Final = 4
"""A cut leaves at least this part (one over it) of the room filled; else the next kind of border is tried."""


def length(text: str) -> int:
    """Return how long a text is for Telegram, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Return a text in parts of at most `limit` units each, cut at the best border there is. Nothing but white space is lost."""
    parts = []
    rest = text.strip()
    while length(rest) > limit:
        end, start = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [part for part in (*parts, rest) if part] or ["\u2026"]


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Return where the first part ends and the rest starts."""
    window = text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")
    for border in _BORDERS:
        places = [found for found in border.finditer(window) if found.start() >= len(window) // _LEAST]
        if places:
            return places[-1].start(), places[-1].end()
    return len(window), len(window)


def as_html(entry: Mapping[str, Any]) -> list[str]:
    """Return the messages for a reply. Help in danger is one message and leaves its sources to /sources: it must be short."""
    metadata = entry["metadata"]
    text = re.sub(r"^- ", "\u2022 ", entry["text"], flags=re.MULTILINE)
    if metadata["tier"] != "none":
        return [escape(text, quote=False)]
    parts = split(text)
    shown = [escape(part, quote=False) for part in parts]
    footer, visible = _footer(metadata["sources"], metadata["reviewed_on"])
    if footer and length(parts[-1]) + 2 + length(visible) <= LIMIT:
        shown[-1] = f"{shown[-1]}\n\n{footer}"
    elif footer:
        shown.append(footer)
    return shown


def source_list(sources: Iterable[Mapping[str, Any]]) -> str:
    """Return sources one a line with title, publisher, day they were read, and link, as HTML."""
    lines = []
    for source in sources:
        title = _link(source["title"], source["url"])
        lines.append(f"\u2022 {title}, {escape(source['publisher'], quote=False)}, read {_day(source['checked_on'])}")
    return "\n".join(lines)


def _footer(sources: Iterable[Mapping[str, Any]], reviewed_on: str | None) -> tuple[str, str]:
    """Return the line of sources as HTML and as it is seen: each publisher once, linked to the first page of it."""
    first: dict[str, str | None] = {}
    for source in sources:
        first.setdefault(source["publisher"], source["url"])
    if not first:
        return "", ""
    reviewed = f" (reviewed {_day(reviewed_on)})" if reviewed_on else ""
    links = ", ".join(_link(publisher, url) for publisher, url in first.items())
    return f"<i>Sources: {links}{reviewed}</i>", f"Sources: {', '.join(first)}{reviewed}"


def _link(words: str, url: str | None) -> str:
    shown = escape(words, quote=False)
    return f'<a href="{escape(url)}">{shown}</a>' if url else shown


def _day(iso: str) -> str:
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"
