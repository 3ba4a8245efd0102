"""A clerk loads a month of payments: the report says what is doubtful before anything counts, the
mended file is in the totals, and withdrawn the former totals are there again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from qingyuan.runtime.page_server import served
from tests.api.budget.test_payments import HEAD, JANUARY, sent
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
from tests.api.conftest import entered as entered_over_http
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of the pages; empty: none are taken."""
REST = "新华书店,6333,{amount},{day},教材,30201 办公费,P2,教材"
GOOD = (("11", "1000.50", "2026-03-05"), ("12", "2000.00", "2026-03-31"))
DOUBTFUL = (
    *GOOD,
    ("", "300.00", "2026-03-12"),
    ("14", "400.00", "2026-02-30"),
    ("15", "500.00", "2027-03-09"),
    ("16", "600.00", "2026-01-31"),
)
"""No number of a voucher, a day that is in no calendar, one that is still to come, and one of
January, behind which a month is missing.
"""
BEFORE, WITH_MARCH = "1,200,380.35", "1,203,380.85"


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """Where the pages answer, with the payments of January in force."""
    port = free_port()
    with served(centre.services, "127.0.0.1", port):
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=60) as client:
            sent(entered_over_http(client, "lianluo"), JANUARY)
        yield url


def checked(page: Page, name: str) -> None:
    """It fits, has no barrier, and may be looked at later."""
    assert_fits_and_has_no_barrier(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def written(path: Path, rows: tuple[tuple[str, str, str], ...]) -> Path:
    """An export of the treasury, in the code of a Chinese Windows."""
    lines = (f"{number},102,教育局,{REST.format(amount=of, day=day)}" for number, of, day in rows)
    path.write_bytes("\n".join([HEAD, *lines]).encode("gb18030"))
    return path


def sent_by_form(page: Page, file: Path, control: str) -> None:
    """From the file to the report on it; the total is from the treasury's own sheet."""
    page.fill("[name=source]", "财政局国库")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#mapping")).to_contain_text("文件没有写单位")
    page.get_by_label("对账总数（元，可不填）").fill(control)
    checked(page, "month-columns")
    page.get_by_role("button", name="逐行核对").click()
    expect(page.locator("#report")).to_contain_text("数据质量报告")


def test_when_a_clerk_loads_a_month_then_doubts_are_seen_first_and_totals_come_and_go_with_it(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Rows, unit, control total, missing keys and months, doubtful days; then totals at a desk and
    on a phone.
    """
    clerk = entered(browser, address, "lianluo", PASSWORDS["lianluo"], DESK, path="/imports/")
    clerk.get_by_role("link", name="导入一份文件").click()
    clerk.get_by_label("数据种类").select_option("budget.payments")
    sent_by_form(clerk, written(tmp_path / "3月.csv", DOUBTFUL), "3000.50")
    report = clerk.locator("#report")
    for said in (
        *("数据行数6", "有问题的行2", "金额的单位元", "金额合计（元）4,100.50"),
        *("对账总数，金额（元）3,000.50 ≠", "还没有到的月份：2027-03。请核对日期。"),
        *("第 4 行，支付凭证号", "必填项为空", "第 5 行，支付日期", "“2026-02-30”在日历上不存在"),
        "对账总数是 3,000.50 元，各行相加是 4,800.50 元",
        "中间缺少的月份：2026-02 ",
    ):
        expect(report).to_contain_text(said)
    checked(clerk, "month-doubtful")
    clerk.goto(f"{address}/budget/")
    expect(clerk.locator("main")).to_contain_text(BEFORE)

    clerk.go_back()
    clerk.get_by_role("link", name="换一份文件").click()
    sent_by_form(clerk, written(tmp_path / "3月（改）.csv", GOOD), "3000.50")
    expect(report).not_to_contain_text("≠")
    expect(clerk.locator("#faults")).to_have_count(0)
    clerk.get_by_role("button", name="导入 2 行").click()
    expect(clerk.locator("#state")).to_contain_text("新增 2 行")
    checked(clerk, "month-loaded")
    loaded = clerk.url
    clerk.goto(f"{address}/budget/")
    expect(clerk.locator("main")).to_contain_text(WITH_MARCH)
    checked(clerk, "month-totals")
    clerk.set_viewport_size(PHONE)
    checked(clerk, "month-totals-phone")

    clerk.goto(loaded)
    clerk.get_by_text("撤回这批数据").click()
    clerk.fill("[name=why]", "财政局发错了月份")
    checked(clerk, "month-withdraw-phone")
    clerk.get_by_role("button", name="确认撤回").click()
    expect(clerk.locator("#state")).to_contain_text("财政局发错了月份")
    clerk.goto(f"{address}/budget/")
    expect(clerk.locator("main")).to_contain_text(BEFORE)
