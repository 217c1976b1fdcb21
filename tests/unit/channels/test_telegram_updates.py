"""Whatever Telegram sends, reading it raises nothing, and words in it are found."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from telegram import Update, User

from bot.channels.telegram.updates import ALLOWED, read_update, readable

ME = User(123456789, "Assistant", is_bot=True, username="iso_faq_bot")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "message_id",
    "from",
    "chat",
    "date",
    "text",
    "caption",
    "entities",
    "photo",
    "poll",
    "sticker",
    "reply_to_message",
    "sender_chat",
    "media_group_id",
    "id",
    "data",
    "message",
    "chat_instance",
    "new_chat_members",
)
WHOLE: dict[str, Any] = {
    "message_id": 7,
    "date": 1,
    "chat": {"id": 5, "type": "private"},
    "from": {"id": 5, "is_bot": False, "first_name": "Sam"},
    "text": "i need help",
}


@given(st.sampled_from([*ALLOWED, "channel_post", "poll"]), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8))
def test_nothing_that_comes_raises(kind: str, content: dict[str, Any]) -> None:
    update = Update.de_json(readable({"update_id": 1, kind: content}), None)
    assert update is not None
    read_update(update, ME)


@given(st.dictionaries(st.sampled_from([name for name in FIELDS if name not in WHOLE]), JSON, max_size=4))
def test_words_are_found_whatever_stands_beside_them(beside: dict[str, Any]) -> None:
    content = {name: value for name, value in beside.items() if name not in {"sender_chat", "reply_to_message"}}
    update = Update.de_json(readable({"update_id": 1, "message": {**content, **WHOLE}}), None)
    assert update is not None
    incoming = read_update(update, ME)
    assert incoming is not None
    assert incoming.text == "i need help"
