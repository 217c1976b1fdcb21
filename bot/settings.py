"""One typed object with every setting, read from the environment once."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
_KEY_CHARS = 32
_MAX_PORT = 65_535
_SECRET = frozenset({"secret_key", "telegram_bot_token"})
_BOT_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. The environment variable has the name in capitals."""

    host: str = "127.0.0.1"
    """Address the server listens on."""
    port: int = 5005
    """Port of the server."""
    database_url: str = f"sqlite:///{ROOT / 'var' / 'assistant.db'}"
    """Database of answers and conversations: sqlite:///file or postgresql://user:password@host/name."""
    redis_url: str = ""
    """Redis for locks and limits shared by several servers; empty keeps them in the process."""
    secret_key: str = ""
    """Key that signs session tokens, at least 32 characters; empty makes one and keeps it in var/."""
    site_country: str = ""
    """Country assumed until the person says another, such as UK or US; empty gives worldwide help lines."""
    action_endpoint_url: str = ""
    """Address of a separate action server; empty runs the actions in the same process."""
    turn_timeout_s: float = 8.0
    """Seconds after which a person gets a first reply even if the turn is still being worked on."""
    session_ttl_s: int = 30 * 24 * 3600
    """Seconds a web session lives."""
    message_max_chars: int = 4000
    """Longest message taken, in characters."""
    session_burst: int = 30
    """Messages a session may send at once before it has to wait."""
    session_per_minute: int = 40
    """Messages a minute a session may send after that."""
    address_burst: int = 60
    """Sessions one address may open at once (addresses of this machine are not limited)."""
    address_per_minute: int = 30
    """Sessions a minute one address may open after that."""
    trusted_proxies: int = 0
    """How many reverse proxies in front set X-Forwarded-For."""
    embed_origins: str = ""
    """Other sites that may embed the widget, separated by commas, such as https://clinic.example; * for any."""
    telegram_bot_token: str = ""
    """Token of the Telegram bot from @BotFather; empty leaves Telegram out."""
    telegram_webhook_url: str = ""
    """Public https address of this server for Telegram's webhook; empty asks Telegram for messages (long polling)."""
    telegram_api_url: str = "https://api.telegram.org"
    """Address of Telegram's Bot API; another one for a Bot API server of your own."""
    parse_api: bool = True
    """Serve POST /model/parse (understanding without answering) on this server."""


def _flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(value)


_READERS: Mapping[type, Callable[[str], object]] = {str: str, int: int, float: float, bool: _flag}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings for an environment.

    Raises:
        SettingsError: if a variable has a value that cannot be used.
    """
    values: dict[str, object] = {}
    for name, default in vars(Settings()).items():
        raw = environment.get(name.upper(), "").strip()
        if not raw:
            continue
        kind = type(default)
        try:
            value = _READERS[kind](raw)
        except ValueError as error:
            shown = "(hidden)" if name in _SECRET else repr(raw)
            raise SettingsError(
                f"{name.upper()} is {shown}, which is not a {kind.__name__}.", "Correct it or unset it."
            ) from error
        values[name] = value
    settings = Settings(**values)  # type: ignore[arg-type]  # readers give the types of the fields
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    if settings.secret_key and len(settings.secret_key) < _KEY_CHARS:
        raise SettingsError(
            f"SECRET_KEY has fewer than {_KEY_CHARS} characters.", "Set a longer random one or unset it."
        )
    if settings.site_country and not re.fullmatch("[A-Z]{2}", settings.site_country):
        raise SettingsError(
            f"SITE_COUNTRY is {settings.site_country!r}.", "Write two capital letters, such as UK or US."
        )
    if settings.telegram_bot_token and not _BOT_TOKEN.fullmatch(settings.telegram_bot_token):
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is not the token of a bot.", "Copy it from @BotFather: digits, a colon, letters."
        )
    if settings.telegram_webhook_url and not settings.telegram_webhook_url.startswith("https://"):
        raise SettingsError(
            f"TELEGRAM_WEBHOOK_URL is {settings.telegram_webhook_url!r}.", "Telegram needs an address with https://."
        )
    if not 0 <= settings.port <= _MAX_PORT:
        raise SettingsError(f"PORT is {settings.port}.", f"Choose one up to {_MAX_PORT}.")
    for name, value in vars(settings).items():
        if isinstance(value, (int, float)) and name not in {"port", "trusted_proxies", "parse_api"} and not value > 0:
            raise SettingsError(f"{name.upper()} is {value}.", "It must be more than 0.")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read at the first call."""
    return read_settings(os.environ)


def signing_key(configured: str, folder: Path = ROOT / "var") -> bytes:
    """Return the key that signs session tokens: the configured one, or one made once and kept in `folder`.

    Raises:
        SettingsError: if the key can be neither read nor written.
    """
    if configured:
        return configured.encode()
    file = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _write_once(file, secrets.token_hex(32))
        key = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"No SECRET_KEY is set and {file} cannot be used ({error.strerror}).",
            "Set SECRET_KEY to 32 random characters or more.",
        ) from error
    if len(key) < _KEY_CHARS:
        raise SettingsError(f"{file} does not hold a key.", "Delete it, and a new one is made; open sessions then end.")
    return key.encode()


def _write_once(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all; if another process was first, its file stays."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
        out.write(text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
