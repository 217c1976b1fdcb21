"""Every error has a stable code, what happened and what to do."""

from __future__ import annotations

import pytest

from bot.errors import BotError, ContentError, ModelError, SettingsError, StoreError, TokenError


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (BotError, "bot"),
        (SettingsError, "settings"),
        (ContentError, "content"),
        (StoreError, "store"),
        (ModelError, "model"),
        (TokenError, "token"),
    ],
)
def test_an_error_reads_code_what_do_and_keeps_its_parts(kind: type[BotError], code: str) -> None:
    error = kind("The tap drips.", "Close it.")
    assert str(error) == f"[{code}] The tap drips. Close it."
    assert (error.what, error.do) == ("The tap drips.", "Close it.")
    assert isinstance(error, BotError)


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in (BotError, *BotError.__subclasses__())]
    assert len(set(codes)) == len(codes)
