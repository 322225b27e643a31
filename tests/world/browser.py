"""A headless Chromium for tests that look at pages as people do. Skips, saying so, where none is installed."""

import functools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).resolve().parents[1] / "pictures"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium_path() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run."""
    path = chromium_path()
    if path is None:
        pytest.skip("No Chromium is installed (Debian: apt-get install chromium).")
    from playwright.sync_api import Locator, sync_playwright

    pressed = Locator.click

    def click_and_arrive(self: Any, **how: Any) -> None:
        """A click returns when the next page has begun; what a test then reads or prints must be the whole of it."""
        pressed(self, **how)
        self.page.wait_for_load_state("load")

    Locator.click = click_and_arrive
    # Playwright runs an event loop in this thread; the tests' own database calls beside it are safe
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
    Locator.click = pressed
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_browser(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """A page of its own width (and with scripts off, if wanted); the test fails on any error in the console."""
    contexts, troubles = [], []

    def opened(*, width: int = 1440, height: int = 900, scripts: bool = True, language: str = "en-GB") -> Any:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale=language,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    expected = ("the server responded with a status of 4", "the server responded with a status of 5")
    assert [words for words in troubles if not any(known in words for known in expected)] == []


@pytest.fixture
def browser_page(open_browser: Callable[..., Any]) -> Any:
    """A desktop page."""
    return open_browser()


def sign_in(page: Any, live_server: Any, client: Any) -> None:
    """Carry the session of a signed-in test client (`client_as`) into the browser."""
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


@functools.cache
def _axe_source() -> str:
    if not AXE.exists():
        from ambit.design import assets

        assets.fetch(development=True)
    return AXE.read_text()


def axe(page: Any) -> list[str]:
    """What axe finds on the page, one line each with the element; empty is what every page must give."""
    page.evaluate(_axe_source())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", AXE_RULES)[
        "violations"
    ]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def look(page: Any, name: str) -> Path:
    """Keep a picture of the whole page in tests/pictures, for people to look at."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def on_paper(page: Any, path: Path) -> tuple[int, str]:
    """Print the page to `path`: how many sides of A4 Chromium makes of it, and the words on them."""
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    words = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in told
    sides = int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages:")))
    return sides, " ".join(words.split())


def sideways(page: Any) -> int:
    """How many pixels the page can be scrolled sideways; 0 is what every page must give."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
