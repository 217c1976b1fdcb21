"""The demo page and the widget: strict headers, nothing inline, and the help lines of the content in the script."""

from __future__ import annotations

import re
import socket
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.content.load import load_helplines
from bot.engine.server import PAGE, WIDGET, add_page

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a server that serves the page."""
    for target, name in TouchUp._registry:  # as in conftest.py
        monkeypatch.setattr(target, name, getattr(target, name))
    app = Sanic(f"page_{uuid.uuid4().hex}", configure_logging=False)
    add_page(app)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=base_url, trust_env=False) as client:
        yield client
    await server.close()


@pytest.mark.parametrize("path", ["/", "/index.html", "/demo.css", "/demo.js"])
async def test_the_page_has_a_strict_policy(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "set-cookie" not in response.headers


async def test_the_widget_may_be_loaded_by_any_site_and_kept_for_when_the_server_is_away(
    client: httpx.AsyncClient,
) -> None:
    headers = (await client.get("/widget.js")).headers
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "stale-while-revalidate" in headers["cache-control"]


async def test_the_page_has_no_script_or_style_of_its_own() -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=\"/)", page)
    assert set(re.findall(r'(?:src|href)="(https?://[^"]+)"', page)) == {"https://findahelpline.com"}


async def test_the_widget_carries_every_verified_help_line_as_the_assistant_words_it() -> None:
    script = WIDGET.read_text(encoding="utf-8")
    for country in load_helplines().values():
        assert f'"{country.emergency}"' in script, country.code
        for line in (*country.crisis, *country.medical_advice, *country.poison):
            assert (line.sentence() in script) == line.verified, f"{country.code}: {line.name}; run `make widget`"


async def test_the_numbers_shown_without_the_script_are_those_of_the_content() -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    lines = load_helplines()
    known = {
        lines["US"].emergency,
        lines["UK"].emergency,
        "112",
        lines["US"].crisis[0].phone,
        lines["UK"].crisis[0].phone,
    }
    assert set(re.findall(r'href="tel:\d+">([\d ]+)<', page)) == known
    assert "112 on most mobile phones" in lines["worldwide"].emergency
