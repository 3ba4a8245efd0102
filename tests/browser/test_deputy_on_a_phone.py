"""A deputy with a phone sees the spill arrive, opens the alert and acknowledges it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Browser, Page, expect

from qingyuan.demo.ports import BROKER_PORTS
from tests.browser.conftest import assert_fits_and_has_no_barrier, entered


@pytest.fixture(scope="module")
def page(browser: Browser, centre: tuple[str, dict[str, str]]) -> Page:
    """A phone, signed in as a deputy at the second attempt."""
    address, passwords = centre
    page = entered(browser, address, "daibiao", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("不正确")
    page.fill("[name=username]", "daibiao")
    page.fill("[name=password]", passwords["daibiao"])
    page.click("button[type=submit]")
    return page


def test_a_deputy_sees_the_spill_arrive_without_a_reload_and_acknowledges_it(page: Page) -> None:
    """From a calm overview to a name and a time under the alert."""
    expect(page.locator("#map .marker")).not_to_have_count(0)
    page.evaluate("window.mark = 'still here'")

    expect(page.locator("#state .bad")).to_contain_text("污染报警", timeout=60_000)
    expect(page.locator("#map .polluted")).not_to_have_count(0)
    assert page.evaluate("window.mark") == "still here"

    page.locator("#state .bad").click()
    page.locator("#list a[href*='/environment/alerts/']").first.click()
    expect(page.locator("#what")).to_contain_text("GB 3838-2002")
    page.get_by_role("button", name="确认已知晓").click()
    expect(page.locator("#what .done")).to_contain_text("陈明 于")


@pytest.mark.parametrize(
    "path",
    [
        "/environment/",
        "/environment/stations/tonglv-jinsha",
        "/environment/stations/air-jinsha",
        "/environment/stations/tonglv-jinsha/judging",
        "/environment/stations/air-jinsha/judging",
        "/environment/alerts",
    ],
)
def test_pages_fit_a_phone_and_have_no_serious_barrier(
    page: Page, centre: tuple[str, dict[str, str]], path: str
) -> None:
    """Nothing wider than the screen; axe-core finds no serious violation."""
    page.goto(centre[0].rstrip("/") + path)
    assert_fits_and_has_no_barrier(page)


@pytest.fixture(scope="module")
def officer(browser: Browser, centre: tuple[str, dict[str, str]]) -> Page:
    """A phone, signed in as an officer."""
    address, passwords = centre
    return entered(browser, address, "huanbao", passwords["huanbao"])


def test_an_officer_sees_how_the_centre_runs_and_who_was_refused(officer: Page) -> None:
    """Somebody who knocks at the broker stands on the page a moment later, without a reload."""
    officer.get_by_role("link", name="运行").click()
    expect(officer.locator("#centre")).to_contain_text("运行正常", timeout=20_000)
    expect(officer.locator("#samples tbody tr")).to_have_count(10)
    assert_fits_and_has_no_barrier(officer)

    knock(BROKER_PORTS)

    expect(officer.locator("#attempts")).to_contain_text("somebody", timeout=20_000)
    assert_fits_and_has_no_barrier(officer)


def test_a_phone_in_english_fits_and_turns_to_chinese(
    browser: Browser, centre: tuple[str, dict[str, str]]
) -> None:
    """English is longer: nothing is wider than the screen, and nothing of the header overlaps."""
    address, passwords = centre
    page = entered(browser, address, "huanbao", passwords["huanbao"], language="en-GB")
    paths = ("", "stations/tonglv-jinsha", "alerts", "rules", "rules/ammonia-over-class")
    for path in paths:
        page.goto(f"{address.rstrip('/')}/environment/{path}")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert_fits_and_has_no_barrier(page)
        brand, person = (page.locator(of).bounding_box() for of in (".brand span", ".person"))
        assert brand
        assert person
        assert brand["x"] + brand["width"] <= person["x"]
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_url(f"{address.rstrip('/')}/environment/{paths[-1]}")


def test_an_officer_reviews_a_span_of_the_chart_and_takes_it_back(
    officer: Page, centre: tuple[str, dict[str, str]]
) -> None:
    """Chosen by a drag; flag and cause are told on the chart, and the decision in the list."""
    officer.goto(f"{centre[0].rstrip('/')}/environment/stations/xinjianghai-shigang")
    expect(officer.locator("[data-chart] canvas")).to_be_visible()
    officer.get_by_role("link", name="复核与订正").click()
    expect(officer.locator("[data-chart] canvas").first).to_be_visible()
    before = officer.input_value("[name=begin]")
    officer.wait_for_load_state("networkidle")
    drag(officer, 0.3, 0.6)
    expect(officer.locator("[name=begin]")).not_to_have_value(before)
    officer.get_by_label("标记为可疑").check()
    officer.get_by_role("button", name="保存").click()
    expect(officer.get_by_role("alert")).to_contain_text("请写明原因")
    expect(officer.get_by_label("标记为可疑")).to_be_checked()
    officer.get_by_label("原因").fill("电极清洗")
    officer.get_by_role("button", name="保存").click()

    expect(officer.locator("#decisions")).to_contain_text("氨氮：标记为可疑")
    expect(officer.locator(".marks")).to_contain_text("可疑")
    hover(officer, 0.45)
    expect(officer.locator("[data-chart]")).to_contain_text("可疑：人工复核")
    assert_fits_and_has_no_barrier(officer)

    officer.locator("#decisions summary").first.click()
    officer.get_by_role("button", name="确认撤回").click()
    expect(officer.locator("#decisions li").first).to_contain_text("已撤回")
    expect(officer.locator(".marks")).not_to_contain_text("可疑")


def hover(page: Page, across: float) -> None:
    """Over the chart, at a part of its width."""
    box = page.locator("[data-chart]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + box["height"] / 2, steps=5)


def drag(page: Page, begin: float, end: float) -> None:
    """Across the chart, from one part of its width to another."""
    page.locator("[data-chart]").scroll_into_view_if_needed()
    hover(page, begin)
    page.mouse.down()
    hover(page, end)
    page.mouse.up()


def knock(ports: Iterable[int]) -> None:
    """A client with a wrong name and password at whichever of these ports is a broker."""
    for port in ports:
        client = Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set("somebody", "guessed")
        with contextlib.suppress(OSError):
            client.connect("127.0.0.1", port)
            client.loop_start()
            client.disconnect()
            client.loop_stop()
