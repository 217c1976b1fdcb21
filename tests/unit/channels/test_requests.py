"""What clients send is read strictly, and typed text comes out harmless."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.problems import Problem
from bot.channels.requests import read_message


def test_a_text_comes_with_an_id_of_its_own_if_the_client_sends_none() -> None:
    first, second = read_message({"text": "hello"}), read_message({"text": "hello"})
    assert (first.text, first.payload) == ("hello", None)
    assert first.message_id != second.message_id


@pytest.mark.parametrize("message_id", ["a", "A-z_0-9", "x" * 64])
def test_the_id_of_the_client_is_kept(message_id: str) -> None:
    assert read_message({"text": "hello", "message_id": message_id}).message_id == message_id


@pytest.mark.parametrize("payload", ["/alcohol", "I'm in another country", "/restart"])
def test_a_payload_is_handed_on_untouched_to_be_looked_up(payload: str) -> None:
    message = read_message({"payload": payload})
    assert (message.text, message.payload) == (None, payload)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ("hello", "JSON object"),
        (5, "JSON object"),
        ({}, "exactly one"),
        ({"text": None}, "exactly one"),
        ({"message_id": "a"}, "exactly one"),
        ({"text": "a", "payload": "/b"}, "exactly one"),
        ({"text": 5}, "`text` must be text"),
        ({"text": ["a"]}, "`text` must be text"),
        ({"payload": {}}, "`payload` must be text"),
        ({"text": "a", "message_id": 5}, "`message_id` must be text"),
        ({"text": "a", "message_id": "a b"}, "`message_id` must be 1 to 64"),
        ({"text": "a", "message_id": "x" * 65}, "`message_id` must be 1 to 64"),
        ({"text": "a", "message_id": "a\n"}, "`message_id` must be 1 to 64"),
        ({"text": "a", "message_id": "é"}, "`message_id` must be 1 to 64"),
        ({"text": "a", "sender": "web:other"}, "Unknown field 'sender'"),
        ({"text": "a", "x" * 500: 1}, "Unknown field"),
        ({"text": ""}, "`text` is empty"),
        ({"text": " \n\t "}, "`text` is empty"),
        ({"text": "\x00\x1b"}, "`text` is empty"),
        ({"text": "///"}, "`text` is empty"),
        ({"text": "\ud800"}, "`text` is empty"),
    ],
)
def test_a_body_that_the_document_does_not_allow_is_a_bad_request(body: object, says: str) -> None:
    with pytest.raises(Problem) as caught:
        read_message(body)
    assert caught.value.status == 400
    assert says in caught.value.detail
    assert len(caught.value.detail) < 200


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  hello  ", "hello"),
        ("a\x00b", "a b"),
        ("a\x1b[31mb", "a [31mb"),
        ("a\x7fb", "a b"),
        ("a\ud800b", "a b"),
        ("a\r\nb", "a \nb"),
        ("a\tb\nc", "a\tb\nc"),
        ("/restart", "restart"),
        (" /crisis", "crisis"),
        ("\x00/restart", "restart"),
        ("/\x00/restart", "restart"),
        ("//help", "help"),
        ("20 mg/kg", "20 mg/kg"),
        ("I’m 😀 fine", "I’m 😀 fine"),
        ("a" * 10_000, "a" * 10_000),
    ],
)
def test_typed_text_has_no_control_characters_and_no_leading_slash(typed: str, text: str) -> None:
    assert read_message({"text": typed}).text == text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["text", "payload", "message_id", "x"]), inner)))
def test_any_json_is_a_message_or_a_bad_request(body: Any) -> None:
    try:
        message = read_message(body)
    except Problem as problem:
        assert problem.status == 400
    else:
        assert (message.text is None) != (message.payload is None)
        if message.text is not None:
            message.text.encode()
            assert message.text
