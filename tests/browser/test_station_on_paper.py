"""The page of a station as it is printed."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, expect

from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    patient_workbench,
    roster,
    settings,
)
from tests.api.papers import text_of_pdf
from tests.browser.calm_district import be_calm
from tests.browser.conftest import DESK, ROOT, entered
from tests.conftest import free_port


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.mark.parametrize("station", ["tonglv-jinsha", "air-jinsha"])
def test_given_a_station_then_it_prints_on_two_sheets_without_menus_and_forms(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
    station: str,
) -> None:
    """Its class, readings, days, neighbours and instruments are all there."""
    be_calm(centre)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with served(centre.services, "127.0.0.1", port):
        page = entered(browser, address, "daibiao", PASSWORDS["daibiao"], DESK)
        page.goto(f"{address}/environment/stations/{station}")
        expect(page.get_by_role("button", name="打印")).to_be_visible()
        paper = page.pdf(format="A4", print_background=True)
        page.context.close()
    with pypdfium2.PdfDocument(paper) as document:
        assert len(document) <= 2
    text = text_of_pdf(paper)
    for kept in ("最新数据", "近30天每日评价", "相邻站点", "怎样监测"):
        assert kept in text
    for gone in ("打印", "工作台", "6小时", "评价方法"):
        assert gone not in text
