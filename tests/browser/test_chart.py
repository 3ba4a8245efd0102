"""A chart by keyboard, by its form and beside another; in the accessibility tree; when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from config.vocabulary.time import HOUR_MS
from tests.api.conftest import (  # noqa: F401
    NOW_MS,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
)
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier
from tests.browser.test_stale_page import (  # noqa: F401
    STATION,
    Pages,
    axis_of,
    libraries,
    opened,
    pages,
)

Opened = Callable[..., Page]
PATH = f"stations/{STATION}"


def drawn(page: Page) -> None:
    """Once there are words of what is drawn."""
    expect(page.locator(".chart-summary")).to_contain_text("有效")


def test_a_keyboard_reads_out_values_zooms_and_moves(opened: Opened) -> None:  # noqa: F811
    """The chart is a slider with a name and its values in words, and the address keeps the view."""
    page = opened(PATH, DESK)
    drawn(page)
    chart = page.get_by_role("slider", name="通吕运河平潮断面 氨氮变化曲线 2026-11-24 11:00")
    chart.focus()
    page.keyboard.press("Home")
    expect(chart).to_have_attribute("aria-valuetext", "0.400 mg/L，2026-11-24 11:10:00")
    page.keyboard.press("ArrowRight")
    expect(chart).to_have_attribute("aria-valuetext", "0.400 mg/L，2026-11-24 11:20:00")
    page.keyboard.press("End")
    expect(chart).to_have_attribute("aria-valuenow", "5")
    assert 'slider "通吕运河平潮断面 氨氮变化曲线' in page.locator("main").aria_snapshot()

    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("begin=2026-11-24T11%3A15"))
    page.keyboard.press("Shift+ArrowLeft")
    expect(chart).to_have_attribute("aria-label", re.compile("11:00 — 2026-11-24 11:30"))
    assert_fits_and_has_no_barrier(page)


def test_dates_and_a_second_curve_are_chosen_and_kept_in_the_address(
    opened: Opened,  # noqa: F811
) -> None:
    """Another indicator with its own axis; whoever opens the address sees the same."""
    page = opened(PATH, PHONE)
    drawn(page)
    page.get_by_text("日期、均值与对比").click()
    page.get_by_label("起", exact=True).fill("2026-11-24T10:00")
    page.get_by_label("止", exact=True).fill("2026-11-24T12:00")
    page.get_by_label("对比").select_option(label="溶解氧")
    expect(page.locator(".marks")).to_contain_text("溶解氧 mg/L")
    expect(page.locator(".chart-summary")).to_contain_text("溶解氧 — 逐条读数")
    low, high = axis_of(page) or (0, 0)
    assert (low, high) == (NOW_MS - 2 * HOUR_MS, NOW_MS)
    assert_fits_and_has_no_barrier(page)
    page.reload()
    expect(page.locator(".marks")).to_contain_text("溶解氧 mg/L")
    assert axis_of(page) == (low, high)


@pytest.mark.parametrize("code", ["w21003", "w01009"])
def test_what_cannot_be_had_is_said_and_draws_nothing(
    opened: Opened,  # noqa: F811
    code: str,
) -> None:
    """The curve itself, or the one beside it, which leaves the first as it is."""
    page = opened(PATH, DESK)
    drawn(page)

    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    page.route(f"**/series/{code}?*", refuse)
    page.get_by_text("日期、均值与对比").click()
    page.get_by_label("对比").select_option(label="溶解氧")
    failed = page.locator(".chart-failed")
    expect(failed).to_contain_text("取不到" if code == "w21003" else "取不到对比曲线")
    assert (axis_of(page) is None) == (code == "w21003")
