"""A deputy with a phone opens a project, asks about it, and finds the suggestion among the own drafts
with the figures of that day.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from qingyuan.runtime.page_server import served
from tests.api.budget.test_projects import SAID, everything
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
)
from tests.api.conftest import entered as entered_over_http
from tests.browser.conftest import PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of the pages; empty: none are taken."""
PROJECT = "通吕运河泵站改造"
QUESTION = "支出进度比去年同期慢，请说明原因。"


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """Where the pages answer, with the payments and budget of a project."""
    port = free_port()
    with served(centre.services, "127.0.0.1", port):
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=60) as client:
            everything(entered_over_http(client, "lianluo"))
        yield url


def checked(page: Page, name: str) -> None:
    """It fits, has no barrier, and may be looked at later."""
    assert_fits_and_has_no_barrier(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_a_deputy_asks_about_a_project_on_a_phone_and_finds_the_draft(
    browser: Browser, address: str
) -> None:
    """Nothing has to be typed again: figures, their day and where they are from are in the text."""
    page = entered(browser, address, "daibiao", PASSWORDS["daibiao"], PHONE, path="/budget/")
    checked(page, "deputy-totals")
    page.locator("a[href$='/budget/projects']:visible").click()
    checked(page, "deputy-projects")
    page.get_by_role("link", name=re.compile(PROJECT)).click()
    expect(page.locator("main")).to_contain_text(SAID)
    checked(page, "deputy-project")
    page.get_by_role("link", name="就此提问").click()
    body = page.get_by_label("正文")
    expect(body).to_have_value(re.compile(re.escape(SAID)))
    checked(page, "deputy-form")
    body.fill(f"{body.input_value()}\n{QUESTION}")
    page.locator("[name=openness][value=public]").check()
    page.locator("#writing button[type=submit]").click()
    page.wait_for_url(re.compile(r"/duty/suggestions/\d+"))
    draft = page.url
    expect(page.locator("#text")).to_contain_text(QUESTION)
    checked(page, "deputy-draft")
    page.goto(f"{address}/")
    page.get_by_role("link", name="代表履职").first.click()
    page.locator("a[href$='/duty/suggestions']:visible").first.click()
    checked(page, "deputy-suggestions")
    page.get_by_role("link", name=re.compile(PROJECT)).first.click()
    assert page.url == draft
    page.locator("#text a", has_text=PROJECT).click()
    expect(page.locator("main")).to_contain_text(SAID)
