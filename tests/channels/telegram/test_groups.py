"""Groups: answers only when addressed, and help in danger gently, with a way to a private chat."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.telegram.service import TelegramService
from bot.content.telegram import telegram_texts
from bot.model import TIERS
from bot.replies.safety import safety_replies
from tests.channels.telegram.bot_api import ME, BotApi
from tests.channels.telegram.conftest import Engine, Person, answer

pytestmark = pytest.mark.asyncio

GROUP = -1001234
PHRASES = telegram_texts().phrases


@pytest.fixture(autouse=True)
def _running(bot: TelegramService) -> TelegramService:
    return bot


@pytest.fixture
def member(api: BotApi) -> Person:
    """Return someone in a group."""
    return Person(api, group_id=GROUP)


OURS = {"message_id": 5, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}, "from": ME, "text": "earlier"}
ADDRESSED: dict[str, tuple[dict[str, Any], str]] = {
    "by name": ({"text": "@iso_faq_bot can i drink"}, "can i drink"),
    "by name in other letters": ({"text": "can i drink @ISO_faq_bot ?"}, "can i drink  ?"),
    "in reply to it": ({"text": "and wine", "reply_to_message": OURS}, "and wine"),
    "by a command": ({"text": "/help"}, "/help"),
    "by a command with its name": ({"text": "/helpnow@iso_faq_bot"}, "/talk_to_human"),
    "by a link to it": (
        {
            "text": "Assistant can i drink",
            "entities": [{"type": "text_mention", "offset": 0, "length": 9, "user": ME}],
        },
        "Assistant can i drink",
    ),
    "under a picture": (
        {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], "caption": "@iso_faq_bot rash?"},
        "rash?",
    ),
    "as a channel of the group": ({"text": "/help", "sender_chat": {"id": GROUP, "type": "supergroup"}}, "/help"),
}


@pytest.mark.parametrize("how", ADDRESSED)
async def test_who_addresses_it_is_answered_under_the_message(
    api: BotApi, member: Person, engine: Engine, how: str
) -> None:
    content, understood = ADDRESSED[how]
    update = await member.send(**content)
    (shown,) = await api.shows(1)
    assert engine.texts == [understood]
    assert shown.reply_to == update["message"]["message_id"]
    assert shown.chat_id == GROUP


NOT_ADDRESSED: dict[str, dict[str, Any]] = {
    "talk": {"text": "can i drink on this"},
    "talk of danger": {"text": "i want to die"},
    "a command of another bot": {"text": "/help@other_bot"},
    "an unknown command": {"text": "/play"},
    "another name": {"text": "@iso_faq_bots hello"},
    "a reply to someone": {
        "text": "yes",
        "reply_to_message": {**OURS, "from": {"id": 3, "is_bot": False, "first_name": "A"}},
    },
    "a picture": {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
    "someone joins": {"new_chat_members": [ME]},
}


@pytest.mark.parametrize("what", NOT_ADDRESSED)
async def test_what_is_said_to_others_is_neither_read_nor_answered(
    api: BotApi, member: Person, engine: Engine, what: str
) -> None:
    await member.send(**NOT_ADDRESSED[what])
    await member.say("@iso_faq_bot hello")
    await api.shows(1)
    assert engine.texts == ["hello"]


async def in_danger(message: UserMessage) -> None:
    """Answer with the help text of the tier that the message names."""
    reply = safety_replies().reply(message.text, "UK")
    buttons = [button.as_dict() for button in reply.buttons]
    await message.output_channel.send_response(
        message.sender_id, {"text": reply.text, "buttons": buttons, **reply.metadata()}
    )


@pytest.mark.parametrize("tier", TIERS)
async def test_help_in_a_group_is_gentle_and_leads_to_a_private_chat(
    api: BotApi, member: Person, engine: Engine, tier: str
) -> None:
    engine.act = in_danger
    await member.say(f"@iso_faq_bot {tier}")
    (shown,) = await api.shows(1)
    name = "group_mood" if tier in {"crisis", "urgent_mood"} else "group_body"
    assert shown.text == safety_replies().fill(PHRASES[name], None)
    assert "suicid" not in shown.text.replace("988 Suicide & Crisis Lifeline", "").lower()
    assert shown.rows[0] == [{"text": PHRASES["private"], "url": "https://t.me/iso_faq_bot?start=helpnow"}]
    assert {button["copy_text"]["text"] for row in shown.rows[1:] for button in row} >= {"999", "111"} - {
        "999" if tier == "pregnancy_exposure" else ""
    }


async def test_help_in_another_language_leads_to_a_private_chat_too(
    api: BotApi, member: Person, engine: Engine
) -> None:
    async def fails(_message: UserMessage) -> None:
        raise RuntimeError

    engine.act = fails
    await member.say("@iso_faq_bot ya no quiero vivir")
    (shown,) = await api.shows(1)
    assert "emergencias" in shown.text
    assert shown.titles[0] == PHRASES["private"]


async def test_asking_for_the_country_while_in_danger_is_no_help_text(
    api: BotApi, member: Person, engine: Engine
) -> None:
    async def asks(message: UserMessage) -> None:
        await answer(message, text="Which country are you in?", topic="set_country", tier="crisis", sources=[])

    engine.act = asks
    await member.say("/country")
    (shown,) = await api.shows(1)
    assert shown.text == "Which country are you in?"
    assert "Sun" in shown.titles


async def test_in_private_the_whole_help_text_comes(api: BotApi, person: Person, engine: Engine) -> None:
    engine.act = in_danger
    await person.say("crisis")
    (shown,) = await api.shows(1)
    assert "call 999 now" in shown.text
    assert "116 123" in shown.text


async def test_each_member_has_a_conversation_apart_from_the_private_one(api: BotApi, engine: Engine) -> None:
    for speaker in (Person(api, 7001, GROUP), Person(api, 7002, GROUP), Person(api, 7001)):
        await speaker.say("@iso_faq_bot hello")
    await api.shows(3)
    assert len({message.sender_id for message in engine.seen}) == 3


async def test_a_button_in_a_group_is_for_the_one_who_asked(api: BotApi, member: Person, engine: Engine) -> None:
    await member.say("@iso_faq_bot hello")
    (shown,) = await api.shows(1)
    query = await Person(api, 7002, GROUP).press(shown, "Sun")
    await api.until(lambda: api.spinning[query] is False)
    assert api.notes[query] == PHRASES["old_button"]
    await member.press(shown, "Sun")
    await api.shows(2)
    assert engine.texts == ["hello", "/sun_protection"]


async def test_a_group_that_became_a_supergroup_still_gets_its_answer(
    api: BotApi, member: Person, engine: Engine
) -> None:
    async def migrate(message: UserMessage) -> None:
        api.known[GROUP - 1] = set()
        api.migrated[GROUP] = GROUP - 1
        await answer(message)

    engine.act = migrate
    await member.say("@iso_faq_bot hello")
    (shown,) = await api.shows(1)
    assert shown.chat_id == GROUP - 1
