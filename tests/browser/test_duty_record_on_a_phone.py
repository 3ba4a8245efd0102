"""A deputy reads the register and the own record on a phone, remarks and contests; the office
imports and verifies at a desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

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
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier
from tests.conftest import free_port

LIST = """用户名,姓名,代表团,选区,代表证号,界别,性别,学历
daibiao,陈明,金沙街道代表团,第一选区,0001,农业,男,大专
xuhui,徐慧,平潮镇代表团,第三选区,0002,教育,女,本科
linfang,林芳,平潮镇代表团,第四选区,0003,卫生,女,本科
"""


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


def signed_in(browser: Browser, address: str, username: str, *, phone: bool) -> Page:
    """A page of somebody."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK, locale="zh-CN", bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{address}/duty/deputies")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORDS[username])
    page.click("button[type=submit]")
    expect(page.locator("h1")).to_have_text("代表名册")
    return page


def fill_the_register(office: Page, sheet: Path) -> None:
    """The office writes the term and loads its deputies, with a mistake before."""
    office.click("text=导入代表名册")
    office.fill("[name=number]", "18")
    office.fill("[name=from_day]", "2026-11-01")
    office.click("text=保存届次")
    sheet.write_text(LIST + "daibiao,陈明,没有的团,,,,,\n", encoding="utf-8")
    office.set_input_files("[name=file]", sheet)
    office.click("button:has-text('检查')")
    expect(office.locator("#mistakes")).to_contain_text("没有代表团")
    assert_fits_and_has_no_barrier(office)
    sheet.write_text(LIST, encoding="utf-8")
    office.set_input_files("[name=file]", sheet)
    office.click("button:has-text('检查')")
    expect(office.locator("#ready")).to_contain_text("其中 1 名将新开账号")
    assert_fits_and_has_no_barrier(office)
    office.click("#ready button")
    expect(office.locator("h1")).to_have_text("初始密码")
    assert_fits_and_has_no_barrier(office)


def assert_menu_alone_stands_below(page: Page) -> None:
    """Names of platforms, search and person have one middle in the head of a desk; a long menu
    stands in a row of its own.
    """
    middle = "all => all.map(of => of.getBoundingClientRect()).map(of => of.top + of.bottom)"
    middles = page.locator(".top > :visible:not(.menu)").evaluate_all(middle)
    assert len(middles) > 3
    assert max(middles) - min(middles) <= 2


def test_when_the_office_imports_and_a_deputy_enters_a_fact_then_it_is_verified_and_contested(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Every page fits a phone and a desk, and has no barrier."""
    office = signed_in(browser, address, "lianluo", phone=False)
    fill_the_register(office, tmp_path / "名册.csv")

    deputy = signed_in(browser, address, "daibiao", phone=True)
    assert_fits_and_has_no_barrier(deputy)
    deputy.click("text=陈明 >> nth=-1")
    expect(deputy.locator("#more-title")).to_be_visible()
    assert_fits_and_has_no_barrier(deputy)
    deputy.click("main >> text=履职档案")
    deputy.click("text=补记一项履职活动")
    deputy.select_option("[name=kind]", "training")
    deputy.fill("[name=title]", "履职能力培训")
    deputy.click("button:has-text('补记')")
    expect(deputy.locator("#wrong-day")).to_be_visible()
    assert deputy.input_value("[name=title]") == "履职能力培训"
    assert_fits_and_has_no_barrier(deputy)
    deputy.fill("[name=day]", "2026-11-20")
    deputy.click("button:has-text('补记')")
    expect(deputy.locator("h1")).to_have_text("履职能力培训")
    fact = deputy.url

    office.goto(f"{address}/duty/records")
    assert_fits_and_has_no_barrier(office)
    assert_menu_alone_stands_below(office)
    office.click("text=履职能力培训")
    office.click("button:has-text('核实')")
    expect(office.locator("main")).to_contain_text("已核实")

    deputy.goto(fact)
    assert_fits_and_has_no_barrier(deputy)
    objection = deputy.locator("form", has=deputy.locator("[name=objection]"))
    deputy.locator("details", has=objection).locator("summary").first.click()
    objection.locator("[name=objection]").fill("日期应为 19 日")
    objection.locator("button").click()
    expect(deputy.locator("main")).to_contain_text("代表的异议：日期应为 19 日")
    assert_fits_and_has_no_barrier(deputy)
    deputy.goto(f"{address}/duty/records")
    expect(deputy.locator("main")).to_contain_text("有异议，待处理")
    assert_fits_and_has_no_barrier(deputy)
