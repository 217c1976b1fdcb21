"""Nothing that a person typed reaches a log."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure_logging
from bot.safety import screen as screen_module

TYPED = "zebra-marmalade-7741 I feel awful"
THIRD_PARTY = [
    "rasa",
    "rasa.core.processor",
    "rasa.shared.utils.io",
    "rasa_sdk.executor",
    "sanic.error",
    "sqlalchemy.engine",
    "asyncio",
    "botanic",
    "actionsplus.x",
    "someone.bot",
]


@contextlib.contextmanager
def private_logs() -> Iterator[io.StringIO]:
    """Configure logging as the server does, hand over what it writes to stderr, and put everything back."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    before = {
        name: (logger.level, logger.handlers, logger.propagate)
        for name, logger in logging.Logger.manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    try:
        with contextlib.redirect_stderr(io.StringIO()) as written:
            configure_logging()
            yield written
    finally:
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
        root.handlers = handlers
        root.setLevel(level)
        for name, logger in logging.Logger.manager.loggerDict.items():
            if isinstance(logger, logging.Logger):
                old_level, logger.handlers, logger.propagate = before.get(name, (logging.NOTSET, [], True))
                logger.setLevel(old_level)


@pytest.mark.parametrize("name", THIRD_PARTY)
def test_a_message_that_another_library_formatted_itself_is_withheld(name: str) -> None:
    with private_logs() as log:
        logging.getLogger(name).critical(f"Received message '{TYPED}'")
    shown = log.getvalue()
    assert TYPED not in shown
    assert f"critical {name}: message withheld at test_logs:" in shown


@pytest.mark.parametrize("name", THIRD_PARTY)
def test_arguments_of_another_librarys_message_are_withheld(name: str) -> None:
    with private_logs() as log:
        logging.getLogger(name).critical("Received %s", TYPED)
    assert TYPED not in log.getvalue()


@pytest.mark.parametrize(
    ("name", "shows"), [("rasa.core.processor", "KeyError at test_logs:"), ("bot.turn", "Failed. (KeyError)")]
)
def test_of_an_error_only_its_kind_is_shown(name: str, shows: str) -> None:
    with private_logs() as log:
        try:
            _ = {}[TYPED]
        except KeyError:
            logging.getLogger(name).exception("Failed.")
    shown = log.getvalue()
    assert TYPED not in shown
    assert "Traceback" not in shown
    assert shows in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["bot", "bot.channels.web", "actions.turn", "alembic.runtime", "sanic.root", "__main__"]
)
def test_our_own_messages_are_shown_with_their_values(name: str) -> None:
    with private_logs() as log:
        logging.getLogger(name).info("Listening on port %d.", 5005)
    assert f"info    {name}: Listening on port 5005.\n" in log.getvalue()


def test_other_libraries_are_silent_below_warning() -> None:
    with private_logs() as log:
        for level in (logging.DEBUG, logging.INFO):
            logging.getLogger("rasa.core.agent").log(level, TYPED)
            logging.getLogger("httpx").log(level, TYPED)
        logging.getLogger("rasa.core.agent").warning("loud")
    assert log.getvalue().count("\n") == 1


def test_words_in_structured_logs_are_withheld() -> None:
    with private_logs() as log:
        structlog.get_logger("rasa.core.processor").error(f"processor.message {TYPED}", text=TYPED)
        structlog.get_logger("rasa.core.processor").debug("processor.message", text=TYPED)
    shown = log.getvalue()
    assert TYPED not in shown
    assert "error   rasa.core.processor: message withheld" in shown


def test_of_our_own_structured_events_only_the_name_is_shown() -> None:
    with private_logs() as log:
        structlog.get_logger("bot.turn").error("turn.failed", text=TYPED)
    assert log.getvalue().endswith("error   bot.turn: turn.failed\n")


def test_words_in_warnings_are_withheld() -> None:
    with private_logs() as log:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn(f"cannot parse {TYPED}", stacklevel=1)
            logging.captureWarnings(capture=False)
        logging.getLogger("py.warnings").error(f"cannot parse {TYPED}")
    shown = log.getvalue()
    assert TYPED not in shown
    assert "py.warnings: message withheld" in shown


def test_loggers_with_handlers_of_their_own_lose_them() -> None:
    with private_logs() as log:
        for name in ("rasa", "sanic.error", "sanic.root"):
            logging.getLogger(name).addHandler(logging.StreamHandler())
        configure_logging()
        for name in ("rasa", "sanic.error"):
            logging.getLogger(name).error(f"cannot answer {TYPED}")
    shown = log.getvalue()
    assert TYPED not in shown
    assert shown.count("message withheld") == 2


def test_the_words_of_a_message_that_breaks_the_screen_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with private_logs() as log:

        def broken(text: str) -> list[list[str]]:
            raise ValueError(text)

        monkeypatch.setattr(screen_module, "readings", broken)
        screen_module.screen(TYPED)
    shown = log.getvalue()
    assert TYPED not in shown
    assert "bot.safety.screen: The safety screen failed" in shown
    assert "(ValueError)" in shown
