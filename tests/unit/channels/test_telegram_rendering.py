"""Replies as Telegram HTML: escaped, split on the borders of sentences, with sources as links."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import LIMIT, as_html, length, source_list, split
from tests.channels.telegram.bot_api import read_html

SOURCES = [
    {"title": "A & B", "publisher": "NHS", "url": "https://nhs.uk/a?b=1&c=2", "checked_on": "2026-11-02"},
    {"title": "C", "publisher": "FDA <label>", "url": None, "checked_on": "2026-11-22"},
    {"title": "D", "publisher": "NHS", "url": "https://nhs.uk/d", "checked_on": "2026-11-03"},
]


def entry(text: str, tier: str = "none", sources: object = (), reviewed_on: str | None = None) -> dict[str, object]:
    return {
        "text": text,
        "buttons": [],
        "metadata": {"topic": "x", "tier": tier, "sources": sources, "reviewed_on": reviewed_on},
    }


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<b>bold</b> <script>", "&lt;b&gt;bold&lt;/b&gt; &lt;script&gt;"),
        ('"quoted" it\'s', '"quoted" it\'s'),
        ("Try:\n- water\n- balm - thick", "Try:\n\u2022 water\n\u2022 balm - thick"),
        ("\U0001f44d \u05e9\u05dc\u05d5\u05dd", "\U0001f44d \u05e9\u05dc\u05d5\u05dd"),
    ],
)
def test_a_text_is_escaped(text: str, html: str) -> None:
    assert as_html(entry(text)) == [html]


def test_sources_stand_under_an_answer_once_each_with_links() -> None:
    (html,) = as_html(entry("Answer.", sources=SOURCES, reviewed_on="2026-11-05"))
    assert html == (
        'Answer.\n\n<i>Sources: <a href="https://nhs.uk/a?b=1&amp;c=2">NHS</a>, FDA &lt;label&gt; '
        "(reviewed 5 November 2026)</i>"
    )


def test_help_in_danger_has_no_line_of_sources() -> None:
    assert as_html(entry("Call 999.", tier="crisis", sources=SOURCES, reviewed_on="2026-11-05")) == ["Call 999."]


def test_all_sources_are_listed_with_their_days() -> None:
    assert source_list(SOURCES).splitlines() == [
        '\u2022 <a href="https://nhs.uk/a?b=1&amp;c=2">A &amp; B</a>, NHS, read 2 November 2026',
        "\u2022 C, FDA &lt;label&gt;, read 22 November 2026",
        '\u2022 <a href="https://nhs.uk/d">D</a>, NHS, read 3 November 2026',
    ]


def test_sources_that_do_not_fit_get_a_message_of_their_own() -> None:
    parts = as_html(entry("x" * LIMIT, sources=SOURCES))
    assert parts[0] == "x" * LIMIT
    assert parts[1].startswith("<i>Sources: ")


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("short", 10, ["short"]),
        ("One two. Three four. Five", 15, ["One two.", "Three four.", "Five"]),
        ("First part here.\n\nSecond. And more of it", 24, ["First part here.", "Second. And more of it"]),
        ("- one line\n- two lines", 14, ["- one line", "- two lines"]),
        ("nosentencebutwords one two", 20, ["nosentencebutwords", "one two"]),
        ("aaaaaaaaaaaaaaaa", 6, ["aaaaaa", "aaaaaa", "aaaa"]),
        ("\U0001f44d" * 5, 4, ["\U0001f44d\U0001f44d", "\U0001f44d\U0001f44d", "\U0001f44d"]),
        ("\u4f60\u597d\u3002\u518d\u89c1\u3002\u597d", 4, ["\u4f60\u597d\u3002", "\u518d\u89c1\u3002\u597d"]),
        ("", 10, ["\u2026"]),
    ],
)
def test_a_text_is_cut_at_the_best_border(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts


@given(st.text(min_size=1, max_size=400), st.integers(min_value=4, max_value=60))
def test_no_part_is_too_long_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < length(part) <= limit for part in parts)
    if text.strip():
        assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=9000))
def test_whatever_is_said_telegram_can_read_it(text: str) -> None:
    for html in as_html(entry(text, sources=SOURCES)):
        visible, _ = read_html(html)
        assert length(visible) <= LIMIT
