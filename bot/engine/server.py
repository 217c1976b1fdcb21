"""The server: Rasa with our channels, store and in-process actions."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import rasa.core.channels.channel
import rasa.core.run
from rasa.core.utils import AvailableEndpoints
from rasa.model import get_latest_model
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, file, json

from bot.channels.engine_thread import in_engine
from bot.channels.problems import Problem, bad_request
from bot.channels.telegram.channel import TelegramInput
from bot.channels.web import WebInput
from bot.engine.actions import InProcessActions
from bot.errors import ModelError
from bot.settings import ROOT, Settings

logger = logging.getLogger(__name__)

MODELS: Final = ROOT / "models"
PAGE: Final = ROOT / "bot" / "channels" / "page"
WIDGET: Final = PAGE / "widget.js"
_MAX_BODY: Final = 64 * 1024
_REQUEST_TIMEOUT_S: Final = 15
_KEEP_ALIVE_S: Final = 15
_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; trusted-types 'none'; require-trusted-types-for 'script'"
)
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_WIDGET_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # A browser that has the script keeps using it for a week while this server is away: the help lines are in it.
    "Cache-Control": "public, max-age=300, stale-while-revalidate=604800",
}
"""The widget is embedded in other sites; what it may send here from there is up to EMBED_ORIGINS."""


def latest_model(folder: Path = MODELS) -> str:
    """Return the path of the newest trained model.

    Raises:
        ModelError: if there is none.
    """
    found = get_latest_model(str(folder)) if folder.exists() else None
    if not found:
        raise ModelError(f"There is no trained model in {folder}.", "Run `make train`.")
    return str(found)


def endpoints_for(configuration: Settings) -> AvailableEndpoints:
    """Return Rasa's wiring: that of endpoints.yml, with actions in this process and Redis locks if set."""
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    if configuration.action_endpoint_url:
        endpoints.action = EndpointConfig(url=configuration.action_endpoint_url)
    else:
        endpoints.action = InProcessActions()
    if configuration.redis_url:
        endpoints.lock_store = _redis_lock_store(configuration.redis_url)
    return endpoints


def make_app(configuration: Settings, model: str, name: str = "isotretinoin_assistant") -> Sanic:
    """Return the server: web channel, page, health and understanding; the model is loaded when it starts."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _MAX_BODY
    app.config.REQUEST_TIMEOUT = _REQUEST_TIMEOUT_S
    app.config.KEEP_ALIVE_TIMEOUT = _KEEP_ALIVE_S
    app.config.RESPONSE_TIMEOUT = int(configuration.turn_timeout_s * 4)
    rasa.core.channels.channel.register(
        [WebInput(configuration), TelegramInput(configuration)], app, route="/webhooks/"
    )
    load = partial(rasa.core.run.load_agent_on_start, model, endpoints_for(configuration), None)
    app.register_listener(load, "before_server_start")
    app.register_listener(_warm_up, "before_server_start")
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    app.error_handler.add(SanicException, _as_problem)
    add_page(app)
    _add_health(app)
    if configuration.parse_api:
        _add_parse(app)
    return app


def serve(configuration: Settings) -> None:
    """Serve until stopped. Without a trained model, people still get help lines and an honest sentence."""
    try:
        model = latest_model()
    except ModelError as error:
        logger.error("%s Until then people get help lines and an honest sentence.", error)  # noqa: TRY400
        model = ""
    app = make_app(configuration, model)
    app.register_listener(partial(_announce, configuration), "after_server_start")
    app.run(host=configuration.host, port=configuration.port, access_log=False, motd=False)


def _redis_lock_store(url: str) -> EndpointConfig:
    parts = urlsplit(url)
    return EndpointConfig(
        url=parts.hostname or "localhost",
        type="redis",
        port=parts.port or 6379,
        db=int(parts.path.strip("/") or 0),
        password=parts.password,
        use_ssl=parts.scheme == "rediss",
        key_prefix="assistant",
        socket_timeout=2,
    )


def add_page(app: Sanic) -> None:
    """Serve the demo page and the widget."""
    types = {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
    }

    def add(path: str, source: Path) -> None:
        async def page(_request: Request) -> HTTPResponse:
            headers = _WIDGET_HEADERS if source == WIDGET else _PAGE_HEADERS
            return await file(source, mime_type=types[source.suffix], headers=dict(headers))

        app.add_route(page, path, name=f"page_{source.stem}_{source.suffix[1:]}")

    add("/", PAGE / "index.html")
    for source in sorted(PAGE.iterdir()):
        if source.suffix in types:
            add(f"/{source.name}", source)


def _add_health(app: Sanic) -> None:
    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        agent = getattr(app.ctx, "agent", None)
        ready = agent is not None and agent.is_ready()
        return json({"ready": ready}, status=200 if ready else 503)


def _add_parse(app: Sanic) -> None:
    @app.post("/model/parse")
    async def parse(request: Request) -> HTTPResponse:
        body: Any = request.json
        if not isinstance(body, dict) or not isinstance(body.get("text"), str):
            return bad_request("Send a JSON object with `text`.").response()
        return json(await in_engine(app.ctx.agent.parse_message(body["text"])))


def _as_problem(_request: Request, error: SanicException) -> HTTPResponse:
    status = getattr(error, "status_code", None) or 500
    return Problem(status, type(error).__name__, str(error) if status < 500 else "The server failed.").response()


async def _warm_up(app: Sanic, _loop: object) -> None:
    """Understand one message, so that the first person does not wait for what is loaded at first use.

    If that fails the server still starts: it answers with help lines and an honest sentence, and /health says it is not ready.
    """
    try:
        await asyncio.wait_for(in_engine(app.ctx.agent.parse_message("hello")), app.config.RESPONSE_TIMEOUT)
    except Exception as error:  # noqa: BLE001  (whatever is wrong with the model, people must be heard)
        logger.error(  # noqa: TRY400  (Rasa has logged the trace)
            "The model cannot be used (%s): until `make train` and a restart, people get help lines and an honest sentence.",
            type(error).__name__,
        )


async def _announce(configuration: Settings, _app: Sanic, _loop: object) -> None:
    logger.info("Ready. Open http://localhost:%s in a browser.", configuration.port)
