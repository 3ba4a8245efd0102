"""A deputy on a phone: asks for a seat at a trial, says that they will come, shows the pass, and
comments after the judgment. The court announces it at a desk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.platforms.judicial.hearings.actions import announcing, attending, seating
from api.platforms.judicial.hearings.records import form
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
from tests.api.judicial.hearing_hands import (
    BEGINS_MS,
    COURT,
    DAY_MS,
    DEPUTIES,
    OFFICE,
    details,
    enrol_bodies,
    step,
)
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of the pages; empty: none are taken."""


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """Where the pages answer."""
    port = free_port()
    with served(centre.services, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


def checked(page: Page, name: str) -> None:
    """It fits, has no barrier, and may be looked at later."""
    assert_fits_and_has_no_barrier(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def announced(court: Page) -> str:
    """The court writes a party's name, mends it, and announces the trial; its number."""
    court.get_by_role("link", name="发布活动").click()
    given = details()
    court.locator("input[name=title]").fill("原告张三诉李四借款")
    court.get_by_label("内容").fill(given["matter"])
    court.get_by_label("开始时间").fill(given["from"])
    court.get_by_label("地点").fill(given["location"])
    court.get_by_label("代表名额").fill("1")
    court.get_by_role("button", name="保存草稿").click()
    expect(court.locator("#wrong-title")).to_contain_text("不写姓名")
    checked(court, "form-desk")
    court.locator("input[name=title]").fill(given["title"])
    court.get_by_role("button", name="保存草稿").click()
    court.get_by_role("button", name="发布", exact=True).click()
    expect(court.locator("#procedure-title")).to_contain_text("可申请")
    return court.url.rpartition("/")[2]


def test_a_deputy_gets_a_seat_shows_the_pass_and_comments_after_the_judgment(
    browser: Browser,
    address: str,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """Another deputy waits, and stays behind."""
    services = centre.services
    enrol_bodies(centre)
    court = entered(
        browser, address, "shuji", "right for the court", DESK, path="/judicial/hearings"
    )
    hearing = announced(court)
    path = f"/judicial/hearings/{hearing}"
    phone = entered(browser, address, "daibiao", PASSWORDS["daibiao"], PHONE, path=path)
    checked(phone, "ask-phone")
    phone.get_by_role("button", name="没有利害关系，申请名额").click()
    step(centre, OFFICE, hearing, "allot")
    seating.ask(services, DEPUTIES[1], hearing)
    phone.reload()
    phone.get_by_role("button", name="会参加").click()
    expect(phone.locator("#procedure-title")).to_contain_text("会参加")
    checked(phone, "seat-phone")
    phone.get_by_role("link", name="签到码").click()
    expect(phone.locator("#spoken")).to_be_visible()
    checked(phone, "pass-phone")
    phone.goto(f"{address}{path}")
    expect(phone.locator("#order")).to_contain_text("候补")
    phone.locator("summary", has_text="次序怎么定").click()
    expect(phone.locator("#order")).to_contain_text("次序一致")
    checked(phone, "order-phone")
    court.goto(f"{address}{path}")
    expect(court.locator("#guests")).to_contain_text("陈明")
    checked(court, "hearing-desk")

    centre.clock.now_ms = BEGINS_MS
    row = announcing.seen(services, COURT, hearing)
    attending.enter(services, COURT, row, [1], [])
    centre.clock.now_ms = BEGINS_MS + DAY_MS
    announcing.done(services, hearing)
    step(centre, COURT, hearing, "note-outcome", outcome="judgment", day="2026-12-02")
    phone.context.close()
    phone = entered(browser, address, "daibiao", PASSWORDS["daibiao"], PHONE, path="/")
    phone.get_by_role("link", name=details()["title"]).click()
    phone.get_by_label("补充说明").fill("告知权利清楚")
    phone.get_by_role("button", name="提交意见").click()
    expect(phone.locator(f"#wrong-{form().questions[0]}")).to_be_visible()
    expect(phone.get_by_label("补充说明")).to_have_value("告知权利清楚")
    for group in phone.get_by_role("group").all():
        group.get_by_label("好", exact=True).check()
    phone.get_by_label("署上我的姓名").check()
    checked(phone, "comment-phone")
    phone.get_by_role("button", name="提交意见").click()
    expect(phone.get_by_role("status").first).to_contain_text("意见已经收到")
    for page in (court, phone):
        page.context.close()
