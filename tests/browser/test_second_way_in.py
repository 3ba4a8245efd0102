"""Somebody without a password at hand signs in at the government's own sign-in, in Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from api.accounts.oidc.relying_party import RelyingParty
from config.settings import OidcSettings, Settings
from qingyuan.assembly import LIBRARIES
from qingyuan.runtime.page_server import served
from tests.api.conftest import (
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    libraries,
    light_hashes,
    roster,
    settings,
)
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier
from tests.conftest import free_port

__all__ = ["centre", "enrolled", "kind", "libraries", "light_hashes", "roster", "settings"]
pytestmark = [
    # of the library that plays the provider, which nothing of ours imports
    pytest.mark.filterwarnings("ignore:.*authlib.jose module is deprecated"),
    pytest.mark.filterwarnings("ignore:get_jwt_config.self, grant. is deprecated"),
]
SUBJECT, NAME = "320612-0042", "江苏政务统一身份认证"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:
    """Pages beside a provider, at the time of both."""
    import oidc_provider_mock  # noqa: PLC0415 - its import warns

    centre.clock.now_ms = time.time_ns() // 1_000_000
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    user = oidc_provider_mock.User(sub=SUBJECT, claims={"name": "陈明"})
    with oidc_provider_mock.run_server_in_thread(user_claims=[user]) as server:
        issuer = f"http://localhost:{server.server_port}"
        oidc = OidcSettings(issuer=issuer, client_id="qingyuan", client_secret="s", name=NAME)
        given = Settings(public_url=url, oidc=oidc)
        services = replace(
            centre.services,
            libraries=LIBRARIES,
            relying_party=RelyingParty.of(given, centre.services.site_key),
        )
        with served(services, "127.0.0.1", port):
            yield url


def screen(browser: Browser, size: ViewportSize) -> Page:
    """A screen that loads nothing of other houses; on the desk with the policy of our pages, which
    forbids the inspector's script.
    """
    context = browser.new_context(viewport=size, locale="zh-CN", bypass_csp=size is PHONE)
    context.route("https://**", lambda route: route.abort())
    return context.new_page()


def assert_fits(page: Page, size: ViewportSize) -> None:
    """On the phone without a barrier too."""
    if size is PHONE:
        assert_fits_and_has_no_barrier(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def agreed(page: Page) -> None:
    """The provider's own page, on which somebody is chosen."""
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    page.get_by_role("button", name=SUBJECT).click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_person_binds_the_identity_and_needs_no_password_from_then_on(
    browser: Browser, address: str, size: ViewportSize
) -> None:
    """Refused while it is nobody's; bound with the password; then in with two clicks."""
    page = screen(browser, size)
    page.goto(f"{address}/environment/alerts")
    assert_fits(page, size)
    page.get_by_role("link", name=f"使用{NAME}登录").click()
    agreed(page)
    expect(page.get_by_role("alert")).to_contain_text(f"身份编号：{SUBJECT}")
    assert_fits(page, size)

    page.fill("[name=username]", "daibiao")
    page.fill("[name=password]", PASSWORDS["daibiao"])
    page.click("button[type=submit]")
    expect(page).to_have_url(f"{address}/environment/alerts")
    page.goto(f"{address}/sign-in/oidc/binding?to=/environment/alerts")
    agreed(page)
    expect(page.locator(".identity")).to_contain_text("陈明")
    assert_fits(page, size)
    page.fill("[name=password]", PASSWORDS["daibiao"])
    page.get_by_role("button", name="绑定").click()
    expect(page).to_have_url(f"{address}/environment/alerts")

    page.get_by_role("button", name="退出").click()
    page.get_by_role("link", name=f"使用{NAME}登录").click()
    agreed(page)
    expect(page.locator("header .person")).to_contain_text("陈明")
