"""Session tokens: signed, unguessable, and with an end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sessions import Sessions
from bot.errors import TokenError

SESSIONS = Sessions(b"k" * 32, ttl_s=60)


def test_an_issued_token_gives_its_session_back() -> None:
    token, session = SESSIONS.issue(now=1000)
    assert SESSIONS.read(token, now=1000) == session
    assert session.expires_at == 1060
    assert session.conversation_id.startswith("web:")


def test_without_a_time_the_clock_counts() -> None:
    before = int(time.time())
    token, session = SESSIONS.issue()
    assert before + 60 <= session.expires_at <= time.time() + 60
    assert SESSIONS.read(token) == session


def test_no_two_sessions_are_alike() -> None:
    issued = [SESSIONS.issue(now=1000) for _ in range(200)]
    assert len({token for token, _ in issued}) == len({session.conversation_id for _, session in issued}) == 200


@pytest.mark.parametrize(("now", "ended"), [(1000, False), (1059.9, False), (1060, True), (5000, True)])
def test_a_token_ends_when_it_says(now: float, ended: bool) -> None:
    token, session = SESSIONS.issue(now=1000)
    if ended:
        with pytest.raises(TokenError, match="has ended"):
            SESSIONS.read(token, now=now)
    else:
        assert SESSIONS.read(token, now=now) == session


def test_a_token_signed_with_another_key_is_refused() -> None:
    token, _ = Sessions(b"j" * 32, ttl_s=60).issue(now=1000)
    with pytest.raises(TokenError, match="not one of ours"):
        SESSIONS.read(token, now=1000)


def test_changing_any_character_of_a_token_makes_it_a_forgery() -> None:
    token, _ = SESSIONS.issue(now=1000)
    for place, character in enumerate(token):
        forged = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenError, match="not one of ours"):
            SESSIONS.read(forged, now=1000)


def test_a_later_end_does_not_fit_the_signature() -> None:
    session_id, end, signature = SESSIONS.issue(now=1000)[0].split(".")
    with pytest.raises(TokenError, match="not one of ours"):
        SESSIONS.read(f"{session_id}.{int(end) + 1}.{signature}", now=1000)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a",
        "a.b",
        "a.1.b",
        "a.9999999999.",
        "é.1.a",
        "a.1.é",
        "\udcff.1.a",
        "a.1.\udcff",
        "null",
        "\x00.\x00.\x00",
        "a." * 5000,
    ],
)
def test_a_malformed_token_is_refused(token: str) -> None:
    with pytest.raises(TokenError, match="not one of ours"):
        SESSIONS.read(token, now=0)


@given(st.text(st.characters() | st.sampled_from(".\udcff")))
def test_any_made_up_token_is_refused_and_nothing_worse_happens(token: str) -> None:
    with pytest.raises(TokenError):
        SESSIONS.read(token, now=0)


def test_the_error_does_not_show_the_token() -> None:
    with pytest.raises(TokenError) as caught:
        SESSIONS.read("secret-part.1.abc", now=0)
    assert "secret-part" not in str(caught.value)
