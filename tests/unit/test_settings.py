"""Settings come from the environment, typed, or with an error that says what to do."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import SettingsError
from bot.settings import Settings, read_settings, settings, signing_key

LONG = "k" * 32


@pytest.mark.parametrize("environment", [{}, {"PORT": ""}, {"PORT": "  "}, {"SOMETHING_ELSE": "1"}, {"port": "1"}])
def test_what_is_unset_or_empty_keeps_its_default(environment: dict[str, str]) -> None:
    assert read_settings(environment) == Settings()


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("PORT", "8080", 8080),
        ("PORT", " 8080 ", 8080),
        ("TURN_TIMEOUT_S", "2.5", 2.5),
        ("TURN_TIMEOUT_S", "3", 3.0),
        ("HOST", "0.0.0.0", "0.0.0.0"),  # noqa: S104  (never listened on)
        ("SITE_COUNTRY", "UK", "UK"),
        ("REDIS_URL", "redis://host:6379/1", "redis://host:6379/1"),
        ("SECRET_KEY", LONG, LONG),
        ("PARSE_API", "true", True),
        ("PARSE_API", "YES", True),
        ("PARSE_API", "1", True),
        ("PARSE_API", "off", False),
        ("PARSE_API", "False", False),
        ("PARSE_API", "0", False),
    ],
)
def test_a_variable_is_read_with_the_type_of_its_setting(name: str, raw: str, value: object) -> None:
    read = getattr(read_settings({name: raw}), name.lower())
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "raw", "kind"),
    [
        ("PORT", "many", "int"),
        ("PORT", "1.5", "int"),
        ("TURN_TIMEOUT_S", "soon", "float"),
        ("PARSE_API", "maybe", "bool"),
        ("SESSION_BURST", "10 a day", "int"),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error_with_name_value_and_kind(name: str, raw: str, kind: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: raw})
    assert name in caught.value.what
    assert repr(raw) in caught.value.what
    assert kind in caught.value.what
    assert caught.value.do


def test_a_short_secret_key_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"SECRET_KEY": "k" * 31})
    assert "k" * 31 not in str(caught.value)
    assert "32" in str(caught.value)


def test_a_configured_key_is_used_as_it_is_and_nothing_is_written(tmp_path: Path) -> None:
    assert signing_key(LONG, tmp_path) == LONG.encode()
    assert list(tmp_path.iterdir()) == []


def test_without_a_key_one_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    first = signing_key("", folder)
    assert len(first) >= 32
    assert signing_key("", folder) == first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert signing_key("", tmp_path / "other") != first


def test_a_folder_that_cannot_be_used_is_an_error_that_says_what_to_set(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        signing_key("", blocked)


TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"TELEGRAM_BOT_TOKEN": "the-token"}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN + " x"}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": "123456:short"}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "http://assistant.example"}, "TELEGRAM_WEBHOOK_URL"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "assistant.example"}, "TELEGRAM_WEBHOOK_URL"),
    ],
)
def test_telegram_settings_that_cannot_work_are_refused_and_the_token_is_not_shown(
    environment: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named) as caught:
        read_settings(environment)
    assert environment["TELEGRAM_BOT_TOKEN"] not in str(caught.value)


def test_telegram_without_a_token_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    settings.cache_clear()
    assert main(["telegram"]) == 1
    assert "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather: docs/telegram.md." in capsys.readouterr().err
    settings.cache_clear()
