"""A deputy gets a message on a phone, opens its link and acknowledges; an officer takes over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from alerting.channels.console import FILE
from tests.browser.conftest import PHONE, assert_fits_and_has_no_barrier, entered
from tests.conftest import wait_until

NOTE = "已看到，请尽快核查"


def link_of(data: Path, username: str) -> str:
    """The link in the first grave message to somebody; empty: there is none yet."""
    file = data / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = [json.loads(line) for line in lines]
    found = [
        re.findall(r"http\S+/e/\S+", row["text"])
        for row in rows
        if row["reader"] == username and re.match("【(警告|严重)", row["title"])
    ]
    return found[0][0] if found and found[0] else ""


@pytest.fixture(scope="module")
def link(centre: tuple[str, dict[str, str]], data: Path) -> str:
    """Of a message that a deputy got."""
    wait_until(lambda: link_of(data, "daibiao") != "", seconds=120)
    return link_of(data, "daibiao")


@pytest.fixture(scope="module")
def phone(browser: Browser, link: str) -> Page:
    """A deputy's, with the link open; nobody has signed in there."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(link)
    return page


@pytest.fixture(scope="module")
def officer(browser: Browser, centre: tuple[str, dict[str, str]], phone: Page) -> Page:
    """An officer's phone, with the event open."""
    address, passwords = centre
    page = entered(browser, address, "huanbao", passwords["huanbao"])
    page.get_by_role("link", name="事件").click()
    # More stations join it, so that only the kind of pollution in its name stays.
    kind, _, _ = phone.locator("h1").inner_text().partition(" · ")
    page.locator("a.alert", has_text=kind).first.click()
    expect(page.locator("h1")).to_contain_text(kind)
    return page


def test_a_deputy_opens_the_link_acknowledges_with_a_note_and_sees_what_happens_next(
    phone: Page, officer: Page
) -> None:
    """Without a password; the officer's open page shows it a moment later, without a reload."""
    expect(phone.locator("main")).to_contain_text("GB 3838-2002")
    expect(phone.locator("main")).to_contain_text("将催办")
    expect(phone.get_by_role("button", name="我来处理")).to_have_count(0)
    expect(officer.locator("#history")).to_contain_text("陈明（console 已送达）")

    with phone.expect_response(lambda answer: answer.url.endswith("/read")) as read:
        phone.locator("h1").click()
    assert read.value.status == 204
    phone.get_by_label("留言").fill(NOTE)
    phone.get_by_role("button", name="知道了").click()

    expect(phone.get_by_role("status")).to_contain_text("确认知道")
    expect(phone.get_by_role("button", name="知道了")).to_have_count(0)
    expect(phone.locator(".timeline")).to_contain_text(NOTE)
    expect(officer.locator("#history")).to_contain_text("陈明：知道了", timeout=20_000)
    expect(officer.locator("#history")).to_contain_text("通过消息里的链接")
    expect(officer.locator("#history")).to_contain_text("已读")


def test_an_officer_takes_it_and_the_deputy_sees_who_is_on_it(phone: Page, officer: Page) -> None:
    """From then on nobody is asked in steps."""
    expect(officer.locator("#what")).to_contain_text("将催办")
    officer.get_by_role("button", name="我来处理").click()
    expect(officer.locator("#what")).to_contain_text("李岚 正在处理，不再逐级催办")
    expect(officer.get_by_role("button", name="我来处理")).to_have_count(0)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("李岚 正在处理")


def test_an_officer_silences_the_event_and_both_see_until_when(
    phone: Page, officer: Page, centre: tuple[str, dict[str, str]]
) -> None:
    """Begun from the event's page, checked in words first; the alerts say it, with the reason."""
    event = officer.url
    officer.get_by_role("link", name="静默").click()
    officer.get_by_label("原因（必填）").fill("排水管道抢修")
    officer.get_by_role("button", name="核对").click()
    expect(officer.locator("main")).to_contain_text("现在会被静默的报警")
    officer.get_by_role("button", name="确认静默").click()
    expect(officer.locator("main")).to_contain_text("因：排水管道抢修")
    officer.goto(event)
    officer.locator('a[href*="/environment/alerts/"]:visible').first.click()

    def silenced() -> bool:
        officer.reload()
        return "静默中，至" in officer.locator("main").inner_text()

    wait_until(silenced)
    officer.goto(event)


@pytest.mark.parametrize("path", ["events", "policies", "policies/grave-pollution"])
def test_pages_of_an_officer_fit_a_phone_and_have_no_serious_barrier(
    officer: Page, centre: tuple[str, dict[str, str]], path: str
) -> None:
    """Nothing wider than the screen; axe-core finds no serious violation."""
    assert_fits_and_has_no_barrier(officer)
    officer.goto(f"{centre[0].rstrip('/')}/environment/{path}")
    assert_fits_and_has_no_barrier(officer)


def test_the_page_behind_the_link_fits_and_has_no_serious_barrier(
    browser: Browser, link: str
) -> None:
    """In a browser of its own, which lets the inspector's script in."""
    page = browser.new_context(viewport=PHONE, bypass_csp=True, locale="zh-CN").new_page()
    page.goto(link)
    assert_fits_and_has_no_barrier(page)
