"""What clients send is read strictly, and typed text comes out harmless."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.channels.problems import Problem
from bot.channels.requests import Feedback, read_feedback, read_message


def test_a_text_comes_with_an_id_of_its_own_if_the_client_sends_none() -> None:
    first, second = read_message({"text": "hello"}), read_message({"text": "hello"})
    assert (first.text, first.payload) == ("hello", None)
    assert first.message_id != second.message_id


@pytest.mark.parametrize("message_id", ["a", "A-z_0-9", "x" * 64])
def test_the_id_of_the_client_is_kept(message_id: str) -> None:
    assert read_message({"text": "hello", "message_id": message_id}).message_id == message_id


def test_the_country_of_the_page_is_kept() -> None:
    assert read_message({"text": "hello", "country": "UK"}).country == "UK"
    assert read_message({"text": "hello"}).country is None


@pytest.mark.parametrize("helped", [True, False])
def test_feedback_is_read(helped: bool) -> None:
    assert read_feedback({"id": "m-1", "helped": helped}) == Feedback("m-1", helped)


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"id": "m-1"}, {"helped": True}, {"id": 5, "helped": True}, {"id": "m-1", "helped": 1},
     {"id": "m-1", "helped": True, "text": "a"}],
)  # fmt: skip
def test_feedback_that_the_document_does_not_allow_is_a_bad_request(body: object) -> None:
    with pytest.raises(Problem) as caught:
        read_feedback(body)
    assert caught.value.status == 400


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
        ({"text": None}, "`text` must be text"),
        ({"text": "a", "payload": None}, "`payload` must be text"),
        ({"text": "a", "message_id": None}, "`message_id` must be text"),
        ({"text": "a", "message_id": ""}, "`message_id` must be 1 to 64"),
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
        ({"text": "a", "country": "uk"}, "`country` must be two capital letters"),
        ({"text": "a", "country": "UKX"}, "`country` must be two capital letters"),
        ({"text": "a", "country": None}, "`country` must be text"),
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
        pytest.param("a" * 10_000, "a" * 10_000, id="a long text"),
    ],
)
def test_typed_text_has_no_control_characters_and_no_leading_slash(typed: str, text: str) -> None:
    assert read_message({"text": typed}).text == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["text", "payload", "message_id", "x"]), inner),
    max_leaves=5,
)


@given(JSON)
def test_any_json_is_a_message_or_a_bad_request(body: object) -> None:
    try:
        message = read_message(body)
    except Problem as refused:
        problem = refused
    else:
        assert (message.text is None) != (message.payload is None)
        assert message.text != ""
        return
    assert problem.status == 400


@given(st.text(st.characters() | st.sampled_from("/ \n\x00\ud800")))
def test_text_that_is_taken_can_be_stored(typed: str) -> None:
    assume(typed.strip(" \n/\x00\ud800"))
    with contextlib.suppress(Problem):
        assert (read_message({"text": typed}).text or "").encode()
