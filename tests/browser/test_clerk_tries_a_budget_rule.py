"""The clerk of the office tries the rule on year-end rush on a past year, sees what another limit
would have asked, and saves it with a reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from api.platforms.budget.rulebook import repository as rulebook
from qingyuan.runtime.page_server import served
from tests.api.budget.test_payments import sent
from tests.api.budget.test_rules import BOOKS, RUSH, WHY
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


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """Where the pages answer, with three years of payments in which one unit hurries."""
    port = free_port()
    with served(centre.services, "127.0.0.1", port):
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=60) as client:
            sent(entered_over_http(client, "lianluo"), BOOKS)
        yield url


def checked(page: Page, name: str) -> None:
    """It fits, has no barrier, and may be looked at later."""
    assert_fits_and_has_no_barrier(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_when_a_clerk_tries_the_rush_rule_on_last_year_then_both_are_seen_and_a_reason_saves_it(
    centre: RunningCentre,  # noqa: F811
    address: str,
    browser: Browser,
) -> None:
    """From the list to the trial, past a mistake, to the new version; on a small screen too."""
    clerk = entered(browser, address, "lianluo", PASSWORDS["lianluo"], DESK, path="/budget/rules")
    checked(clerk, "rules-desk")
    clerk.get_by_role("link", name=re.compile("试算与修改.*年底集中支出")).click()
    share = clerk.get_by_label(re.compile("^占比超过多少才提示"))
    share.fill("四成")
    clerk.get_by_label("用哪一年的数据试算").select_option("2025")
    clerk.get_by_role("button", name="试算", exact=True).click()
    expect(clerk.locator("[id='wrong-parameters.share']")).to_be_visible()
    expect(share).to_have_value("四成")
    share.fill("0.35")
    clerk.get_by_role("button", name="试算", exact=True).click()
    trial = clerk.locator("#trial")
    expect(trial).to_contain_text("现行规则找到 1 个疑点，拟改后找到 2 个，其中 1 个相同")
    expect(trial.locator("#fresh")).to_contain_text("教育局")
    expect(trial.locator("#gone")).to_contain_text("没有。")
    checked(clerk, "trial-desk")
    clerk.set_viewport_size(PHONE)
    checked(clerk, "trial-phone")
    clerk.get_by_role("button", name="保存新版本").click()
    expect(clerk.locator("#wrong-reason")).to_be_visible()
    expect(share).to_have_value("0.35")
    clerk.get_by_label("修改原因").fill(WHY)
    clerk.get_by_role("button", name="保存新版本").click()
    expect(clerk.get_by_role("status")).to_contain_text("新版本已保存")
    expect(clerk.locator("#versions")).to_contain_text("0.45 → 0.35")
    expect(clerk.locator("#versions")).to_contain_text(WHY)
    with centre.services.state.read() as connection:
        saved = next(of for of in rulebook.in_force(connection) if of.id == RUSH)
    assert (saved.parameters["share"], saved.version) == (0.35, 2)
