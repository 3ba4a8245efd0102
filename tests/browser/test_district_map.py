"""The map and the list of the overview: a district of sixty stations, and one of four hundred."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations, cycle, islice
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, ViewportSize, expect

from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
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
    spill,
)
from tests.browser.calm_district import HALL, be_calm, heard
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

GOLDEN = math.pi * (3 - math.sqrt(5))
"""Radians between a station and the next, so that no two lie on one line."""
MOST_CLICKS = 20
CLICKED_GROUP = """() => {
  const within = document.getElementById("map").getBoundingClientRect();
  const group = [...document.querySelectorAll("#map .many")].find((one) => {
    const { x, y } = one.getBoundingClientRect();
    return x > within.left && x < within.right && y > within.top && y < within.bottom;
  });
  group?.click();
  return Boolean(group);
}"""


@pytest.fixture(params=[60, 400])
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    """A district of so many stations, made of the demonstration's ten."""
    known = loading.load(DISTRICTS / "tongzhou")
    stations = dict(known.stations)
    more = islice(cycle(known.stations.values()), request.param - len(stations))
    for number, one in enumerate(more, 1):
        radius = 0.15 * math.sqrt(number / request.param)
        longitude = 121.05 + radius * math.cos(number * GOLDEN)
        latitude = 32.08 + 0.8 * radius * math.sin(number * GOLDEN)
        stations[f"{one.id}-{number}"] = replace(
            one,
            id=f"{one.id}-{number}",
            name=f"{one.name}{number}",
            position=(longitude, latitude),
            order=one.order and one.order + 10 * number,
        )
    return replace(known, stations=stations)


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def calm(centre: RunningCentre) -> RunningCentre:  # noqa: F811
    """All is well, everywhere."""
    be_calm(centre)
    return centre


@pytest.fixture
def opened(browser: Browser, calm: RunningCentre) -> Iterator[Callable[[ViewportSize], Page]]:
    """The overview on a screen, drawn."""
    found: list[Page] = []
    port = free_port()
    with served(calm.services, "127.0.0.1", port):

        def open_at(screen: ViewportSize) -> Page:
            address = f"http://127.0.0.1:{port}"
            page = entered(browser, address, "daibiao", PASSWORDS["daibiao"], screen)
            expect(page.locator("#map .marker")).not_to_have_count(0)
            found.append(page)
            return page

        yield open_at
        for page in found:
            page.context.close()


def covering(page: Page, selector: str) -> list[Any]:
    """Pairs of drawn things that lie over one another by more than a pixel."""
    boxes = page.locator(selector).evaluate_all(
        "all => all.map(one => [one.textContent, ...(({left, top, right, bottom}) =>"
        " [left, top, right, bottom])(one.getBoundingClientRect())])"
    )
    return [
        (one[0], other[0])
        for one, other in combinations(boxes, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > 1
        and min(one[4], other[4]) - max(one[2], other[2]) > 1
    ]


def counted(page: Page) -> int:
    """Stations on the map, alone or in the number of a group."""
    return sum(
        int(said or 1)
        for said in page.locator("#map .marker").evaluate_all(
            "all => all.map(one => one.querySelector('.many')?.textContent ?? '')"
        )
    )


@pytest.mark.parametrize("screen", [PHONE, DESK, HALL], ids=["phone", "desk", "hall"])
def test_given_any_number_of_stations_then_no_name_covers_another_and_the_worst_is_named(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre, screen: ViewportSize
) -> None:
    """Every station is counted, in colour, and large enough for a finger's eye."""
    calm.put(spill())
    page = opened(screen)
    stations = len(calm.services.catalogue.stations)
    assert counted(page) == stations
    assert covering(page, "#map .said, #map .symbol, #map .many, #map .name:not(.covered)") == []
    worst = page.locator("#map .marker.polluted")
    expect(worst).to_have_count(1)
    expect(worst.locator(".said")).to_be_visible()
    drawn = page.locator("#map .symbol").evaluate_all(
        "all => all.map(one => [getComputedStyle(one).fill,"
        " getComputedStyle(one.parentElement).color, one.getBoundingClientRect().width])"
    )
    assert all(fill == colour and width == 22 for fill, colour, width in drawn)
    expect(page.locator("#stations li").first).to_contain_text("通吕运河平潮断面")
    assert_fits_and_has_no_barrier(page)


def test_given_a_group_when_it_is_opened_again_and_again_then_its_stations_stand_alone(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre
) -> None:
    """By pointer; by keyboard the map comes nearer too. Moved, it stays where it is."""
    page = opened(PHONE)
    for _ in range(MOST_CLICKS):
        before = page.locator("#map").inner_html()
        if not page.evaluate(CLICKED_GROUP):
            break
        page.wait_for_function("of => document.getElementById('map').innerHTML !== of", arg=before)
    else:
        pytest.fail("there is always another group")
    expect(page.locator("#map .symbol")).not_to_have_count(0)
    before = page.locator("#map").inner_html()
    page.locator("#map").focus()
    page.keyboard.press("-")
    page.wait_for_function("of => document.getElementById('map').innerHTML !== of", arg=before)


def test_given_an_alert_then_map_and_list_say_so_without_a_reload(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre
) -> None:
    """And a list that was narrowed shows the same stations as its map."""
    page = opened(DESK)
    expect(page.locator("#map .polluted")).to_have_count(0)
    calm.put(spill())
    heard(calm)
    expect(page.locator("#map .polluted")).to_have_count(1)
    page.get_by_text("搜索与筛选").click()
    page.get_by_label("状态").select_option("有污染报警")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("#map .marker")).to_have_count(1)
    expect(page.locator("#stations li")).to_have_count(1)
    page.locator("#map .marker").click()
    expect(page.locator("h1")).to_have_text("通吕运河平潮断面")
