"""A source on a phone: registered, due, a file lies down in its folder, and the list says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.roster import ROSTER
from api.shape import Platform
from config.settings import ImportSettings
from config.vocabulary.time import ZONE
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
from tests.api.source_hands import NOVEMBER, Round, lies
from tests.api.toy.manifest import PLATFORM as TOY
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

__all__ = ["centre", "enrolled", "kind", "libraries", "light_hashes", "settings"]


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform that takes payments in."""
    return (*ROSTER, TOY)


@pytest.fixture
def core(centre: RunningCentre, roster: tuple[Platform, ...], tmp_path: Path) -> Round:
    """The jobs of a site that watches folders."""
    root = tmp_path / "watched"
    root.mkdir()
    imports = ImportSettings(folder=str(root))
    centre.services = replace(centre.services, imports=imports, libraries=LIBRARIES)
    return Round(centre, roster, imports)


@pytest.fixture
def address(core: Round) -> Iterator[str]:
    """Where its pages answer, in December."""
    first = datetime(2026, 12, 16, 9, tzinfo=ZONE)
    core.centre.clock.now_ms = round(first.timestamp() * 1000)
    port = free_port()
    with served(core.centre.services, "127.0.0.1", port, core.roster):
        yield f"http://127.0.0.1:{port}"


def test_given_a_source_on_a_phone_when_its_file_lies_down_then_the_missed_month_is_met(
    browser: Browser, address: str, core: Round
) -> None:
    """The officer registers it, sees it overdue, then loaded; on a desk too."""
    page = entered(browser, address, "huanbao", PASSWORDS["huanbao"], PHONE)
    page.goto(f"{address}/imports/sources/new")
    assert_fits_and_has_no_barrier(page)
    page.locator("[name=name]").fill("国库支付")
    page.locator("[name=since_day]").fill("2026-11-01")
    page.locator("[name=way]").select_option("folder")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#wrong-remote")).to_contain_text("不带路径")
    assert_fits_and_has_no_barrier(page)
    page.locator("[name=remote]").fill("guoku")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text("国库支付")

    core.goes()
    page.goto(f"{address}/imports/sources")
    expect(page.locator("#sources")).to_contain_text("2026-11 期没有收到，已超期 2 天")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("link", name="国库支付").click()
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("button", name="测试连接").click()
    expect(page.get_by_text("连接成功，看到 0 份")).to_be_visible()

    lies(Path(core.settings.folder) / "guoku", "支付.csv", NOVEMBER)
    core.goes(3)
    page.goto(f"{address}/imports/sources")
    expect(page.locator("#sources")).not_to_contain_text("没有收到")
    page.get_by_role("link", name="国库支付").click()
    expect(page.locator("#attempts")).to_contain_text("已导入")
    expect(page.locator("#periods")).to_contain_text("2026-11")
    assert_fits_and_has_no_barrier(page)
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    assert_fits_and_has_no_barrier(page)
