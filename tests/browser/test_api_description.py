"""The description of the API, as people read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
)
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier, entered
from tests.browser.test_stale_page import Pages, libraries, pages  # noqa: F401


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_description_fits_and_has_no_serious_barrier(
    browser: Browser,
    pages: Pages,  # noqa: F811
    screen: ViewportSize,
) -> None:
    """Given calls of several methods, one of them opened by keyboard to be tried, when the page is
    inspected, then all of it can be read and reached; so can the form in which a token is written.
    """
    page = entered(browser, pages.address, "huanbao", PASSWORDS["huanbao"], screen)
    page.goto(f"{pages.address}docs")
    page.locator("#operations-tag-session").click()
    expect(page.locator(".opblock-delete")).to_be_visible()
    call = page.locator(".opblock-post", has_text="/api/v1/session/act-for")
    call.locator(".opblock-summary-control").focus()
    page.keyboard.press("Enter")
    call.get_by_role("button", name="Try it out").click()
    expect(call.get_by_role("button", name="Execute")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("button", name="Authorize").first.click()
    expect(page.locator(".modal-ux")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
