"""An officer makes a position and a month of it, names a substitute and swaps; a deputy whose page
stands open sees it, and subscribes on a phone.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from config.vocabulary.time import ZONE
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier, entered


@pytest.fixture(scope="module")
def officer(browser: Browser, centre: tuple[str, dict[str, str]]) -> Page:
    """On a phone."""
    address, passwords = centre
    return entered(browser, address, "huanbao", passwords["huanbao"], PHONE)


@pytest.fixture(scope="module")
def deputy(browser: Browser, centre: tuple[str, dict[str, str]]) -> Page:
    """At a desk."""
    address, passwords = centre
    return entered(browser, address, "daibiao", passwords["daibiao"], DESK)


def day(ahead: int) -> str:
    """A day from today on, ISO text."""
    return f"{datetime.now(ZONE) + timedelta(days=ahead):%Y-%m-%d}"


def test_given_no_position_when_an_officer_makes_one_then_a_deputys_open_page_shows_it(
    officer: Page, deputy: Page
) -> None:
    """From today on, at once."""
    deputy.get_by_role("link", name="值班", exact=True).click()
    expect(deputy.get_by_text("还没有值班岗位")).to_be_visible()
    officer.get_by_role("link", name="值班", exact=True).click()
    officer.get_by_role("link", name="新建岗位").click()
    assert_fits_and_has_no_barrier(officer)
    officer.locator("[name=name]").fill("值班员")
    officer.locator("[name=first_day]").fill(day(0))
    officer.locator("[name=handover]").fill("00:00")
    officer.locator("[name=people]").nth(0).select_option(label="李岚")
    officer.locator("[name=people]").nth(1).select_option(label="陈明")
    officer.get_by_role("button", name="保存").click()
    expect(officer.get_by_role("status").first).to_contain_text("值班安排已保存")
    assert_fits_and_has_no_barrier(officer)
    expect(deputy.locator("#duty-now")).to_contain_text("李岚", timeout=20_000)
    deputy.reload()
    expect(deputy.locator("#duty-month .today")).to_contain_text("李岚")
    assert_fits_and_has_no_barrier(deputy)


def test_given_a_position_when_a_month_is_set_by_hand_then_its_days_are_marked(
    officer: Page,
) -> None:
    """In one form, from the first of a month that has not begun."""
    officer.get_by_role("link", name="按月排班").click()
    officer.get_by_role("link", name="下个月").click()
    assert_fits_and_has_no_barrier(officer)
    lines = officer.locator("select[name=person]")
    for n in range(3):
        lines.nth(n).select_option(label="李岚")
    officer.get_by_role("button", name="保存").click()
    expect(officer.get_by_role("status").first).to_contain_text("按日安排已保存")
    expect(officer.locator("#duty-month").get_by_text("手排")).to_have_count(3)


def test_given_a_shift_when_somebody_stands_in_then_the_day_leads_to_the_form_filled_in(
    officer: Page,
) -> None:
    """And what is missing is said at its field."""
    officer.get_by_role("link", name="上个月").click()
    officer.locator("#duty-month .today a").first.click()
    assert_fits_and_has_no_barrier(officer)
    expect(officer.locator("[name=end]")).to_have_value(f"{day(1)}T00:00")
    officer.locator("[name=person]").select_option(label="陈明")
    officer.locator("[name=reason]").fill("出差")
    officer.get_by_role("button", name="安排替班").click()
    expect(officer.locator("#duty-now")).to_contain_text("陈明")
    expect(officer.locator("#duty-month .today")).to_contain_text("替班")


def test_given_two_shifts_when_swapped_then_the_officer_sees_before_and_after_first(
    officer: Page,
) -> None:
    """The history has every step, and takes the substitute back."""
    officer.get_by_role("link", name="换班", exact=True).click()
    for name, who in (("one", "陈明"), ("other", "李岚")):
        field = officer.locator(f"select[name={name}]")
        shift = field.locator("option", has_text=who).nth(1).get_attribute("value")
        assert shift is not None
        field.select_option(shift)
    officer.get_by_role("button", name="预览换班结果").click()
    assert_fits_and_has_no_barrier(officer)
    expect(officer.get_by_text("让出：")).to_have_count(2)
    officer.get_by_role("button", name="确认换班").click()
    expect(officer.get_by_role("status").first).to_contain_text("换班已安排")
    officer.get_by_role("link", name="变更记录").click()
    assert_fits_and_has_no_barrier(officer)
    expect(officer.locator("#duty-history > li")).to_have_count(4)
    named = officer.locator("#duty-history > li", has_text="出差")
    named.locator("summary").click()
    named.get_by_role("button", name="确认撤销").click()
    expect(officer.locator("#duty-now")).to_contain_text("李岚")


def test_given_the_own_page_when_a_phone_subscribes_then_its_calendar_has_the_shifts(
    deputy: Page,
) -> None:
    """Without signing in."""
    deputy.get_by_role("link", name="我的值班").click()
    assert_fits_and_has_no_barrier(deputy)
    expect(deputy.locator("#duty-own li").first).to_contain_text("值班员")
    link = deputy.get_by_role("link", name="在日历中打开").first.get_attribute("href")
    assert link is not None
    answer = httpx.get(re.sub("^webcal", "http", link))
    assert answer.text.count("SUMMARY:值班：值班员") > 10
