"""The response generator."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine.responses import Responses
from bot.model import TIERS, Tier
from bot.replies.build import RICH_CHANNELS, as_response
from bot.replies.safety import safety_replies

METADATA = {"topic", "tier", "sources", "reviewed_on"}


@pytest.fixture
def responses(domain: Domain, clean_settings: pytest.MonkeyPatch) -> Responses:
    return Responses(EndpointConfig(), domain)


def tracker_with(
    domain: Domain, intent: str = "crisis", safety: dict[str, Any] | None = None, country: str | None = None
) -> DialogueStateTracker:
    parse: dict[str, Any] = {"intent": {"name": intent, "confidence": 0.9}, "entities": []}
    if safety:
        parse["safety"] = safety
    events = [SlotSet("country", country), UserUttered("words", parse["intent"], parse_data=parse)]
    return DialogueStateTracker.from_events("me", events, domain.slots)


async def say(responses: Responses, tracker: DialogueStateTracker, channel: str = "web") -> dict[str, Any]:
    answer = await responses.generate("utter_safety", tracker, channel)
    assert answer is not None
    return answer


@pytest.mark.asyncio
@pytest.mark.parametrize("about_other", [False, True])
@pytest.mark.parametrize("country", [None, "UK", "US", "IE", "XX"])
@pytest.mark.parametrize("tier", TIERS)
async def test_the_help_text_of_the_verdict(
    responses: Responses, domain: Domain, tier: Tier, country: str | None, about_other: bool
) -> None:
    verdict = {"tier": tier, "score": 0.95, "evidence": ["rule"], "about_other": about_other}
    said = await say(responses, tracker_with(domain, tier, verdict, country))
    expected = safety_replies().reply(tier, country, about_other=about_other)
    assert said["text"] == expected.text
    assert (said["topic"], said["tier"]) == (tier, tier)
    assert said["sources"] == [source.as_metadata() for source in expected.sources]
    assert said["sources"]
    assert said["reviewed_on"]
    assert [button["title"] for button in said["buttons"]] == [button.title for button in expected.buttons]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("intent", "safety", "tier"),
    [
        ("urgent_mood", None, "urgent_mood"),
        ("medical_emergency", {"tier": "none"}, "medical_emergency"),
        ("alcohol", {"tier": "pregnancy_exposure"}, "pregnancy_exposure"),
        ("urgent_mood", {"tier": "crisis"}, "crisis"),
        ("alcohol", None, "crisis"),
        ("alcohol", {"tier": "nonsense"}, "crisis"),
    ],
)
async def test_the_tier_is_the_verdicts_then_the_intents_then_the_gravest(
    responses: Responses, domain: Domain, intent: str, safety: dict[str, Any] | None, tier: Tier
) -> None:
    assert (await say(responses, tracker_with(domain, intent, safety)))["tier"] == tier


@pytest.mark.asyncio
async def test_without_any_message_there_is_still_help(responses: Responses, domain: Domain) -> None:
    tracker = DialogueStateTracker("me", domain.slots)
    assert (await say(responses, tracker))["tier"] == "crisis"


@pytest.mark.asyncio
async def test_the_country_is_the_persons_then_the_sites(domain: Domain, clean_settings: pytest.MonkeyPatch) -> None:
    clean_settings.setenv("SITE_COUNTRY", "UK")
    responses = Responses(EndpointConfig(), domain)
    assert "999" in (await say(responses, tracker_with(domain)))["text"]
    assert "call 911" in (await say(responses, tracker_with(domain, country="US")))["text"]


@pytest.mark.asyncio
@pytest.mark.parametrize("channel", ["web", "cmdline", "socketio", ""])
async def test_only_channels_without_metadata_get_the_sources_in_the_text(
    responses: Responses, domain: Domain, channel: str
) -> None:
    said = await say(responses, tracker_with(domain), channel)
    assert ("Sources: " in said["text"]) == (channel not in RICH_CHANNELS)
    assert said["sources"]


@pytest.mark.asyncio
async def test_a_reply_of_an_action_is_handed_on_unchanged(responses: Responses, domain: Domain) -> None:
    handed = {"text": "words {slot} <b>", "topic": "alcohol", "tier": "none", "sources": [{"title": "t"}]}
    said = await responses.generate(
        "utter_reply", tracker_with(domain), "web", **handed, reviewed_on="2026-11-22", other="dropped"
    )
    assert said == {**handed, "reviewed_on": "2026-11-22", "buttons": []}


@pytest.mark.asyncio
async def test_a_domain_response_gets_metadata(domain: Domain, clean_settings: pytest.MonkeyPatch) -> None:
    texts = Domain.from_dict(
        {
            "responses": {
                "utter_hello": [{"text": "Hello."}],
                "utter_named": [{"text": "Named.", "metadata": {"topic": "greet"}}],
            }
        }
    )
    responses = Responses(EndpointConfig(), texts)
    plain = await responses.generate("utter_hello", tracker_with(domain), "web")
    named = await responses.generate("utter_named", tracker_with(domain), "web")
    assert plain is not None
    assert named is not None
    assert (plain["text"], plain["topic"], plain["tier"], plain["sources"]) == ("Hello.", "hello", "none", [])
    assert named["topic"] == "greet"
    assert plain.keys() >= METADATA
    assert "metadata" not in named


@pytest.mark.asyncio
async def test_an_unknown_response_is_none(responses: Responses, domain: Domain) -> None:
    assert await responses.generate("utter_nothing", tracker_with(domain), "web") is None


@pytest.mark.parametrize("tier", TIERS)
def test_the_form_rasa_utters(tier: Tier) -> None:
    reply = safety_replies().reply(tier, "UK")
    said = as_response(reply, "web")
    assert said["text"] == reply.text
    assert said["buttons"] == [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    assert {key: said[key] for key in METADATA} == reply.metadata()
