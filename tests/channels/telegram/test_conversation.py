"""What a person in a private chat sees: answers, buttons, commands, feedback, deletion, and order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from bot.channels.telegram.service import TelegramService
from bot.content.load import load_answers
from bot.content.telegram import telegram_texts
from bot.storage.models import FeedbackRow
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.conftest import SOURCE, Engine, Person, Serve, answer
from tests.databases import count

pytestmark = pytest.mark.asyncio

PHRASES = telegram_texts().phrases


@pytest.fixture(autouse=True)
def _running(bot: TelegramService) -> TelegramService:
    return bot


async def test_a_question_is_answered_with_its_source_as_a_link_and_buttons(api: BotApi, person: Person) -> None:
    await person.say("my <lips> & nose")
    (shown,) = await api.shows(1)
    assert shown.text == "You said my <lips> & nose\n\nSources: NHS (reviewed 22 November 2026)"
    assert shown.links == [SOURCE["url"]]
    assert shown.rows[0] == [shown.button("Tell me more"), shown.button("Sun")]
    assert shown.titles[2:] == [PHRASES["helped"], PHRASES["not_helped"]]


async def test_typing_is_shown_while_an_answer_is_worked_on(api: BotApi, person: Person, engine: Engine) -> None:
    async def slow(message: UserMessage) -> None:
        await asyncio.sleep(0.3)
        await answer(message)

    engine.act = slow
    await person.say("hello")
    await api.shows(1)
    methods = [method for method, _ in api.calls]
    assert methods.index("sendChatAction") < methods.index("sendMessage")


async def test_the_engine_sees_one_conversation_that_does_not_name_the_person(
    person: Person, engine: Engine, api: BotApi
) -> None:
    await person.say("one")
    await person.say("two")
    await api.shows(2)
    (conversation,) = {message.sender_id for message in engine.seen}
    assert conversation.startswith("telegram:")
    assert str(person.person_id) not in conversation
    assert {message.input_channel for message in engine.seen} == {"telegram"}


async def test_two_people_have_two_conversations(api: BotApi, person: Person, engine: Engine) -> None:
    await person.say("one")
    await Person(api, person_id=7002).say("two")
    await api.shows(2)
    assert len({message.sender_id for message in engine.seen}) == 2


async def test_messages_of_a_person_are_answered_in_order_and_people_do_not_wait_for_each_other(
    api: BotApi, person: Person, engine: Engine
) -> None:
    async def slow_for_one(message: UserMessage) -> None:
        if message.text.startswith("slow"):
            await asyncio.sleep(0.5)
        await answer(message)

    engine.act = slow_for_one
    await person.say("slow")
    await person.say("quick")
    await Person(api, person_id=7002).say("other")
    shown = await api.shows(3)
    assert [message.text.split("\n")[0] for message in shown] == ["You said other", "You said slow", "You said quick"]


async def test_the_same_update_is_answered_once(api: BotApi, person: Person, engine: Engine) -> None:
    update = await person.say("hello")
    await api.shows(1)
    await api.repeat({**update, "update_id": update["update_id"] + 1000})
    await person.say("next")
    await api.shows(2)
    assert engine.texts == ["hello", "next"]


async def test_an_update_that_another_process_answered_is_not_answered_again(
    api: BotApi, person: Person, engine: Engine, serve: Serve, bot: TelegramService
) -> None:
    update = await person.say("hello")
    await api.shows(1)
    await bot.stop()
    bot.stop = _nothing  # type: ignore[method-assign]
    await serve()
    await api.repeat({**update, "update_id": update["update_id"] + 1000})
    await person.say("next")
    await api.shows(2)
    assert engine.texts == ["hello", "next"]


async def _nothing() -> None:
    return None


async def test_an_edited_message_is_answered_anew_and_one_with_the_same_words_is_not(
    api: BotApi, person: Person, engine: Engine
) -> None:
    update = await person.say("can i dink")
    await api.shows(1)
    message = update["message"]
    await api.push(edited_message={**message, "edit_date": message["date"] + 5})
    await api.push(edited_message={**message, "edit_date": message["date"] + 9, "text": "can i drink"})
    await api.shows(2)
    assert engine.texts == ["can i dink", "can i drink"]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("/dry_lips", "dry_lips"),
        ("///", "?"),
        ("/help@another_bot", "help@another_bot"),
        ("/start i feel awful", "i feel awful"),
        ("/topics what about sun", "what about sun"),
        ("/help", "/help"),
        ("/HELP", "/help"),
        ("/helpnow", "/talk_to_human"),
        ("/start helpnow", "/talk_to_human"),
        ("/country", "/set_country"),
        ("/country Ireland", "I am in Ireland"),
        ("/help@iso_faq_bot", "/help"),
        ("/helpnow!", "/talk_to_human"),
        ("/helpnow please", "/talk_to_human"),
        ("/helpnow i want to die", "i want to die"),
        ("/start /restart", "restart"),
    ],
)
async def test_what_is_typed_reaches_the_engine(
    api: BotApi, person: Person, engine: Engine, typed: str, understood: str
) -> None:
    await person.say(typed)
    await api.shows(1)
    assert engine.texts == [understood]


async def test_a_command_may_be_an_edit(api: BotApi, person: Person, engine: Engine) -> None:
    update = await person.say("/hepnow")
    await api.shows(1)
    edited = {**update["message"], "edit_date": 5, "text": "/helpnow"}
    await api.push(edited_message=edited)
    await api.shows(2)
    assert engine.texts == ["hepnow", "/talk_to_human"]


async def test_the_database_holds_no_id_of_telegram(api: BotApi, person: Person, bot: TelegramService) -> None:
    update = await person.say("hello")
    (shown,) = await api.shows(1)
    query = await person.press(shown, "Sun")
    await api.shows(2)
    await api.until(lambda: count(bot.engine, "web_turn") == 2)
    with bot.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT conversation_id, message_id FROM web_turn")).all()
    held = " ".join(value for row in rows for value in row)
    assert str(person.person_id) not in held
    assert query not in held
    assert f"{update['message']['message_id']}-" not in held


async def test_start_says_what_this_is_and_shows_the_topics(api: BotApi, person: Person, engine: Engine) -> None:
    await person.say("/start")
    (shown,) = await api.shows(1)
    assert "not a doctor" in shown.text
    assert "/delete" in shown.text
    assert shown.titles == list(telegram_texts().menu)
    assert engine.texts == []


async def test_the_menu_leads_to_every_topic_and_back(api: BotApi, person: Person, engine: Engine) -> None:
    titles = {answer.title: topic for topic, answer in load_answers().items()}
    await person.say("/topics")
    (menu,) = await api.shows(1)
    for asked, (group, topics) in enumerate(telegram_texts().menu.items(), start=1):
        await person.press(menu, group)
        await api.until(lambda group=group: menu.text == group)
        assert [titles[title] for title in menu.titles[:-1]] == list(topics)
        await person.press(menu, menu.titles[0])
        await api.shows(1 + asked)
        assert engine.texts[-1] == f"/{topics[0]}"
        await person.press(menu, PHRASES["all_topics"])
        await api.until(lambda: menu.text == PHRASES["menu"])
    await api.until(lambda: not any(api.spinning.values()))


async def test_a_button_is_answered_and_its_spinner_ends(api: BotApi, person: Person, engine: Engine) -> None:
    await person.say("hello")
    (shown,) = await api.shows(1)
    query = await person.press(shown, "Sun")
    await api.shows(2)
    assert engine.texts == ["hello", "/sun_protection"]
    await api.until(lambda: api.spinning[query] is False)


@pytest.mark.parametrize("data", ["", "/sun_protection", "/crisis", "x" * 64, "\ud83d\ude00", "AAAAAAAAAAAAAAAAAAAA"])
async def test_data_that_was_not_offered_is_refused_kindly(
    api: BotApi, person: Person, engine: Engine, data: str
) -> None:
    await person.say("hello")
    (shown,) = await api.shows(1)
    query = await person.press_data(shown, data.encode("utf-16", "surrogatepass").decode("utf-16"))
    await api.until(lambda: api.spinning[query] is False)
    assert api.notes[query] == PHRASES["old_button"]
    assert engine.texts == ["hello"]


async def test_data_of_one_chat_is_refused_in_another(api: BotApi, person: Person, engine: Engine) -> None:
    await person.say("hello")
    (shown,) = await api.shows(1)
    other = Person(api, person_id=7002)
    await other.say("hi")
    await api.shows(2)
    query = await other.press_data(shown, shown.button("Sun")["callback_data"])
    await api.until(lambda: api.spinning[query] is False)
    assert api.notes[query] == PHRASES["old_button"]
    assert engine.texts == ["hello", "hi"]


@pytest.mark.parametrize(("title", "helped"), [("helped", True), ("not_helped", False)])
async def test_feedback_is_kept_thanked_for_and_asked_once(
    api: BotApi, person: Person, title: str, helped: bool, bot: TelegramService
) -> None:
    await person.say("hello")
    (shown,) = await api.shows(1)
    query = await person.press(shown, PHRASES[title])
    await api.until(lambda: len(shown.titles) == 2)
    await api.until(lambda: api.notes.get(query) == PHRASES["thanks"])
    with bot.engine.connect() as connection:
        rows = connection.execute(sa.select(FeedbackRow.topic, FeedbackRow.helped)).all()
    assert rows == [("dry_lips", helped)]


async def test_sources_are_listed_with_title_publisher_date_and_link(api: BotApi, person: Person) -> None:
    await person.say("/sources")
    await person.say("hello")
    await person.say("/sources")
    first, _, last = await api.shows(3)
    assert first.text == PHRASES["no_sources"]
    assert last.text == f"{PHRASES['sources']}\n\u2022 Isotretinoin capsules, NHS, read 22 November 2026"
    assert last.links == [SOURCE["url"]]


async def test_deleting_asks_first_then_forgets_all_and_the_next_message_begins_anew(
    api: BotApi, person: Person, engine: Engine, bot: TelegramService
) -> None:
    await person.say("hello")
    await person.say("/delete")
    _, asked = await api.shows(2)
    await person.press(asked, PHRASES["delete_no"])
    await api.until(lambda: asked.text == PHRASES["kept"])
    assert count(bot.engine, "web_turn") == 1
    await person.say("/delete")
    *_, asked = await api.shows(3)
    await person.press(asked, PHRASES["delete_yes"])
    await api.until(lambda: asked.text == PHRASES["deleted"])
    assert asked.rows == []
    assert [count(bot.engine, table) for table in ("web_turn", "conversation_event", "feedback")] == [0, 0, 0]
    await person.say("back again")
    await api.shows(4)
    before, after = engine.seen[0].sender_id, engine.seen[-1].sender_id
    assert before != after
    assert count(bot.engine, "web_turn") == 1


NO_TEXT: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90, "file_size": 1}]},
    "voice": {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3}},
    "video": {"video": {"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9, "duration": 3}},
    "audio": {"audio": {"file_id": "a", "file_unique_id": "b", "duration": 3}},
    "sticker": {
        "sticker": {
            "file_id": "a",
            "file_unique_id": "b",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "\U0001f44d",
        }
    },
    "animation": {
        "animation": {"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9, "duration": 3},
        "document": {"file_id": "a", "file_unique_id": "b"},
    },
    "document": {"document": {"file_id": "a", "file_unique_id": "b", "file_name": "blood.pdf"}},
    "location": {"location": {"latitude": 51.5, "longitude": -0.1}},
    "contact": {"contact": {"phone_number": "+441234", "first_name": "Derm"}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Better?",
            "options": [{"text": "yes", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "other": {"dice": {"emoji": "\U0001f3b2", "value": 4}},
}


@pytest.mark.parametrize("kind", NO_TEXT)
async def test_what_is_no_text_gets_a_kind_answer(api: BotApi, person: Person, engine: Engine, kind: str) -> None:
    await person.send(**NO_TEXT[kind])
    (shown,) = await api.shows(1)
    assert telegram_texts().kinds[kind] in shown.text
    assert engine.texts == []


async def test_a_kind_that_nobody_has_heard_of_gets_a_kind_answer(api: BotApi, person: Person) -> None:
    await person.send(hologram={"size": 3})
    (shown,) = await api.shows(1)
    assert telegram_texts().kinds["other"] in shown.text


async def test_an_album_gets_one_answer_and_its_words_are_read(api: BotApi, person: Person, engine: Engine) -> None:
    for words in ({}, {"caption": "does this scar"}, {}, {}):
        await person.send(**NO_TEXT["photo"], media_group_id="77", **words)
    await person.say("hello")
    shown = await api.shows(3)
    assert [telegram_texts().kinds["photo"] in message.text for message in shown] == [True, False, False]
    assert engine.texts == ["does this scar", "hello"]


async def test_the_words_under_a_picture_are_read(api: BotApi, person: Person, engine: Engine) -> None:
    await person.send(**NO_TEXT["photo"], caption="is this rash normal")
    await api.shows(1)
    assert engine.texts == ["is this rash normal"]


CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
IGNORED: dict[str, dict[str, Any]] = {
    "a post in a channel": {"channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "hello"}},
    "an edited post": {
        "edited_channel_post": {"message_id": 1, "date": 1, "edit_date": 2, "chat": CHANNEL, "text": "hi"}
    },
    "something unheard of": {"thought_reading": {"id": 1}},
    "a message of a shape that the library cannot read": {"message": {"message_id": 1, "chat": {"id": 7001}}},
    "a callback from elsewhere": {
        "callback_query": {
            "id": "1",
            "from": {"id": 7001, "is_bot": False, "first_name": "Sam"},
            "inline_message_id": "x",
            "chat_instance": "1",
            "data": "x",
        }
    },
}


@pytest.mark.parametrize("what", IGNORED)
async def test_what_is_not_for_the_assistant_is_ignored(api: BotApi, person: Person, engine: Engine, what: str) -> None:
    await api.push(**IGNORED[what])
    await person.say("hello")
    await api.shows(1)
    assert engine.texts == ["hello"]


SERVICE: dict[str, dict[str, Any]] = {
    "someone joins": {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "New"}]},
    "someone leaves": {"left_chat_member": {"id": 5, "is_bot": False, "first_name": "Old"}},
    "a message is pinned": {"pinned_message": {"message_id": 3, "date": 0, "chat": {"id": 7001, "type": "private"}}},
    "a bot writes": {"text": "hello", "from": {"id": 9, "is_bot": True, "first_name": "Robot"}},
}


@pytest.mark.parametrize("what", SERVICE)
async def test_notices_and_bots_get_no_answer(api: BotApi, person: Person, engine: Engine, what: str) -> None:
    await person.send(**SERVICE[what])
    await person.say("hello")
    await api.shows(1)
    assert engine.texts == ["hello"]


async def test_words_are_read_even_if_something_beside_them_cannot_be(
    api: BotApi, person: Person, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    await person.say("i need help", poll={"id": "1", "question": "of a shape that the library does not know"})
    await api.shows(1)
    assert engine.texts == ["i need help"]
    assert "could not be read in full (TypeError)" in caplog.text
    assert "i need help" not in caplog.text


async def test_a_moving_location_is_answered_once(api: BotApi, person: Person) -> None:
    update = await person.send(**NO_TEXT["location"])
    moved = {**update["message"], "edit_date": 1, "location": {"latitude": 51.6, "longitude": -0.1}}
    await api.push(edited_message=moved)
    await person.say("hello")
    assert len(await api.shows(2)) == 2


async def test_a_button_under_a_message_too_old_for_telegram_is_answered(
    api: BotApi, person: Person, engine: Engine
) -> None:
    await person.say("hello")
    (shown,) = await api.shows(1)
    gone = {"chat": person.chat, "message_id": shown.message_id, "date": 0}
    query = await person.press(shown, "Sun", message=gone)
    await api.shows(2)
    assert engine.texts == ["hello", "/sun_protection"]
    await api.until(lambda: api.spinning[query] is False)
