"""The texts of the Telegram channel and the layout of its topic menu: read, refuse what is malformed, fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.content.load import CONTENT, read_yaml
from bot.errors import ContentError

COMMANDS: Final = ("start", "help", "topics", "sources", "country", "helpnow", "delete")
PHRASES: Final = (
    "start",
    "group_mood",
    "group_body",
    "private",
    "menu",
    "all_topics",
    "no_sources",
    "sources",
    "delete",
    "delete_yes",
    "delete_no",
    "deleted",
    "kept",
    "helped",
    "not_helped",
    "thanks",
    "old_button",
    "not_kept",
    "too_many",
    "unreadable",
    "call",
    "copy",
)
KINDS: Final = (
    "photo",
    "video",
    "voice",
    "audio",
    "sticker",
    "animation",
    "document",
    "location",
    "contact",
    "poll",
    "other",
)


@dataclass(frozen=True)
class TelegramTexts:
    """What the channel says for itself.

    `commands` are the descriptions by command, `kinds` the names of messages without text, `menu` the topics by group.
    """

    commands: Mapping[str, str]
    phrases: Mapping[str, str]
    kinds: Mapping[str, str]
    menu: Mapping[str, tuple[str, ...]]


def load_telegram(folder: Path = CONTENT) -> TelegramTexts:
    """Return the texts of the Telegram channel.

    Raises:
        ContentError: if the file is malformed or a text is missing.
    """
    file = folder / "telegram.yml"
    data = read_yaml(file)
    parts: dict[str, dict[str, str]] = {}
    for part, names in (("commands", COMMANDS), ("phrases", PHRASES), ("kinds", KINDS)):
        entries = data.get(part)
        if not isinstance(entries, dict) or set(entries) != set(names):
            raise ContentError(f"{file}: `{part}` is not {', '.join(names)}.", "Write just these.")
        parts[part] = {name: str(entries[name]).strip() for name in names}
    menu = data.get("menu")
    if not isinstance(menu, dict) or not all(isinstance(topics, list) and topics for topics in menu.values()):
        raise ContentError(f"{file}: `menu` holds no groups of topics.", "Give each group a list of topics.")
    return TelegramTexts(**parts, menu={str(group): tuple(topics) for group, topics in menu.items()})


@lru_cache(maxsize=1)
def telegram_texts() -> TelegramTexts:
    """Return the texts of this installation, read at the first call.

    Raises:
        ContentError: if the file is malformed.
    """
    return load_telegram()
