"""The Telegram channel: updates come in by polling or webhook, replies go out as Telegram HTML."""

from __future__ import annotations

from typing import Final

CHANNEL: Final = "telegram"
CALL_PAGE: Final = "/webhooks/telegram/call/"
"""Where the page to call a number is, below the public address."""
