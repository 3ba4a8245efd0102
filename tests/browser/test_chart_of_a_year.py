"""A year in one chart, on every screen and in both themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from alerting.alert import Level, State
from config.vocabulary.time import DAY_MS, HOUR_MS
from tests.api.conftest import (  # noqa: F401
    NOW_MS,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
    spill,
)
from tests.api.test_charts import a_year_of
from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier
from tests.browser.test_chart import PATH, drawn
from tests.browser.test_stale_page import STATION, Pages, libraries, opened, pages  # noqa: F401

HALL = ViewportSize(width=1920, height=1080)
LEVELS = tuple(Level)
FINGER_PX = 24
"""The least size of what is touched, WCAG 2.2, 2.5.8."""


@pytest.mark.parametrize(
    ("screen", "theme"),
    [(PHONE, "light"), (DESK, "dark"), (HALL, "light")],
    ids=["phone", "desk", "hall"],
)
def test_a_year_is_shown_unasked_by_its_days(
    opened: Callable[..., Page],  # noqa: F811
    pages: Pages,  # noqa: F811
    screen: ViewportSize,
    theme: str,
) -> None:
    """Given readings and alerts of a year, when its chip is touched, then days are drawn, so many as
    it has, and words, limits and tools have room.
    """
    a_year_of(pages.centre, f"{STATION}/w21003")
    for n in range(40):
        began_ms = NOW_MS - (n * 9 + 1) * DAY_MS
        ended = {"state": State.RESOLVED, "resolved_ms": began_ms + 5 * HOUR_MS}
        pages.centre.put(
            spill(
                id=f"{n:020}", began_ms=began_ms, fired_ms=began_ms, level=LEVELS[n % 4], **ended
            )
        )
    page = opened(PATH, screen)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    drawn(page)
    page.get_by_role("button", name="1 年").click()
    expect(page.locator(".chart-summary")).to_contain_text("日均值：有效 365 个")
    expect(page.locator(".chart-alerts b")).to_have_text("40")
    points = page.evaluate(
        """() => echarts.getInstanceByDom(document.querySelector("[data-chart]"))
          .getOption().series.map(({ data }) => data?.length ?? 0)"""
    )
    assert max(points) <= 367
    assert_fits_and_has_no_barrier(page)
    small = page.evaluate(
        """least => [...document.querySelectorAll(".chart-tools button, .chart-tools summary")]
          .map((of) => [of.textContent, of.getBoundingClientRect()])
          .filter(([, { width, height }]) => Math.min(width, height) < least)
          .map(([text]) => text)""",
        FINGER_PX,
    )
    assert small == []
