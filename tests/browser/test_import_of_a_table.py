"""An officer imports a faulty workbook, mends it, loads it, loads it again, and withdraws it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, ViewportSize, expect

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
from tests.api.toy.manifest import PLATFORM as TOY
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

HEAD = ("支付凭证号", "预算单位", "收款人全称", "支付日期", "支付金额")
FAULTY: Mapping[int, tuple[object, ...]] = {
    4: ("0004", "教体局", "新华书店", "2026-02-30", 100.25),
    9: ("0009", "", "新华书店", "2026-01-09", 100.25),
    17: ("0016", "教体局", "新华书店", "2026-01-17", 100.25),
    25: ("0025", "教体局", "新华书店", "2026-01-25", "约一百"),
}
"""A day that is in no calendar, no unit, a number that stands twice, a text for a sum."""


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform that takes payments in."""
    return (*ROSTER, TOY)


@pytest.fixture
def address(
    centre: RunningCentre,  # noqa: F811
    roster: tuple[Platform, ...],
) -> Iterator[str]:
    """Where the pages answer."""
    port = free_port()
    with served(centre.services, "127.0.0.1", port, roster):
        yield f"http://127.0.0.1:{port}"


def book(path: Path, faulty: Mapping[int, tuple[object, ...]]) -> Path:
    """Thirty payments in 万元 below a title; some rows as they are given."""
    with xlsxwriter.Workbook(path) as written:
        sheet = written.add_worksheet("明细")
        sheet.write_row(0, 0, ("支付明细表",))
        sheet.write_row(1, 0, ("单位：万元",))
        sheet.write_row(2, 0, HEAD)
        for number in range(1, 31):
            day = f"2026-01-{number:02}"
            row = (f"{number:04}", "教体局", "新华书店", day, 100.25)
            sheet.write_row(number + 2, 0, faulty.get(number, row))
    return path


def send(page: Page, address: str, file: Path) -> None:
    """From the list to the checked file."""
    page.goto(f"{address}/imports/")
    page.get_by_role("link", name="导入一份文件").click()
    assert_fits_and_has_no_barrier(page)
    page.fill("[name=source]", "财政局国库系统")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#mapping")).to_contain_text("表格上方写明了单位")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("button", name="逐行核对").click()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_faulty_file_is_mended_loaded_loaded_again_and_withdrawn(
    browser: Browser, address: str, tmp_path: Path, screen: ViewportSize
) -> None:
    """Each fault by row and remedy; the second load changes nothing; the withdrawal has a reason."""
    page = entered(browser, address, "huanbao", PASSWORDS["huanbao"], screen)
    send(page, address, book(tmp_path / "支付.xlsx", FAULTY))
    faults = page.locator("#faults li")
    expect(faults).to_have_count(5)
    expected = (
        (7, "支付日期", "写成|核对年月日"),
        (12, "预算单位", "补上内容"),
        (19, "支付凭证号", "只留一行"),
        (20, "支付凭证号", "只留一行"),
        (28, "支付金额", "改成数字"),
    )
    for at, (row, column, _) in enumerate(expected):
        expect(faults.nth(at)).to_contain_text(f"第 {row} 行，{column}")
    expect(faults.nth(1)).to_contain_text("补上内容")
    expect(page.get_by_role("button", name="只导入没有问题的 25 行")).to_be_visible()
    assert_fits_and_has_no_barrier(page)

    send(page, address, book(tmp_path / "支付（改）.xlsx", {}))
    expect(page.locator("#report")).to_contain_text("30,075,000.00")
    page.get_by_role("button", name="导入 30 行").click()
    expect(page.locator("#state")).to_contain_text("新增 30 行")
    assert_fits_and_has_no_barrier(page)
    loaded = page.url

    send(page, address, book(tmp_path / "支付（再）.xlsx", {}))
    page.get_by_role("button", name="导入 30 行").click()
    expect(page.locator("#state")).to_contain_text("完全相同，没有任何改动")

    page.goto(loaded)
    page.get_by_text("撤回这批数据").click()
    page.fill("[name=why]", "财政局发错了月份")
    page.get_by_role("button", name="确认撤回").click()
    expect(page.locator("#state")).to_contain_text("财政局发错了月份")
    page.goto(f"{address}/imports/")
    expect(page.locator("#list li")).to_have_count(3)
    assert_fits_and_has_no_barrier(page)
