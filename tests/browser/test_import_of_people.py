"""An administrator gives accounts to forty people of a list, in which three things were wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, ViewportSize, expect

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
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

HEAD = ("姓名", "用户名", "角色", "单位")
FAULTY: Mapping[int, tuple[str, ...]] = {
    7: ("代表07", "daibiao07", "人大代表", "平潮代表处"),
    19: ("代表19", "daibiao18", "人大代表", "平潮镇代表团"),
    33: ("代表33", "daibiao33", "局长", "平潮镇代表团"),
}
"""A unit that is not there, a username that stands twice, a role that is not there."""


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


def sheet(path: Path, faulty: Mapping[int, tuple[str, ...]]) -> Path:
    """Forty deputies of one delegation below a head; some rows as they are given."""
    with xlsxwriter.Workbook(path) as book:
        written = book.add_worksheet("名单")
        written.write_row(0, 0, HEAD)
        for number in range(1, 41):
            row = (f"代表{number:02}", f"daibiao{number:02}", "人大代表", "平潮镇代表团")
            written.write_row(number, 0, faulty.get(number, row))
    return path


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_when_a_list_is_mended_where_the_page_says_then_all_of_it_is_loaded(
    browser: Browser, address: str, tmp_path: Path, screen: ViewportSize
) -> None:
    """Nobody has an account before; afterwards each has a first password, which is shown once."""
    page = entered(browser, address, "guanli", PASSWORDS["guanli"], screen)
    page.goto(f"{address}/administration/imports")
    assert_fits_and_has_no_barrier(page)
    page.set_input_files("[name=file]", sheet(tmp_path / "list.xlsx", FAULTY))
    page.get_by_role("button", name="核对").click()
    faults = page.locator("#faults li")
    expect(faults).to_have_count(3)
    for fault, (row, column) in enumerate(((8, "单位"), (20, "用户名"), (34, "角色"))):
        expect(faults.nth(fault)).to_contain_text(f"第 {row} 行，{column}")
    expect(page.get_by_role("button", name="导入")).to_have_count(0)
    assert_fits_and_has_no_barrier(page)

    page.set_input_files("[name=file]", sheet(tmp_path / "mended.xlsx", {}))
    page.get_by_role("button", name="核对").click()
    expect(page.locator("#ready tbody tr")).to_have_count(40)
    page.get_by_role("button", name="导入").click()
    expect(page.locator("tbody tr")).to_have_count(40)
    assert_fits_and_has_no_barrier(page)
    password = page.locator("tbody tr", has_text="daibiao40").locator("code").inner_text()
    newcomer = entered(browser, address, "daibiao40", password, screen)
    expect(newcomer.locator("[name=new]")).to_be_visible()
