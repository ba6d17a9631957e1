"""What does every browser test start from? The demo on free ports, and a page in Debian's Chromium."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.demo.server import Demo
from tests.conftest import skip_or_fail

AFTERNOON = datetime(2026, 11, 22, 16, 40, tzinfo=ZoneInfo("Europe/Rome"))
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the operating system's Chromium once; skip, or fail in CI, where it is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        skip_or_fail("no Chromium here (apt install chromium)", "REQUIRE_BROWSER")
        return
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("no playwright here (./run setup e2e)", "REQUIRE_BROWSER")
        return
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def demo() -> Iterator[Demo]:
    """Start the demo of an afternoon in November."""
    with Demo(start=AFTERNOON) as started:
        yield started
        assert not started.exchange.violations
        assert not started.exchange.troubles


@pytest.fixture
def open_page(browser: Any, demo: Demo) -> Iterator[Callable[..., Any]]:
    """Open the demo's page at a size; at the end nothing may have been complained of in its console."""
    complaints: list[str] = []
    contexts = []

    def opened(width: int = 1280, height: int = 800, scheme: str = "light") -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(demo.address)
        page.wait_for_selector("#phone-carla")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
