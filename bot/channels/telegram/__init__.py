"""The Telegram channel: updates come in by polling or webhook, replies go out as Telegram HTML."""
