"""From what Telegram sends to what a person said, pressed or sent; None for what is not for the assistant."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any, Final

from telegram import Chat, InlineKeyboardMarkup, Message, Update, User
from telegram.ext import filters

from bot.content.telegram import COMMANDS

logger = logging.getLogger(__name__)

ALLOWED: Final = ("message", "edited_message", "callback_query")
"""Kinds of updates asked for. Channel posts, reactions, inline queries and the rest are left out on purpose."""

_MEDIA: Final = (
    ("photo", "photo"),
    ("voice", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("audio", "audio"),
    ("sticker", "sticker"),
    ("animation", "animation"),
    ("document", "document"),
    ("venue", "location"),
    ("location", "location"),
    ("contact", "contact"),
    ("poll", "poll"),
    ("dice", "other"),
    ("story", "other"),
    ("game", "other"),
)
"""What a message may hold besides text, and what it is called; an animation is a document too, so it is asked for first."""

_PLAIN: Final = frozenset({"message_id", "id", "from", "chat", "date", "text", "caption", "data", "chat_instance"})
"""What must be readable in a message or query so that it can be answered."""

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?=[\s!?.,]|\Z)")


@dataclass(frozen=True)
class Press:
    """A button that was pressed: the query to answer, its data, and the message it stands under."""

    query_id: str
    data: str
    title: str
    keyboard: InlineKeyboardMarkup | None


@dataclass(frozen=True)
class Incoming:
    """One thing that a person did in a chat.

    `key` is the same for the same message, so that a repeat is known; an edit with other words has another, the pictures of an
    album have one. `text` is empty for a message of another kind, `kind` says which. `command` is one of ours, without slash, and
    `text` what stands behind it.
    """

    chat_id: int
    person_id: int
    message_id: int
    key: str
    in_group: bool = False
    text: str = ""
    command: str = ""
    kind: str = ""
    press: Press | None = None


def readable(update: dict[str, Any]) -> dict[str, Any]:
    """Return an update as it came; if the library cannot read it, as when Telegram changes a field, what it can read of it.

    That is who wrote what where, or nothing but the id.
    """
    said = {kind: _plain(update[kind]) for kind in ALLOWED if isinstance(update.get(kind), dict)}
    nothing = {"update_id": update["update_id"]}
    for tried in (update, {**nothing, **said}):
        try:
            Update.de_json(tried, None)
        except Exception as error:  # noqa: BLE001  (whatever it stumbles over)
            logger.error("An update from Telegram could not be read in full (%s).", type(error).__name__)  # noqa: TRY400
        else:
            return tried
    return nothing


def _plain(thing: dict[str, Any]) -> dict[str, Any]:
    """Return the plain parts of a message, or of a query with the message it belongs to."""
    kept = {name: value for name, value in thing.items() if name in _PLAIN}
    return {**kept, "message": _plain(thing["message"])} if isinstance(thing.get("message"), dict) else kept


def read_update(update: Update, me: User) -> Incoming | None:
    """Return what a person did, or None if it is not for the assistant (`me`), was done by a bot, or says nothing."""
    if update.callback_query:
        return _pressed(update)
    message = update.message or update.edited_message
    if message is None or not _from_person(message):
        return None
    in_group = message.chat.type != Chat.PRIVATE
    if in_group and not _addressed(message, me):
        return None
    said = (message.text or message.caption or "").strip()
    command, argument = _command(said, me)
    text = _without_name(argument if command else said, me)
    kind = "" if text or command else _kind(message)
    if not (text or command or kind or in_group) and not filters.StatusUpdate.ALL.check_update(update):
        kind = "other"
    if not (text or command or kind):
        return None
    if update.edited_message and not (text or command):
        return None  # a moving location, a changed poll
    return Incoming(
        chat_id=message.chat.id,
        person_id=_person_id(message),
        message_id=message.message_id,
        key=f"album {message.media_group_id}" if kind and message.media_group_id else f"{message.message_id} {said}",
        in_group=in_group,
        text=text,
        command=command,
        kind=kind,
    )


def _pressed(update: Update) -> Incoming | None:
    query = update.callback_query
    if query is None or query.message is None or not query.from_user or query.from_user.is_bot:
        return None  # under a message sent elsewhere through the bot: there are none
    message = query.message
    keyboard = message.reply_markup if isinstance(message, Message) else None
    data = query.data or ""
    buttons = [button for row in keyboard.inline_keyboard for button in row] if keyboard else []
    title = next((button.text for button in buttons if button.callback_data == data), "")
    return Incoming(
        chat_id=message.chat.id,
        person_id=query.from_user.id,
        message_id=message.message_id,
        key=f"press {query.id}",
        in_group=message.chat.type != Chat.PRIVATE,
        press=Press(query.id, data, title, keyboard),
    )


def _from_person(message: Message) -> bool:
    """Return whether a person wrote it; someone who writes as a group or channel counts, a bot does not."""
    return message.sender_chat is not None or (message.from_user is not None and not message.from_user.is_bot)


def _person_id(message: Message) -> int:
    if message.sender_chat is not None or message.from_user is None:
        return (message.sender_chat or message.chat).id
    return message.from_user.id


def _addressed(message: Message, me: User) -> bool:
    """Return whether a message in a group speaks to the assistant: by name, in reply to it, or by one of its commands."""
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == me.id:
        return True
    said = message.text or message.caption or ""
    if _command(said.strip(), me)[0]:
        return True
    if me.username and re.search(rf"(?<!\w)@{re.escape(me.username)}\b", said, re.IGNORECASE):
        return True
    linked = [*message.entities, *message.caption_entities]
    return any(entity.user is not None and entity.user.id == me.id for entity in linked)


def _command(said: str, me: User) -> tuple[str, str]:
    """Return the command of ours that a text starts with and what stands behind it; "" if there is none."""
    found = _COMMAND.match(said)
    if not found or found[1].lower() not in COMMANDS or (found[2] and found[2].lower() != (me.username or "").lower()):
        return "", ""
    return found[1].lower(), said[found.end() :].strip(" \t\n!?.,")


def _without_name(text: str, me: User) -> str:
    return re.sub(rf"@{re.escape(me.username or '')}\b", "", text, flags=re.IGNORECASE).strip() if me.username else text


def _kind(message: Message) -> str:
    if message.animation:
        return "animation"
    return next((kind for field, kind in _MEDIA if getattr(message, field)), "")
