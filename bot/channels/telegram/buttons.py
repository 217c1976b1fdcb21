"""Buttons under messages: opaque data that is good in one conversation only, and what was meant by it when it is pressed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.content.load import load_answers
from bot.content.telegram import telegram_texts
from bot.replies.safety import SAFETY_BUTTONS, safety_replies
from bot.storage.conversations import StoredTurn

Act = Literal["say", "menu", "helped", "not_helped", "delete", "keep"]
Rows = list[list[InlineKeyboardButton]]

_DIGEST_BYTES: Final = 15
_NUMBERS: Final = 3
"""Buttons with a number beside each other."""
_BESIDE: Final = 20
"""Characters up to which two buttons stand beside each other."""


@dataclass(frozen=True)
class Offer:
    """What a button does: say a payload, show a group of the menu, call the answer on a topic helpful or not, delete or keep."""

    act: Act
    what: str = ""


RATINGS: Final[tuple[Act, Act]] = ("helped", "not_helped")
ALL_GROUPS: Final = Offer("menu")


class Buttons:
    """Makes buttons and knows them again. Their data is a keyed digest of conversation and meaning, of no use elsewhere.

    Args:
        key: the key of the digests.
        call_page: where the page to call a number is (it ends in /), or "" if this server has no public address. Telegram takes
            no links to numbers: a button can lead to such a page, or put the number in the clipboard.
    """

    def __init__(self, key: bytes, call_page: str = "") -> None:
        self._key = hashlib.sha256(b"telegram buttons" + key).digest()
        self._call_page = call_page

    def data(self, conversation_id: str, offer: Offer) -> str:
        """Return the data of a button, 20 characters; Telegram takes 64 bytes."""
        meaning = "\0".join((conversation_id, offer.act, offer.what)).encode()
        digest = hmac.new(self._key, meaning, hashlib.sha256).digest()[:_DIGEST_BYTES]
        return base64.urlsafe_b64encode(digest).decode()

    def meant(self, conversation_id: str, data: str, turns: Sequence[StoredTurn]) -> Offer | None:
        """Return what was offered with this data in a conversation, whose last turns are given, or None."""
        for offer in _offered(turns):
            if hmac.compare_digest(self.data(conversation_id, offer).encode(), data.encode()):
                return offer
        return None

    def under(self, conversation_id: str, reply: dict[str, Any]) -> InlineKeyboardMarkup | None:
        """Return the buttons under a reply: in danger numbers to call, its own, and under an answer whether it helped."""
        rows: Rows = []
        if reply["metadata"]["tier"] != "none" or reply["metadata"]["topic"] == "talk_to_human":
            numbers = [self._number(number) for number in safety_replies().numbers_in(reply["text"])]
            rows += [numbers[start : start + _NUMBERS] for start in range(0, len(numbers), _NUMBERS)]
        rows += _beside(
            [self._button(conversation_id, Offer("say", b["payload"]), b["title"]) for b in reply["buttons"]]
        )
        if _is_rated(reply):
            topic = reply["metadata"]["topic"]
            phrases = telegram_texts().phrases
            rows.append([self._button(conversation_id, Offer(act, topic), phrases[act]) for act in RATINGS])
        rows = [row for row in rows if row]
        return InlineKeyboardMarkup(rows) if rows else None

    def private(self, link: str, reply: dict[str, Any]) -> InlineKeyboardMarkup:
        """Return the buttons under help in a group: numbers to call, and the way to a private chat."""
        under = self.under("", {**reply, "buttons": []})
        rows = [list(row) for row in under.inline_keyboard] if under else []
        title = telegram_texts().phrases["private"]
        return InlineKeyboardMarkup([[InlineKeyboardButton(title, url=link)], *rows])

    def menu(self, conversation_id: str, group: str = "") -> InlineKeyboardMarkup:
        """Return the topic menu: its groups, or the topics of one and the way back."""
        texts = telegram_texts()
        if not group:
            return InlineKeyboardMarkup(
                _beside([self._button(conversation_id, Offer("menu", name), name) for name in texts.menu])
            )
        topics = [self._button(conversation_id, Offer("say", f"/{t}"), _titles()[t]) for t in texts.menu[group]]
        back = self._button(conversation_id, ALL_GROUPS, texts.phrases["all_topics"])
        return InlineKeyboardMarkup([*_beside(topics), [back]])

    def deletion(self, conversation_id: str) -> InlineKeyboardMarkup:
        """Return the question whether to delete, as buttons."""
        phrases = telegram_texts().phrases
        yes = self._button(conversation_id, Offer("delete"), phrases["delete_yes"])
        no = self._button(conversation_id, Offer("keep"), phrases["delete_no"])
        return InlineKeyboardMarkup([[yes], [no]])

    def without_rating(
        self, conversation_id: str, topic: str, keyboard: InlineKeyboardMarkup | None
    ) -> InlineKeyboardMarkup:
        """Return a keyboard without the question whether the answer on a topic helped."""
        asked = {self.data(conversation_id, Offer(act, topic)) for act in RATINGS}
        rows = keyboard.inline_keyboard if keyboard else ()
        left = [[button for button in row if button.callback_data not in asked] for row in rows]
        return InlineKeyboardMarkup([row for row in left if row])

    def _number(self, number: str) -> InlineKeyboardButton:
        phrases = telegram_texts().phrases
        if self._call_page:
            address = f"{self._call_page}{number.replace(' ', '')}"
            return InlineKeyboardButton(phrases["call"].format(number=number), url=address)
        return InlineKeyboardButton(phrases["copy"].format(number=number), copy_text=CopyTextButton(number))

    def _button(self, conversation_id: str, offer: Offer, title: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(title, callback_data=self.data(conversation_id, offer))


def _offered(turns: Sequence[StoredTurn]) -> Iterator[Offer]:
    """Yield every button a conversation may hold: those under its last replies, newest first, the menu's, and deletion's."""
    for turn in reversed(turns):
        for reply in turn.replies:
            yield from (Offer("say", button["payload"]) for button in reply["buttons"])
            if _is_rated(reply):
                yield from (Offer(act, reply["metadata"]["topic"]) for act in RATINGS)
    # Under help texts that were given without engine or database: no turn may hold them.
    yield from (Offer("say", button.payload) for button in SAFETY_BUTTONS)
    yield from (Offer("delete"), Offer("keep"), ALL_GROUPS)
    for group, topics in telegram_texts().menu.items():
        yield Offer("menu", group)
        yield from (Offer("say", f"/{topic}") for topic in topics)


def _is_rated(reply: dict[str, Any]) -> bool:
    """Return whether a reply is a medical answer, which a person may call helpful or not."""
    return bool(reply["metadata"]["sources"]) and reply["metadata"]["tier"] == "none"


def _beside(buttons: Iterable[InlineKeyboardButton]) -> Rows:
    """Return rows of buttons: two short ones beside each other, a long one alone."""
    rows: Rows = []
    for button in buttons:
        room = rows and len(rows[-1]) == 1 and all(len(b.text) <= _BESIDE for b in (*rows[-1], button))
        if room:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    return {topic: answer.title for topic, answer in load_answers().items()}
