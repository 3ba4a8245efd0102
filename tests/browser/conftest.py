"""A running demonstration for browsers, and what is asked of every page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.conftest import free_port, need

ROOT = Path(__file__).parents[2]
PHONE = ViewportSize(width=390, height=844)
TABLET = ViewportSize(width=820, height=1180)
DESK = ViewportSize(width=1280, height=900)
expect.set_options(timeout=20_000)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the demonstration."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def centre(data: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A running demonstration of the environment: its address and passwords."""
    port = str(free_port())
    command = [sys.executable, "-m", "qingyuan", "demo", "--data", str(data), "--port", port]
    command.append("--environment-only")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            yield address, json.loads((data / "demo-passwords.json").read_text())
            running.terminate()
            running.communicate(timeout=60)
        finally:
            running.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def entered(
    browser: Browser,
    address: str,
    username: str,
    password: str,
    screen: ViewportSize = PHONE,
    language: str = "zh-CN",
    path: str = "/environment/",
) -> Page:
    """A screen whose browser asks for a language, signed in, on a page."""
    # The policy of the pages forbids foreign scripts; the inspector's is one.
    page = browser.new_context(viewport=screen, bypass_csp=True, locale=language).new_page()
    page.goto(address.rstrip("/") + path)
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("button[type=submit]")
    return page


def assert_fits_and_has_no_barrier(page: Page) -> None:
    """Nothing wider than the screen, and nothing serious found by axe-core."""
    page.wait_for_load_state("load")
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then(r => r.violations)")
    serious = [
        (v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
