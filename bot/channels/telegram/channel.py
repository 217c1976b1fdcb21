"""Rasa input channel for Telegram: starts and stops with the server, which serves the web whether Telegram is there or not."""

from __future__ import annotations

import hmac
from typing import Final

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels.conversation import Handler
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.calling import call_page
from bot.settings import Settings, settings

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the name of a header)
"""Where Telegram puts the secret of the webhook. Source: https://core.telegram.org/bots/api#setwebhook"""


class TelegramInput(InputChannel):
    """Rasa input channel for Telegram; without TELEGRAM_BOT_TOKEN it has no routes and does nothing.

    Args:
        configuration: the settings; those of this process by default.
    """

    def __init__(self, configuration: Settings | None = None) -> None:
        self._settings = configuration or settings()

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which is also its place below /webhooks."""
        return CHANNEL

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Return the webhook; the connection to Telegram starts and stops with the server."""
        routes = Blueprint("telegram_channel")
        if self._settings.telegram_bot_token:
            self._add(routes, on_new_message)
        return routes

    def _add(self, routes: Blueprint, handler: Handler) -> None:
        # Its library takes its time to load: only who has a bot waits for it.
        from bot.channels.telegram.service import TelegramService  # noqa: PLC0415

        services: list[TelegramService] = []

        @routes.listener("after_server_start")
        async def start(_app: Sanic, _loop: object) -> None:
            services.append(TelegramService(self._settings, handler))
            services[0].start()

        @routes.listener("before_server_stop")
        async def stop(_app: Sanic, _loop: object) -> None:
            for service in services:
                await service.stop()

        @routes.get("/call/<number>")
        async def call(_request: Request, number: str) -> HTTPResponse:
            return call_page(number)

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            (service,) = services
            given = request.headers.get(_SECRET_HEADER) or ""
            if not hmac.compare_digest(given.encode("utf-8", "replace"), service.secret.encode()):
                return empty(status=403)
            try:
                body = request.json
            except InvalidUsage:
                return empty(status=400)
            if not isinstance(body, dict) or not isinstance(body.get("update_id"), int):
                return empty(status=400)
            return empty(status=200 if service.accept(body) else 503)
