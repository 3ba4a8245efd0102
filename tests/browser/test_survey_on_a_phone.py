"""An anonymous survey: the office makes it at a desk, deputies answer on the phone, the office sees
what came of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.ballots import casting
from qingyuan.runtime.page_server import served
from tests.api.ballots.voting import deputies
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


def asked(page: Page, kind_of: str, text: str, options: str = "") -> None:
    """Add a question."""
    page.get_by_role("link", name="添加题目").click()
    page.get_by_label(kind_of, exact=True).check()
    page.get_by_label("题目", exact=True).fill(text)
    if options:
        page.get_by_label("选项").fill(options)


def made(clerk: Page) -> None:
    """The office begins a survey with four questions, and opens it."""
    clerk.get_by_role("link", name="新建问卷").click()
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.locator("#wrong-title")).to_be_visible()
    clerk.get_by_label("标题").fill("河道治理满意度问卷")
    clerk.get_by_label("说明").fill("结果用于起草河道治理专项报告。")
    clerk.get_by_label("截止日期").fill("2026-12-10")
    clerk.get_by_label("匿名", exact=True).check()
    checked(clerk, "new-desk")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_text("还没有题目").first).to_be_visible()
    asked(clerk, "单选", "您对河道治理总体满意吗", "满意\n基本满意\n不满意")
    checked(clerk, "question-desk")
    clerk.get_by_role("button", name="保存").click()
    asked(clerk, "文字", "您为什么不满意")
    clerk.locator("summary", has_text="只在选了下列答案时才问").click()
    clerk.get_by_label("不满意", exact=True).check()
    clerk.get_by_role("button", name="保存").click()
    asked(clerk, "排序", "下一步先做哪件事", "清淤\n截污\n绿化")
    clerk.get_by_role("button", name="保存").click()
    asked(clerk, "打分", "您给今年的工作打几分")
    clerk.get_by_role("button", name="保存").click()
    checked(clerk, "draft-desk")
    clerk.get_by_role("button", name="发出", exact=True).click()
    expect(clerk.locator("#procedure-title")).to_have_text("目前：收答中")
    checked(clerk, "open-desk")


def answered(deputy: Page) -> None:
    """A deputy answers it: what does not hold is marked, and going back loses nothing."""
    checked(deputy, "first-phone")
    deputy.get_by_role("button", name="下一步").click()
    expect(deputy.locator("#wrong-q1")).to_have_text("这道题还没有回答")
    deputy.get_by_label("不满意", exact=True).check()
    deputy.get_by_role("button", name="下一步").click()
    deputy.get_by_label("您为什么不满意").fill("平潮段还有异味")
    for option, number in (("清淤", "2"), ("截污", "1"), ("绿化", "2")):
        deputy.get_by_label(option).select_option(number)
    deputy.get_by_label("4", exact=True).check()
    deputy.get_by_role("button", name="交出").click()
    expect(deputy.locator("#wrong-q3")).to_contain_text("从 1 排起")
    checked(deputy, "second-phone")
    deputy.get_by_role("button", name="上一步").click()
    expect(deputy.get_by_label("不满意", exact=True)).to_be_checked()
    deputy.get_by_role("button", name="下一步").click()
    expect(deputy.get_by_label("您为什么不满意")).to_have_value("平潮段还有异味")
    deputy.get_by_label("绿化").select_option("3")
    deputy.get_by_role("button", name="交出").click()
    expect(deputy.get_by_role("status").first).to_contain_text("已经收到您的答卷")
    checked(deputy, "thanks-phone")


def test_an_office_asks_deputies_anonymously_and_sees_what_they_said(
    browser: Browser,
    address: str,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """Two screens on the phone, the second for what was answered on the first."""
    services = centre.services
    voters = deputies(services, 16)
    clerk = entered(browser, address, "lianluo", PASSWORDS["lianluo"], DESK, path="/duty/surveys")
    made(clerk)
    deputy = entered(browser, address, "daibiao", PASSWORDS["daibiao"], PHONE, path="/")
    deputy.get_by_role("link", name="河道治理满意度问卷").click()
    answered(deputy)

    for n, voter in enumerate(voters):
        answers = {"q1": ("1",) if n < 10 else ("2",), "q3": ("2", "1", "3"), "q4": ("5",)}
        casting.vote(services, voter, 1, answers)
    clerk.reload()
    expect(clerk.locator("#answered")).to_contain_text("17 / 19 人已填写")
    clerk.locator("summary", has_text="结束").click()
    clerk.get_by_role("button", name="结束", exact=True).click()
    clerk.get_by_role("link", name="结果").click()
    expect(clerk.locator("#result-q1")).to_contain_text("少于 5 份的选项不公布")
    expect(clerk.locator("#result-q2")).to_contain_text("不公布")
    expect(clerk.locator("#result-q3")).to_contain_text("17 份，占 100%")
    assert "异味" not in clerk.content()
    checked(clerk, "results-desk")
    clerk.set_viewport_size(PHONE)
    checked(clerk, "results-phone")
    for page in (clerk, deputy):
        page.context.close()
