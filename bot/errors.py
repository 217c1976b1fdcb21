"""Every error the assistant raises on purpose: a stable code, what happened, and what to do."""

from __future__ import annotations


class BotError(Exception):
    """Something the operator or an editor can mend.

    Args:
        what: what happened, with the offending value (never a person's message).
        do: what to do about it.
    """

    code = "bot"

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"[{self.code}] {what} {do}")
        self.what = what
        self.do = do


class SettingsError(BotError):
    """An environment variable has a value that cannot be used."""

    code = "settings"


class ContentError(BotError):
    """A file below `content/` is missing or wrong."""

    code = "content"


class StoreError(BotError):
    """The database cannot be reached, is locked, damaged or not set up.

    Args:
        what: what happened, without any value from the database.
        do: what to do about it.
        kind: name of the database library's error, which itself is left out because it may quote stored words.
    """

    code = "store"

    def __init__(self, what: str, do: str, kind: str = "") -> None:
        super().__init__(what, do)
        self.kind = kind


class ModelError(BotError):
    """A model file is missing or damaged."""

    code = "model"


class TokenError(BotError):
    """A session token is missing, forged or has expired."""

    code = "token"
