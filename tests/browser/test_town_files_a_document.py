"""A town files a document with one fault, gets it back, files it again and gets its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.roster import ROSTER
from api.shape import Platform
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    enrolled_now,
    kind,
    light_hashes,
    settings,
)
from tests.api.documents.filing_hands import FACTS, PAPERS, PASSWORD, TOWN, text
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """The product's."""
    return ROSTER


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """Where the pages answer."""
    enrolled_now(centre, TOWN, PASSWORD)
    port = free_port()
    with served(centre.services, "127.0.0.1", port, ROSTER):
        yield f"http://127.0.0.1:{port}"


def uploaded(page: Page, paper: str, content: str) -> None:
    """A paper is put to the filing on its page."""
    line = page.locator(f"[data-paper='{paper}']")
    line.locator("summary").click()
    name = f"{paper}.txt"
    line.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )
    line.locator("form[enctype] button").click()
    expect(page.locator(f"[data-paper='{paper}'] a")).to_contain_text(name)


def test_a_town_files_with_one_fault_is_returned_files_again_and_gets_its_receipt(
    browser: Browser, address: str
) -> None:
    """The town on a phone, the office at a desk; both read the same check."""
    town = entered(browser, address, TOWN.username, PASSWORD, PHONE, path="/documents/filings/new")
    form = town.locator("form[action$='/filings/new']")
    form.locator("[name=kind]").select_option("town")
    for name in ("title", "published", "in_force", "valid_until"):
        form.locator(f"[name={name}]").fill(FACTS[name])
    form.locator("[name=number]").fill("平政规〔2026〕7号")
    assert_fits_and_has_no_barrier(town)
    form.locator("button[type=submit]").click()
    expect(town.locator("#check")).to_contain_text("缺少“正式文本”")
    for paper in PAPERS:
        uploaded(town, paper, "见纸质材料")
    uploaded(town, "text", text())
    expect(town.locator("#check")).to_contain_text("正式文本写的是“平政规〔2026〕1号”")
    assert_fits_and_has_no_barrier(town)
    town.locator("form[action$='/steps/send'] button").click()
    expect(town.locator("#procedure-title")).to_contain_text("已报送")
    filing = town.url
    clerk = entered(browser, address, "lianluo", PASSWORDS["lianluo"], DESK, path="/documents/")
    clerk.wait_for_url("**/documents/")
    clerk.goto(filing)
    expect(clerk.locator("#check")).to_contain_text("正式文本写的是“平政规〔2026〕1号”")
    assert_fits_and_has_no_barrier(clerk)
    clerk.locator("summary", has_text="退回").click()
    back = clerk.locator("form[action$='/steps/return']")
    back.locator("[name=reason]").select_option("number")
    back.locator("[name=remark]").fill("文号请按正式文本填写")
    back.locator("button").click()
    town.goto(filing)
    expect(town.locator(".banner.bad")).to_contain_text("文号请按正式文本填写")
    town.locator("a.primary", has_text="修改报备内容").click()
    town.locator("[name=number]").fill(FACTS["number"])
    town.locator("button.primary").click()
    expect(town.locator("#check")).to_contain_text("填写内容与正式文本一致")
    town.locator("form[action$='/steps/send'] button").click()
    expect(town.locator("#procedure-title")).to_contain_text("已报送")
    clerk.goto(filing)
    clerk.locator("a.primary", has_text="登记并出具回执").click()
    expect(clerk.locator("#check")).to_contain_text("填写内容与正式文本一致")
    assert_fits_and_has_no_barrier(clerk)
    clerk.locator("form[action$='/register'] button").click()
    expect(clerk.locator("#facts-title")).to_have_text("备〔2026〕1号")
    town.goto(filing)
    town.locator("a", has_text="规范性文件备案电子回执").click()
    expect(town.locator("main")).to_contain_text("备案号 备〔2026〕1号")
