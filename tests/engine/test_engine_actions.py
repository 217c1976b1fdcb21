"""Actions in the same process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.engine.actions import InProcessActions
from bot.errors import ModelError
from bot.settings import ROOT


@pytest.fixture(scope="module")
def actions() -> InProcessActions:
    return InProcessActions()


def call(name: str, **more: Any) -> dict[str, Any]:
    tracker = {"sender_id": "me", "slots": {}, "latest_message": {"text": "hi"}, "events": [], "active_loop": {}}
    return {"next_action": name, "sender_id": "me", "tracker": {**tracker, **more}, "domain": {}}


async def run(actions: InProcessActions, name: str) -> Any:
    return await actions.request(json=call(name), method="post", compress=False)


def register(function: Callable[..., Any]) -> InProcessActions:
    actions = InProcessActions()
    actions._executor.register_function(function.__name__, function)
    return actions


def test_every_action_of_the_domain_is_found(actions: InProcessActions) -> None:
    wanted = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["actions"])
    assert wanted - actions.names() == set()


def test_no_action_is_there_that_the_domain_lacks(actions: InProcessActions) -> None:
    domain = Domain.load(str(ROOT / "domain.yml"))
    assert actions.names() - set(domain.user_actions) - set(domain.form_names) == set()


def test_rasa_takes_it_for_the_address_of_a_server(actions: InProcessActions) -> None:
    assert actions.url == "in-process"


@pytest.mark.asyncio
async def test_an_action_answers_as_a_server_does(actions: InProcessActions) -> None:
    answer = await run(actions, "action_ask_weight_kg")
    assert set(answer) == {"events", "responses"}
    assert answer["events"] == []
    [response] = answer["responses"]
    assert response["response"] == "utter_reply"
    assert "weight" in response["text"]


@pytest.mark.asyncio
async def test_what_an_action_said_does_not_change_later() -> None:
    kept: list[dict[str, Any]] = [{"event": "slot", "name": "a", "value": [1], "timestamp": None}]

    async def remembers(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        return kept

    answer = await run(register(remembers), "remembers")
    kept[0]["value"].append(2)
    assert answer["events"][0]["value"] == [1]


@pytest.mark.asyncio
async def test_an_unknown_action_is_a_clear_error(actions: InProcessActions) -> None:
    with pytest.raises(ModelError, match=r"'action_nothing', which does not exist.*make train"):
        await run(actions, "action_nothing")


@pytest.mark.asyncio
async def test_a_rejection_is_status_400_in_the_form_rasa_reads() -> None:
    async def refuses(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        raise ActionExecutionRejection("refuses")

    with pytest.raises(ClientResponseError) as caught:
        await run(register(refuses), "refuses")
    assert caught.value.status == 400
    assert json.loads(caught.value.text)["action_name"] == "refuses"


@pytest.mark.asyncio
async def test_other_errors_of_an_action_are_passed_on() -> None:
    async def breaks(dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        raise KeyError("broken")

    with pytest.raises(KeyError):
        await run(register(breaks), "breaks")
