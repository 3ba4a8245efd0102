"""The wall of the hall: a district of 60 stations, calm or in alarm, for hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, ViewportSize, expect

from alerting.alert import Change, Level
from api.wall.records import MOST_ALERTS
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    NOW_MS,
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
from tests.browser.conftest import PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

STATIONS = 60
READABLE = 8
"""Pixels of a Chinese character that one can tell from another."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """A district of 60 stations, made of the demonstration's ten."""
    known = loading.load(DISTRICTS / "tongzhou")
    stations = {}
    for number in range(STATIONS // len(known.stations)):
        for one in known.stations.values():
            longitude, latitude = one.position
            moved = (longitude + 0.012 * number, latitude - 0.009 * number)
            name = f"{one.id}-{number}" if number else one.id
            order = one.order and one.order + 10 * number
            stations[name] = replace(
                one, id=name, name=f"{one.name}{number or ''}", position=moved, order=order
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
    """The wall on a screen, heard and drawn."""
    found: list[Page] = []
    port = free_port()
    with served(calm.services, "127.0.0.1", port):
        address = f"http://127.0.0.1:{port}"

        def open_at(screen: ViewportSize) -> Page:
            page = entered(
                browser, address, "daigongwei", PASSWORDS["daigongwei"], screen, path="/wall/"
            )
            expect(page.locator("#wall-map .wall-station")).to_have_count(STATIONS)
            expect(page.locator("#wall-figures .card")).to_have_count(5)
            found.append(page)
            return page

        yield open_at
        for page in found:
            page.context.close()


def nodes(page: Page) -> int:
    """Of the whole document, texts included."""
    return int(
        page.evaluate(
            """() => {
              const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
              let count = 0;
              while (walker.nextNode()) count++;
              return count;
            }"""
        )
    )


def test_given_sixty_stations_when_an_alert_fires_then_the_hall_sees_it_in_colour_form_and_words(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre
) -> None:
    """Calm before, and nothing moves in either state."""
    page = opened(HALL)
    state, marked = page.locator("#wall-state"), page.locator(".wall-station.marked")
    expect(state).to_have_text("现在没有报警")
    expect(marked).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollHeight") <= HALL["height"]

    with page.expect_response("**/wall/"):
        calm.put(spill())
        heard(calm)
    expect(state).to_have_text("1 个站点正在污染报警")
    expect(marked).to_have_text("平潮镇 警告")
    assert page.locator(".wall-station .alarm").evaluate(
        "of => getComputedStyle(of).clipPath"
    ) != ("none")
    row = page.locator("#wall-stations [data-key=tonglv-pingchao]")
    expect(row).to_contain_text("警告")
    expect(page.locator("#wall-alerts li")).to_contain_text("通吕运河平潮断面")
    assert page.evaluate("document.getAnimations().length") == 0
    assert_fits_and_has_no_barrier(page)


def test_given_neighbours_in_alarm_then_the_graver_one_lies_above_and_words_cover_nothing(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre
) -> None:
    """Whichever of them lies further south; where there is no room the graver one is named."""
    near = ["tonglv-pingchao", *(f"tonglv-pingchao-{number}" for number in range(1, 5))]
    for number, station in enumerate(near):
        level = Level.NOTICE if number else Level.CRITICAL
        calm.put(spill(id=str(number) * 20, station=station, level=level))
    page = opened(PHONE)
    marked = page.locator(".wall-station.marked")
    expect(marked).to_have_count(len(near))
    grave, slight = (
        marked.filter(has=page.locator(f".{of}")).first for of in ("critical", "notice")
    )
    expect(grave.locator(".label")).to_be_visible()
    rooms = [
        box
        for label in page.locator(".wall-station.marked .label:not(.covered)").all()
        if (box := label.bounding_box())
    ]
    assert len(rooms) < len(near)
    for one, other in combinations(rooms, 2):
        beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        apart = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
        assert beside or apart
    above, below = (
        int(of.evaluate("of => getComputedStyle(of).zIndex")) for of in (grave, slight)
    )
    assert above > below


@pytest.mark.parametrize("screen", [HALL, ViewportSize(width=1440, height=900)])
def test_given_more_alerts_than_the_wall_says_then_the_last_that_it_says_is_whole(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre, screen: ViewportSize
) -> None:
    """Nobody scrolls in a hall; the titles can be read in a picture of a quarter of the size."""
    for number in range(MOST_ALERTS + 1):
        calm.put(spill(id=str(number) * 20))
    page = opened(screen)
    listed = page.locator("#wall-alerts")
    expect(listed.locator("li")).to_have_count(MOST_ALERTS)
    last, around = listed.locator("li").last.bounding_box(), listed.bounding_box()
    assert last
    assert around
    assert last["y"] + last["height"] <= around["y"] + around["height"]
    size = "of => parseFloat(getComputedStyle(of).fontSize)"
    title = page.locator("#wall-alerts li a").last.evaluate(size)
    assert title >= READABLE * 4 * screen["width"] / HALL["width"]


def test_given_five_hundred_events_then_the_document_has_as_many_nodes_as_before(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre
) -> None:
    """Each is shown: the alert comes and goes, and what is drawn is marked anew, never added."""
    page = opened(HALL)
    page.evaluate("""() => {
      globalThis.renewals = 0;
      document.addEventListener("qingyuan:renewed", () => renewals++);
    }""")
    state = page.locator("#wall-state")
    alert, before = spill(), nodes(page)
    for turn in range(4):
        calm.put(alert)
        for _event in range(60):
            heard(calm)
        expect(state).to_have_class("wall-state bad")
        over = alert.resolve(NOW_MS + turn)
        calm.put(over, Change.RESOLVED)
        for _event in range(65):
            heard(calm)
        expect(state).to_have_class("wall-state calm")
    assert page.evaluate("renewals") >= 8
    assert nodes(page) == before


def test_given_a_phone_then_the_same_stands_in_one_column(
    opened: Callable[[ViewportSize], Page], calm: RunningCentre
) -> None:
    """Nothing wider than the screen, the state first."""
    calm.put(spill(level=Level.CRITICAL))
    page = opened(PHONE)
    boxes = [
        page.locator(of).bounding_box()
        for of in ("#wall-state", ".wall-map", "#wall-alerts", "#wall-figures", "#wall-case")
    ]
    found = [box for box in boxes if box]
    assert len(found) == len(boxes)
    assert [box["y"] for box in found] == sorted(box["y"] for box in found)
    assert {round(box["x"]) for box in found} == {round(found[0]["x"])}
    assert_fits_and_has_no_barrier(page)
