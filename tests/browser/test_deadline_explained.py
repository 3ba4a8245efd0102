"""A deadline explained on a phone: an officer extends it with a reason and its lamp changes; a
deputy sees it all, and no form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from api.deadlines.opening import deadlines_of
from api.ports import Reference
from api.roster import ROSTER
from api.shape import Platform
from config.vocabulary.time import DAY_MS
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
    settings,
)
from tests.api.deadline_rules import rules_instead, started
from tests.api.toy import notes
from tests.api.toy.manifest import PLATFORM as TOY
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

__all__ = ["centre", "enrolled", "kind", "libraries", "light_hashes", "settings"]


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform whose notes have terms."""
    return (*ROSTER, TOY)


@pytest.fixture
def address(
    centre: RunningCentre, roster: tuple[Platform, ...], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Pages with two deadlines of a note: one is eight days overdue, one has no rule that
    anybody stands for.
    """
    rules_instead(monkeypatch)
    services = replace(centre.services, libraries=LIBRARIES)
    note = Reference("toy", "note", str(notes.write(services, notes.Note("河边有异味"))))
    for rule in ("note.answer", "note.local"):
        started(deadlines_of(services), rule, subject=note)
    centre.clock.now_ms += 100 * DAY_MS
    port = free_port()
    with served(services, "127.0.0.1", port, roster):
        yield f"http://127.0.0.1:{port}"


def officer(browser: Browser, address: str) -> Page:
    """李岚 on a phone."""
    return entered(browser, address, "huanbao", PASSWORDS["huanbao"], PHONE)


def test_given_a_deadline_on_a_phone_when_extended_with_a_reason_then_its_lamp_changes(
    browser: Browser, address: str
) -> None:
    """From the list of the units, by what the page explains; too far is refused at the field."""
    page = officer(browser, address)
    page.goto(f"{address}/deadlines/?show=units")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("link", name="已超期 8 天").click()
    expect(page.locator("#deadline")).to_contain_text("已超期 8 天")
    expect(page.locator("#trace")).to_contain_text("满3个月的对应日")
    expect(page.get_by_text("2027年调休未公布")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
    form = page.locator("#acts")
    form.locator("summary", has_text="延长期限").click()
    page.locator("#acts [name=until]").fill("2027-06-30")
    form.locator("details[open] [name=why]").fill("涉及三个部门")
    form.get_by_role("button", name="延长期限").click()
    expect(page.get_by_text("最迟到 2027-05-24")).to_be_visible()
    assert_fits_and_has_no_barrier(page)
    page.locator("#acts [name=until]").fill("2027-05-24")
    form.get_by_role("button", name="延长期限").click()
    expect(page.get_by_role("status").first).to_contain_text("期限已延长")
    expect(page.locator("#deadline")).to_contain_text("正常")
    expect(page.locator("#deadline")).to_contain_text("截止 2027-05-24")
    expect(page.locator("#history")).to_contain_text("由 2027-02-24 改为 2027-05-24")
    expect(page.locator("#history")).to_contain_text("涉及三个部门")


def test_given_the_same_deadline_then_a_deputy_sees_how_it_came_about_and_no_form(
    browser: Browser, address: str
) -> None:
    """Whoever sees the note sees its deadline."""
    page = entered(browser, address, "daibiao", PASSWORDS["daibiao"], DESK)
    page.goto(f"{address}/deadlines/1")
    expect(page.get_by_role("heading", name="怎么算出来的")).to_be_visible()
    expect(page.locator("#acts")).to_have_count(0)
    assert_fits_and_has_no_barrier(page)


def test_given_a_rule_that_nobody_stands_for_when_confirmed_then_the_deadline_is_overdue(
    browser: Browser, address: str
) -> None:
    """It said that it is not confirmed, and was not red."""
    page = officer(browser, address)
    page.goto(f"{address}/deadlines/2")
    expect(page.locator("#deadline")).to_contain_text("待确认")
    page.get_by_role("link", name="查看规则").click()
    assert_fits_and_has_no_barrier(page)
    page.locator("#decide summary", has_text="采用这个方案").click()
    page.locator("#decide [name=basis]").first.fill("主任会议决定")
    page.locator("#decide").get_by_role("button", name="采用这个方案").click()
    expect(page.get_by_role("status").first).to_contain_text("规则已确认")
    page.goto(f"{address}/deadlines/2")
    expect(page.locator("#deadline")).to_contain_text("已超期 93 天")


def test_given_a_year_without_a_notice_when_entered_on_a_phone_then_the_date_is_firm(
    browser: Browser, address: str
) -> None:
    """The form has the festivals already."""
    page = officer(browser, address)
    page.goto(f"{address}/deadlines/holidays")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("link", name="录入2027年放假安排").click()
    assert_fits_and_has_no_barrier(page)
    page.locator("[name=published]").fill("2026-11-23")
    page.locator("[name=begin]").nth(1).fill("2027-02-22")
    page.locator("[name=until]").nth(1).fill("2027-02-26")
    page.get_by_role("button", name="保存并重新计算").click()
    expect(page.get_by_role("status").first).to_contain_text("1 个期限的日期有变化")
    page.goto(f"{address}/deadlines/1")
    expect(page.locator("#history")).to_contain_text("因2027年放假安排公布")
    expect(page.get_by_text("2027年调休未公布")).to_have_count(0)
    page.goto(f"{address}/deadlines/rules")
    assert_fits_and_has_no_barrier(page)
    page.goto(f"{address}/deadlines/reckon?rule=note.days")
    assert_fits_and_has_no_barrier(page)
