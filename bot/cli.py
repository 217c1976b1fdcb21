"""The commands: run, telegram, shell, train, content, check-content, topics."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence

from bot.errors import BotError, SettingsError
from bot.settings import ROOT, settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; an error that the operator can mend is printed in one line."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="The isotretinoin assistant.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="serve the web page and the web channel")
    commands.add_parser("telegram", help="the same, and answer on Telegram; needs TELEGRAM_BOT_TOKEN")
    commands.add_parser("shell", help="talk in the terminal")
    commands.add_parser("train", help="train the model into models/assistant.tar.gz")
    commands.add_parser("content", help="set up the database and load the answers of content/")
    commands.add_parser("check-content", help="check every file of content/")
    topics = commands.add_parser("topics", help="ask one real question per topic and print the replies' first words")
    topics.add_argument(
        "--questions", default="tests/data/one_question_per_topic.tsv", help="topic<TAB>question per line"
    )
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore", DeprecationWarning)
    try:
        return _COMMANDS[chosen.command](chosen)
    except BotError as error:
        print(error, file=sys.stderr)
        return 1


def _run(_chosen: argparse.Namespace) -> int:
    from bot.logs import configure_logging

    configure_logging()  # first, so that it holds for what the imports below say
    from bot.engine.server import serve

    serve(settings())
    return 0


def _telegram(chosen: argparse.Namespace) -> int:
    if not settings().telegram_bot_token:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set.", "Get a token from @BotFather: docs/telegram.md.")
    return _run(chosen)


def _shell(_chosen: argparse.Namespace) -> int:
    from bot.logs import configure_logging

    configure_logging()  # first, so that it holds for what the imports below say
    from bot.engine.shell import shell

    shell(settings())
    return 0


def _train(_chosen: argparse.Namespace) -> int:
    from bot.logs import configure_logging

    configure_logging()
    os.environ["LOG_LEVEL"] = "WARNING"  # no progress bars
    from rasa.model_training import train

    os.chdir(ROOT)
    result = train("domain.yml", "config.yml", ["data"], output="models", fixed_model_name="assistant")
    print(f"The model is in {result.model}." if result.model else "Nothing to train: the model is up to date.")
    return result.code


def _content(_chosen: argparse.Namespace) -> int:
    from bot.content.load import load_answers, load_helplines, load_safety_texts, load_small_talk
    from bot.storage.answers import load_into
    from bot.storage.engine import engine_for
    from bot.storage.migrate import upgrade

    answers = load_answers()
    load_safety_texts(), load_helplines(), load_small_talk()
    engine = engine_for(settings().database_url)
    upgrade(engine)
    changes = load_into(engine, answers)
    print(
        f"Answers in the database: {len(answers)} ({changes.added} added, {changes.updated} updated, "
        f"{changes.removed} removed, {changes.unchanged} unchanged)."
    )
    return 0


def _check_content(_chosen: argparse.Namespace) -> int:
    from bot.content.check import check_content

    faults = check_content()
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults in content/." if faults else "content/ is in order.")
    return 1 if faults else 0


def _topics(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
    from bot.logs import configure_logging

    configure_logging()
    from bot.engine.tour import tour

    for line in tour(chosen.questions):
        print(line)
    return 0


_COMMANDS = {
    "run": _run,
    "telegram": _telegram,
    "shell": _shell,
    "train": _train,
    "content": _content,
    "check-content": _check_content,
    "topics": _topics,
}
