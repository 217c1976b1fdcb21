"""Draw conversations on Telegram from the assistant's real replies: python -m tests.channels.telegram.pictures docs/images.

Needs a trained model and Chromium. The frame is our own; words, links and buttons are what Telegram is sent.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path
from typing import Final

from rasa.core.agent import load_agent

from bot.channels.telegram.service import TelegramService
from bot.engine.server import endpoints_for, latest_model
from bot.logs import configure_logging
from bot.settings import settings
from tests.channels.telegram.bot_api import TOKEN, Shown, running_bot_api
from tests.channels.telegram.conftest import Person

CONVERSATIONS: Final = {
    "start": ["/start"],
    "answer": ["woke up with blood on my pillow, is it the capsules drying my nose out?"],
    "danger": ["i cant do this anymore, i dont want to wake up tomorrow"],
}
CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_WIDTH: Final = 420
_STYLE: Final = """
* { box-sizing: border-box }
body { margin: 0; background: #cfdfe8; font: 15px/1.4 system-ui, "DejaVu Sans", sans-serif; color: #14222b }
header { background: #fff; padding: 12px 16px; font-weight: 600; border-bottom: 1px solid #b9ccd6 }
header small { display: block; font-weight: 400; color: #55707f }
main { padding: 14px 12px 18px; display: grid; gap: 8px }
.said, .shown { max-width: 92%; padding: 8px 12px; border-radius: 14px; white-space: pre-wrap; overflow-wrap: anywhere }
.said { justify-self: end; background: #e2f6d3; border-bottom-right-radius: 4px }
.shown { background: #fff; border-bottom-left-radius: 4px }
.rows { width: 92%; display: grid; gap: 4px }
.row { display: flex; gap: 4px }
.row span { flex: 1; text-align: center; padding: 8px 6px; border-radius: 9px; background: #5f7f90; color: #fff }
a { color: #1665a3; text-decoration: none }
i { color: #405764 }
"""


def page(said: list[str], shown: list[Shown]) -> str:
    """Return a conversation as an HTML page."""
    parts = []
    for words, message in zip(said, shown, strict=True):
        buttons = [["<span>" + escape(button["text"]) + "</span>" for button in row] for row in message.rows]
        rows = "".join(f'<div class="row">{"".join(row)}</div>' for row in buttons)
        parts.append(f'<div class="said">{escape(words)}</div><div class="shown">{message.html}</div>')
        parts.append(f'<div class="rows">{rows}</div>')
    return (
        f'<!doctype html><meta charset="utf-8"><style>{_STYLE}</style><header>Isotretinoin assistant<small>bot</small>'
        f"</header><main>{''.join(parts)}</main>"
    )


def draw(html: str, file: Path) -> None:
    """Write a picture of a page, as high as the page is."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        common = [CHROMIUM, "--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=2"]
        measure = html + "<script>document.title = document.documentElement.scrollHeight + 200 - innerHeight</script>"
        source.write_text(measure, encoding="utf-8")
        dumped = subprocess.run(
            [*common, f"--window-size={_WIDTH},200", "--dump-dom", source.as_uri()],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        height = int(dumped.split("<title>")[1].split("</title>")[0])
        size = f"--window-size={_WIDTH},{height}"
        subprocess.run([*common, size, f"--screenshot={file}", source.as_uri()], capture_output=True, check=True)


async def drawn(folder: Path) -> None:
    """Hold the conversations and draw each into a folder."""
    configuration = settings()
    agent = await load_agent(model_path=latest_model(), endpoints=endpoints_for(configuration))
    for name, said in CONVERSATIONS.items():
        async with running_bot_api() as api:
            os.environ.update(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=api.url)
            settings.cache_clear()
            service = TelegramService(settings(), agent.handle_message)
            service.start()
            person = Person(api, person_id=time.time_ns())  # nobody whom the database knows
            for count, words in enumerate(said, start=1):
                await person.say(words)
                await api.shows(count)
            draw(page(said, api.shown), folder / f"telegram-{name}.png")
            await service.stop()


if __name__ == "__main__":
    os.environ.setdefault("SITE_COUNTRY", "UK")
    os.environ.setdefault("DATABASE_URL", "sqlite:///var/pictures.db")
    configure_logging()
    asyncio.run(drawn(Path(sys.argv[1])))
