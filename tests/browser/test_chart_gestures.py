"""A chart under a mouse, under one finger and two, and as a picture to keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Page, expect

from config.vocabulary.time import HOUR_MS, MINUTE_MS
from tests.api.conftest import (  # noqa: F401
    NOW_MS,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
)
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_chart import PATH, drawn
from tests.browser.test_stale_page import axis_of, libraries, opened, pages  # noqa: F401

Opened = Callable[..., Page]
Point = tuple[float, float]
BEGAN_MS = NOW_MS - HOUR_MS
SCALE = 2
"""Pixels of a picture for each of the page."""


@pytest.fixture
def pointed(opened: Opened) -> Page:  # noqa: F811
    """The last hour of a station, with its data."""
    page = opened(PATH, DESK)
    drawn(page)
    return page


@pytest.fixture
def touched(opened: Opened) -> Page:  # noqa: F811
    """The same under fingers."""
    page = opened(PATH, PHONE)
    drawn(page)
    page.locator("[data-chart]").evaluate("box => box.scrollIntoView({ block: 'center' })")
    return page


def at(page: Page, part: float, down: float = 0.5) -> Point:
    """A point of the chart, by parts of its width and height."""
    box = page.locator("[data-chart]").bounding_box()
    assert box is not None
    return box["x"] + part * box["width"], box["y"] + down * box["height"]


def fingers(page: Page) -> CDPSession:
    """What the screen reports of them."""
    found = page.context.new_cdp_session(page)
    found.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    return found


def touch(screen: CDPSession, *ways: tuple[Point, Point]) -> None:
    """Each finger goes down, along its way in steps, and up."""

    def points(part: float) -> list[dict[str, float]]:
        return [
            {"x": a[0] + part * (b[0] - a[0]), "y": a[1] + part * (b[1] - a[1]), "id": n}
            for n, (a, b) in enumerate(ways)
        ]

    def send(kind: str, touching: list[dict[str, float]]) -> None:  # noqa: F811
        screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touching})

    send("touchStart", points(0))
    for step in range(1, 11):
        send("touchMove", points(step / 10))
    send("touchEnd", [])


def shown(page: Page, low_ms: float, high_ms: float) -> bool:
    """Whether the axis shows a span, once its data are there; its clock runs on meanwhile."""
    drawn(page)
    return axis_of(page) == pytest.approx((low_ms, high_ms), abs=MINUTE_MS)


def test_a_drag_moves_the_span_and_never_ahead_of_now(pointed: Page) -> None:
    """Given the last hour, when the curve is dragged by half its width to the right, then the half
    hour before is seen; dragged back further than now, it follows now again.
    """
    assert shown(pointed, BEGAN_MS, NOW_MS)
    pointed.mouse.move(*at(pointed, 0.25))
    pointed.mouse.down()
    pointed.mouse.move(*at(pointed, 0.5), steps=5)
    pointed.mouse.move(*at(pointed, 0.75), steps=5)
    pointed.mouse.up()
    expect(pointed).to_have_url(re.compile("begin=2026-11-24T10%3A30.*end=2026-11-24T11%3A30"))
    expect(pointed.get_by_role("slider")).to_have_attribute(
        "aria-label", re.compile("— .* 11:30$")
    )
    assert shown(pointed, BEGAN_MS - HOUR_MS / 2, NOW_MS - HOUR_MS / 2)

    pointed.mouse.move(*at(pointed, 0.9))
    pointed.mouse.down()
    pointed.mouse.move(*at(pointed, 0.1), steps=8)
    pointed.mouse.up()
    expect(pointed).not_to_have_url(re.compile("end="))
    assert shown(pointed, BEGAN_MS, NOW_MS)


def test_a_click_moves_nothing_and_two_zoom_in_where_they_are(pointed: Page) -> None:
    """As does the wheel with Ctrl; without it the page scrolls."""
    pointed.mouse.click(*at(pointed, 0.25))
    pointed.mouse.wheel(0, 100)
    assert shown(pointed, BEGAN_MS, NOW_MS)
    pointed.mouse.dblclick(*at(pointed, 0.0))
    expect(pointed).to_have_url(re.compile("begin=2026-11-24T11%3A00.*end=2026-11-24T11%3A30"))
    pointed.keyboard.down("Control")
    pointed.mouse.move(*at(pointed, 0.5))
    pointed.mouse.wheel(0, -100)
    expect(pointed).to_have_url(re.compile("begin=2026-11-24T11%3A0[12]"))


def test_two_fingers_spread_the_span_about_their_middle(touched: Page) -> None:
    """Twice as far apart shows half as long, and back again; the page is not enlarged."""
    screen = fingers(touched)
    near, far = (at(touched, 0.4), at(touched, 0.6)), (at(touched, 0.3), at(touched, 0.7))
    touch(screen, (near[0], far[0]), (near[1], far[1]))
    expect(touched).to_have_url(re.compile("begin=2026-11-24T11%3A15.*end=2026-11-24T11%3A45"))
    assert shown(touched, BEGAN_MS + HOUR_MS / 4, NOW_MS - HOUR_MS / 4)
    assert touched.evaluate("visualViewport.scale") == 1

    touch(screen, (far[0], near[0]), (far[1], near[1]))
    expect(touched).to_have_url(re.compile("begin=2026-11-24T11%3A00|begin=2026-11-24T10%3A59"))


def test_one_finger_moves_the_span_aside_and_the_page_up_and_down(touched: Page) -> None:
    """Whoever scrolls over the chart is not held by it."""
    screen = fingers(touched)
    touch(screen, (at(touched, 0.3), at(touched, 0.8)))
    expect(touched).to_have_url(re.compile("begin=2026-11-24T10%3A30.*end=2026-11-24T11%3A30"))
    before = (BEGAN_MS - HOUR_MS / 2, NOW_MS - HOUR_MS / 2)
    assert shown(touched, *before)
    above = touched.evaluate("scrollY")
    touch(screen, (at(touched, 0.5, 0.8), at(touched, 0.5, 0.1)))
    touched.wait_for_function("above => scrollY > above", arg=above)
    assert shown(touched, *before)


def test_a_picture_shows_what_the_page_shows(pointed: Page, tmp_path: Path) -> None:
    """A PNG of twice the chart's width, higher than it by title and words, in more than one colour,
    that has the ink of the curve and the name of station and indicator.
    """
    with pointed.expect_download() as kept:
        pointed.get_by_role("button", name="下载图片").click()
    assert kept.value.suggested_filename == "tonglv-pingchao-w21003.png"
    kept.value.save_as(tmp_path / "chart.png")
    box = pointed.locator("[data-chart]")
    width, height = box.evaluate("box => [box.clientWidth, box.clientHeight]")
    with Image.open(tmp_path / "chart.png") as picture:
        picture.load()
        assert picture.format == "PNG"
        assert picture.width == SCALE * width
        assert SCALE * height < picture.height < SCALE * (height + 300)
        rows = picture.convert("RGB")
    title = rows.crop((0, 0, rows.width, SCALE * 38))
    middle = rows.crop((0, SCALE * 60, rows.width, SCALE * height))
    ink = pointed.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--teal')")
    colours = {of for _, of in middle.getcolors(1 << 24) or ()}
    assert len(title.getcolors(1 << 24) or ()) > 2
    assert tuple(bytes.fromhex(ink.strip().removeprefix("#"))) in colours
