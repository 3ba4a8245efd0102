"""A session that ends elsewhere takes the open pages with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from api import live
from api.accounts.sign_in import sign_out
from qingyuan.runtime.page_server import served
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
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

ALERTS = "/environment/alerts"


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: F811
    """Where the pages answer, with beats that a test need not wait for."""
    monkeypatch.setattr(live, "BEAT_S", 0.2)
    port = free_port()
    with served(centre.services, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


def listening(browser: Browser, address: str, screen: ViewportSize) -> tuple[Page, str]:
    """A deputy's page with an open stream, and the session's token."""
    page = entered(browser, address, "daibiao", PASSWORDS["daibiao"], screen)
    with page.expect_response(lambda answer: "/api/v1/live" in answer.url):
        page.goto(address + ALERTS)
    tokens = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return page, tokens["qingyuan_session"]


def expect_signed_out(page: Page) -> None:
    """The sign-in page, which says why and leads back."""
    expect(page).to_have_url(re.compile(r"/sign-in\?"))
    expect(page.locator("body")).to_contain_text("登录已过期")
    expect(page.locator("[name=to]")).to_have_value(ALERTS)
    assert_fits_and_has_no_barrier(page)


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_given_an_open_page_when_its_session_is_ended_here_then_it_shows_the_sign_in_page(
    browser: Browser, address: str, screen: ViewportSize
) -> None:
    """Not at the next click: whoever looks at the screen sees nothing more of ours."""
    page, token = listening(browser, address, screen)
    with httpx.Client(base_url=address, cookies={"qingyuan_session": token}) as elsewhere:
        assert elsewhere.delete("/api/v1/session").status_code == 204
    expect_signed_out(page)
    page.context.close()


def test_given_an_open_page_when_another_process_ends_its_session_then_the_next_beat_leads_away(
    browser: Browser,
    address: str,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """Nothing told this process; the stream asks."""
    page, token = listening(browser, address, PHONE)
    sign_out(centre.services.state, token)
    expect_signed_out(page)
    page.context.close()
