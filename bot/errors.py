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
    """The database cannot be reached, is locked, damaged or not set up."""

    code = "store"


class ModelError(BotError):
    """A model file is missing or damaged."""

    code = "model"


class TokenError(BotError):
    """A session token is missing, forged or has expired."""

    code = "token"
