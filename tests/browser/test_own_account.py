"""A person's own account in a browser, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier, entered

Centre = tuple[str, dict[str, str]]


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def deputy(request: pytest.FixtureRequest, browser: Browser, centre: Centre) -> Iterator[Page]:
    """陈明 at the own account, by the name in the header."""
    address, passwords = centre
    screen: ViewportSize = request.param
    page = entered(browser, address, "daibiao", passwords["daibiao"], screen)
    page.click(".person .name")
    expect(page.locator("h1")).to_have_text("我的账号")
    yield page
    page.context.close()


def test_a_deputy_sets_up_a_second_factor_keeps_the_codes_and_turns_it_off(
    deputy: Page, centre: Centre
) -> None:
    """With an app that scans or is typed into; a recovery code does for turning it off."""
    password = centre[1]["daibiao"]
    deputy.click("main >> text=第二验证")
    deputy.fill("[name=password]", password)
    deputy.click("main >> text=开始设置")
    expect(deputy.locator(".qr")).to_be_visible()
    assert_fits_and_has_no_barrier(deputy)
    secret = deputy.locator(".secret").inner_text().replace(" ", "")
    deputy.fill("[name=code]", "000000")
    deputy.click("main >> text=完成设置")
    expect(deputy.locator("#wrong-code")).to_be_visible()
    deputy.fill("[name=code]", pyotp.TOTP(secret).now())
    deputy.click("main >> text=完成设置")
    codes = deputy.locator(".codes code")
    expect(codes).to_have_count(10)
    expect(deputy.locator("[data-print]")).to_be_visible()
    assert_fits_and_has_no_barrier(deputy)
    code = codes.first.inner_text()
    deputy.emulate_media(media="print")
    for left_out in (".top", ".menu", "main .primary", "[data-print]"):
        expect(deputy.locator(left_out)).to_be_hidden()
    expect(codes.last).to_be_visible()
    deputy.emulate_media(media="screen")

    deputy.click("text=我已保存好")
    deputy.click("summary >> text=关闭第二验证")
    deputy.fill("details[open] [name=password]", password)
    deputy.fill("details[open] [name=code]", code)
    assert_fits_and_has_no_barrier(deputy)
    deputy.click("details[open] button")
    expect(deputy.locator(".done")).to_contain_text("第二验证已关闭")


def test_large_type_is_larger_on_every_page(deputy: Page) -> None:
    """And fits; taken back it is as before."""
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = deputy.evaluate(size)
    deputy.click("main >> text=显示")
    deputy.click("text=大字")
    deputy.click("text=保存")
    expect(deputy.locator(".done")).to_be_visible()
    assert deputy.evaluate(size) == pytest.approx(1.25 * before)
    assert_fits_and_has_no_barrier(deputy)
    deputy.click(".brand")
    deputy.locator("#waiting").wait_for()
    assert deputy.evaluate(size) == pytest.approx(1.25 * before)
    assert_fits_and_has_no_barrier(deputy)
    deputy.click(".person .name")
    deputy.click("main >> text=显示")
    deputy.click("text=大字")
    deputy.click("text=保存")
    expect(deputy.locator("html.large")).to_have_count(0)


def test_a_page_that_stands_open_elsewhere_hears_at_once_that_it_was_signed_out(
    browser: Browser, centre: Centre, deputy: Page
) -> None:
    """It goes to the sign-in page by itself."""
    address, passwords = centre
    elsewhere = entered(browser, address, "daibiao", passwords["daibiao"])
    elsewhere.locator("#stations a").first.wait_for()
    with elsewhere.expect_response(lambda answer: "/api/v1/live" in answer.url):
        elsewhere.reload()
    elsewhere.locator("#stations a").first.wait_for()
    deputy.click("main >> text=登录设备")
    expect(deputy.locator("li.row >> text=这台设备")).to_have_count(1)
    # The one seen last stands first.
    deputy.locator("li.row button").first.click()
    expect(deputy.locator(".done")).to_contain_text("已退出该设备")
    elsewhere.wait_for_url("**/sign-in?**", timeout=10_000)
    elsewhere.context.close()


def test_a_changed_password_opens_from_then_on(
    browser: Browser, centre: Centre, deputy: Page
) -> None:
    """The fault is said at the field; then the old one is put back for the tests after."""
    address, passwords = centre
    for old, new in (
        (passwords["daibiao"], "三只猫 walk over 7 roofs"),
        ("三只猫 walk over 7 roofs", passwords["daibiao"]),
    ):
        deputy.goto(f"{address}account/password")
        deputy.fill("[name=password]", old)
        deputy.fill("[name=new]", "daibiao2026")
        deputy.fill("[name=again]", "daibiao2026")
        deputy.keyboard.press("Enter")
        expect(deputy.locator("[name=new]")).to_be_focused()
        expect(deputy.locator("#wrong-new")).to_contain_text("用户名")
        assert_fits_and_has_no_barrier(deputy)
        deputy.fill("[name=password]", old)
        deputy.fill("[name=new]", new)
        deputy.fill("[name=again]", new)
        deputy.keyboard.press("Enter")
        expect(deputy.locator(".done")).to_contain_text("密码已修改")
        other = entered(browser, address, "daibiao", new)
        other.locator("#stations a").first.wait_for()
        other.context.close()
