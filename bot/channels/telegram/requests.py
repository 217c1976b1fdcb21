"""Requests to the Bot API whose odd answers are errors that are tried again, instead of ends or endless circles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.updates import readable


class Request(HTTPXRequest):
    """A request; what is no answer of the Bot API (that of a proxy, say) is an error."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return an answer of the Bot API.

        Raises:
            TelegramError: if it is none.
        """
        answer: Any = HTTPXRequest.parse_json_payload(payload)
        if not isinstance(answer, dict) or ("result" not in answer and answer.get("ok") is not False):
            raise TelegramError("Not an answer of the Bot API")
        return answer


class UpdatesRequest(Request):
    """The request that asks for updates. Those that the library cannot read are mended: as they are, they would come for ever."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return an answer with readable updates only.

        Raises:
            TelegramError: if it is none.
        """
        answer = Request.parse_json_payload(payload)
        if isinstance(found := answer.get("result"), list):
            answer["result"] = [readable(update) for update in found]
        return answer

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Return status and body. A refusal of the token, which was good before, counts as a failure that passes."""
        status, body = await super().do_request(*arguments, **options)
        return (HTTPStatus.BAD_GATEWAY if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND} else status), body
