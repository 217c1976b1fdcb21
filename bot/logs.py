"""Logging that never holds what people typed: third-party records keep their place and error type, not their words."""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog

_OURS: Final = ("bot", "actions", "alembic", "sanic.root", "__main__")
_NOISY: Final = ("sanic.access", "apscheduler", "asyncio", "matplotlib", "urllib3", "rasa.shared.utils.io")


class PrivateFormatter(logging.Formatter):
    """Shows our own messages; of other libraries' only logger, place and kind of error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line for a record."""
        when = self.formatTime(record, "%H:%M:%S")
        head = f"{when} {record.levelname.lower():7} {record.name}"
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        if record.name.split(".", 1)[0] in _OURS or record.name in _OURS:
            return f"{head}: {record.getMessage()}{f' ({error})' if error else ''}"
        return f"{head}: {error or 'message withheld'} at {record.module}:{record.lineno}"


def configure_logging(level: int = logging.INFO) -> None:
    """Send all logging of this process through the private formatter; other libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in ("rasa", "sanic.error", "sanic.root"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    for name in (*_NOISY, "py.warnings"):
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _event_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _event_only(_logger: object, _method: str, event: structlog.types.EventDict) -> str:
    return str(event.get("event", ""))
