"""A letter goes through its procedure on a phone: each hand sees the own step, terms and history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.records import Account, Reach
from api.procedures import taking
from api.roster import ROSTER
from api.shape import Platform
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    settings,
)
from tests.api.letters.manifest import PLATFORM as LETTERS
from tests.api.letters.permission import LetterPermission
from tests.api.letters.procedure import PROCEDURE
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

DEPUTY = Account(
    "daibiao", "陈明", reaches=(Reach(frozenset({LetterPermission.READ, LetterPermission.WRITE})),)
)


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """Letters are there as well."""
    return (*ROSTER, LETTERS)


@pytest.fixture
def letter(centre: RunningCentre, roster: tuple[Platform, ...]) -> Iterator[str]:  # noqa: F811
    """The address of a letter that was sent."""
    services = centre.services
    with taking.acts(services, PROCEDURE, DEPUTY) as acting:
        given = {"title": "平潮段河边有异味", "body": "每天傍晚最重，请查明来源。"}
        marks = {"author": "daibiao", "weight": 1.0, "public": False, "secrecy": 0}
        item_id, _ = taking.begin(acting, given, **marks)
        taking.take(acting, item_id, "send", {})
    port = free_port()
    with served(services, "127.0.0.1", port, roster):
        yield f"http://127.0.0.1:{port}/letters/{item_id}"


def opened(browser: Browser, letter: str, username: str, screen: object = PHONE) -> Page:
    """The letter, on somebody's screen."""
    start = letter.rpartition("/letters")[0]
    page = entered(browser, start, username, PASSWORDS[username], screen)  # type: ignore[arg-type]
    page.wait_for_url(f"{start}/**")
    page.goto(letter)
    return page


def test_a_clerk_assigns_and_takes_it_back_and_an_officer_answers(
    browser: Browser,
    letter: str,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """A field that is missing says so where it stands, and what was written stays."""
    clerk = opened(browser, letter, "lianluo")
    assert_fits_and_has_no_barrier(clerk)
    clerk.locator("summary", has_text="交办").click()
    assign = clerk.locator("form[action$='/assign']")
    assign.get_by_label("交办日期").fill("2026-11-20")
    assign.get_by_role("button", name="交办").click()
    expect(assign.locator(".wrong")).to_have_text("没有填写")
    expect(assign.get_by_label("承办单位")).to_be_focused()
    expect(assign.get_by_label("交办日期")).to_have_value("2026-11-20")
    assert_fits_and_has_no_barrier(clerk)
    assign.get_by_label("承办单位").select_option("environment")
    assign.get_by_role("button", name="交办").click()
    expect(clerk.locator("#procedure-title")).to_have_text("目前：办理中")
    expect(clerk.locator(".lamp.green")).to_be_visible()

    officer = opened(browser, letter, "huanbao", DESK)
    officer.get_by_label("答复内容").fill("已清理排口，复查合格。")
    officer.get_by_label("办理结果").select_option(label="已解决")
    officer.get_by_role("button", name="答复").click()
    expect(officer.locator("#procedure-title")).to_have_text("目前：待评价")
    expect(officer.locator("#procedure-history li").first).to_contain_text("办理结果：已解决")
    assert_fits_and_has_no_barrier(officer)

    deputy = opened(browser, letter, "daibiao")
    expect(deputy.get_by_role("button", name="确认办结")).to_be_visible()
    assert_fits_and_has_no_barrier(deputy)
    officer.locator("summary", has_text="撤回“已答复”").click()
    officer.get_by_label("撤回原因").fill("附件漏传")
    officer.get_by_role("button", name="撤回这一步").click()
    expect(officer.locator("#procedure-title")).to_have_text("目前：办理中")

    deputy.get_by_role("button", name="确认办结").click()
    expect(deputy.locator("#procedure .wrong")).to_contain_text("李岚刚刚办理了：撤回了上一步")
    assert_fits_and_has_no_barrier(deputy)
    for page in (clerk, officer, deputy):
        page.context.close()
