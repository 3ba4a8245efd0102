"""From a first password to the door: password, second factor, recovery codes; and a clerk who acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from api.accounts.credentials.second_factor import STEP_MS
from api.accounts.enrolment.enrolling import enrol
from api.accounts.enrolment.people import Newcomer
from api.roster import ROSTER, roles_of
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    FOLDER,
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
    spill,
)
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

FIRST, OWN = "given to her once", "seven blue herons cross"
START = "/"
WANTED = "/environment/stations/tonglv-jinsha"
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """A district at work: an administrator must have a second factor."""
    port = free_port()
    with served(replace(centre.services, roles=roles_of(ROSTER, FOLDER)), "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


class Phone:
    """An authenticator that took a key over from a page, by the house's clock."""

    def __init__(self, page: Page, centre: RunningCentre) -> None:  # noqa: F811
        self._otp = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
        self._clock = centre.clock

    def code(self) -> str:
        """The next one."""
        self._clock.now_ms += STEP_MS
        return self._otp.generate_otp(self._clock.now_ms // STEP_MS)


def go_on(page: Page, **fields: str) -> None:
    """Fill a form in, and send it."""
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator(".card button.primary").click()


@SCREENS
def test_given_a_first_password_then_an_administrator_comes_in_step_by_step(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
    address: str,
    screen: ViewportSize,
) -> None:
    """Then once more with the phone, and once without it."""
    newcomer = Newcomer("xinren", "王敏", ("administrator",))
    enrol(centre.services.state, [newcomer], {"xinren": FIRST}, centre.clock.now_ms)
    page = entered(browser, address, "xinren", FIRST, screen, path=WANTED)

    expect(page.get_by_role("heading", name="设置自己的密码")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
    go_on(page, new="password123", again="password123")
    expect(page.locator("#wrong-new")).to_contain_text("很容易被猜到")
    expect(page.locator("[name=new]")).to_be_focused()
    go_on(page, new=OWN, again=OWN)

    expect(page.get_by_role("heading", name="设置第二验证")).to_be_visible()
    expect(page.get_by_role("img", name="供验证器应用扫描的二维码")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
    phone = Phone(page, centre)
    go_on(page, code=phone.code())

    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
    recovery = page.locator(".codes code").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("link", name="已保存好").click()
    expect(page).to_have_url(address + WANTED)
    expect(page.locator(".person")).to_contain_text("王敏")

    sign_in_again(page, address)
    assert_fits_and_has_no_barrier(page)
    go_on(page, code="000000")
    expect(page.locator("#wrong-code")).to_contain_text("验证码不正确")
    go_on(page, code=phone.code())
    expect(page).to_have_url(address + START)

    sign_in_again(page, address)
    go_on(page, code=recovery[4])
    expect(page.get_by_role("status")).to_contain_text("还剩 9 个")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("link", name="继续").click()
    expect(page).to_have_url(address + START)
    page.context.close()


def sign_in_again(page: Page, address: str) -> None:
    """Out, and in with the password of one's own, up to the code."""
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{address}/sign-in")
    page.goto(address)
    go_on(page, username="xinren", password=OWN)
    expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()


@SCREENS
def test_a_clerk_acts_for_a_deputy_and_every_page_says_so(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
    address: str,
    screen: ViewportSize,
) -> None:
    """An alert is acknowledged in the name of both; then the clerk is the clerk again."""
    centre.put(spill())
    page = entered(browser, address, "lianluo", PASSWORDS["lianluo"], screen, path="/")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("link", name="有代表委托您代办").click()
    page.get_by_role("button", name="代陈明办理").click()

    banner = page.locator("#acting")
    expect(banner).to_contain_text("您正在代 陈明 办理")
    assert_fits_and_has_no_barrier(page)
    page.goto(f"{address}/environment/alerts")
    expect(banner).to_contain_text("您正在代 陈明 办理")
    page.locator("a.alert").first.click()
    page.get_by_role("button", name="确认已知晓").click()
    expect(page.locator("#what .done")).to_contain_text("陈明（王芳代） 于")
    expect(banner).to_contain_text("您正在代 陈明 办理")
    assert_fits_and_has_no_barrier(page)

    page.get_by_role("button", name="结束代办").click()
    expect(page).to_have_url(f"{address}/acting")
    expect(banner).to_be_empty()
    page.context.close()
