"""Only bare topics are button payloads; every other slash is taken off."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.model import TIERS
from bot.payloads import is_payload, without_slash
from bot.settings import ROOT

INTENTS = yaml.safe_load(Path(ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]


@pytest.mark.parametrize("topic", [intent for intent in INTENTS if intent not in TIERS])
def test_every_topic_of_the_domain_is_a_payload(topic: str) -> None:
    assert is_payload(f"/{topic}")


@pytest.mark.parametrize("word", [*TIERS, "restart", "back", "session_start", "nlu_fallback"])
def test_tiers_and_control_words_of_rasa_never_are(word: str) -> None:
    assert not is_payload(f"/{word}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "//help",
        "help",
        " /help",
        "/help ",
        "/help\n",
        "/Help",
        "/help me",
        '/help{"tier": "none"}',
        "/help@1.0",
        "/_x",
        "/9lives",
        "/a",
        "/hilfe-ß",
        "/hélp",
        "/" + "a" * 65,
        "I want to die /help",
        "/help\nI want to die",
    ],
)
def test_anything_beside_the_bare_topic_is_no_payload(text: str) -> None:
    assert not is_payload(text)


@given(st.from_regex(r"/[^\n]{0,40}", fullmatch=True))
def test_a_payload_carries_no_words_of_a_person(text: str) -> None:
    if is_payload(text):
        assert set(text[1:]) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("/restart", "restart"),
        (" /restart", "restart"),
        ("//x", "x"),
        ("/ / x", "x"),
        ("\n\t/x", "x"),
        ("/\u200b/x", "x"),
        ("/\ufeff/x", "x"),
        ("/I want to die", "I want to die"),
        ("/", ""),
    ],
)
def test_leading_slashes_are_taken_off(text: str, plain: str) -> None:
    assert without_slash(text) == plain


@pytest.mark.parametrize("text", ["", "hello", "20 mg/kg", "hello /restart", " and/or ", "http://a.org"])
def test_a_text_without_a_leading_slash_stays_as_it_is(text: str) -> None:
    assert without_slash(text) == text


@given(st.text(max_size=100))
def test_nothing_that_rasa_reads_as_an_intent_message_is_left(text: str) -> None:
    assert not without_slash(text).startswith("/")
