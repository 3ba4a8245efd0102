"""Maps on the pages of stations, and the tiles beneath them where a setting names some."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from config.map_tiles import MapSettings
from config.settings import load
from config.vocabulary.errors import FaultyInput
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
from tests.browser.calm_district import HALL, be_calm
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

TILES = MapSettings("https://tiles.example/{z}/{x}/{y}.png", "Example <b>maps</b>", "gcj02")
STATION = "tonglv-jinsha"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


def asked_elsewhere(page: Page, address: str) -> list[str]:
    """Requests of the page to any other host, as they come; each is answered with a pixel."""
    found: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            found.append(route.request.url)
            route.fulfill(body=PIXEL, content_type="image/png")

    page.route("**/*", answer)
    return found


@contextmanager
def visited(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
    size: ViewportSize,
    tiles: MapSettings | None = None,
) -> Iterator[tuple[Page, str, list[str]]]:
    """A deputy's browser, the address of the pages, and the requests to any other host."""
    be_calm(centre)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    services = replace(centre.services, map=tiles) if tiles else centre.services
    with served(services, "127.0.0.1", port):
        page = entered(browser, address, "daibiao", PASSWORDS["daibiao"], size)
        yield page, address, asked_elsewhere(page, address)
        page.context.close()


def test_given_no_tiles_then_the_station_page_shows_its_neighbours_and_asks_nobody_else(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """The station and those beside it on the river, and no others; the list has the same."""
    with visited(browser, centre, PHONE) as (page, address, found):
        page.goto(f"{address}/environment/stations/{STATION}")
        expect(page.locator("#map .marker")).to_have_count(3)
        expect(page.locator("#near li")).to_have_count(2)
        expect(page.locator("#map-hint")).to_contain_text("WGS 84")
        assert_fits_and_has_no_barrier(page)
        page.goto(f"{address}/environment/stations/{STATION}/days/2026-11-20")
        assert_fits_and_has_no_barrier(page)
        assert found == []


def test_given_tiles_in_gcj_02_then_they_alone_are_asked_for_and_say_whose_they_are(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """The policy of the page lets images in from that host, and nothing else from there."""
    with visited(browser, centre, DESK, TILES) as (page, address, found):
        answer = page.goto(f"{address}/environment/stations/{STATION}")
        assert answer
        policy = answer.headers["content-security-policy"]
        assert "img-src 'self' https://tiles.example data:;" in policy
        assert policy.count("tiles.example") == 1
        expect(page.locator("#map .leaflet-tile-loaded").first).to_be_attached()
        expect(page.locator("#map .leaflet-control-attribution")).to_contain_text("Example")
        expect(page.locator("#map-hint")).to_contain_text("GCJ-02")
        assert {urlsplit(url).hostname for url in found} == {"tiles.example"}
        zooms = [list(map(int, urlsplit(url).path[1:-4].split("/"))) for url in found]
        longitude, latitude = centre.services.catalogue.stations[STATION].position
        level, *_ = zooms[-1]
        across = 2**level
        east = int((longitude + 180) / 360 * across)
        angle = math.asinh(math.tan(math.radians(latitude)))
        south = int((1 - angle / math.pi) / 2 * across)
        assert [level, east, south] in zooms


def test_given_tiles_then_they_lie_beneath_the_map_of_the_wall_too(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """In its datum, with whose they are; the stations stand on them."""
    with visited(browser, centre, HALL, TILES) as (page, address, found):
        page.goto(f"{address}/wall/")
        expect(page.locator("#wall-map .leaflet-tile-loaded").first).to_be_attached()
        expect(page.locator("#wall-map .leaflet-control-attribution")).to_contain_text("Example")
        expect(page.locator(".wall-map .legend")).to_contain_text("GCJ-02")
        stations = len(centre.services.catalogue.stations)
        expect(page.locator("#wall-map .wall-station")).to_have_count(stations)
        assert {urlsplit(url).hostname for url in found} == {"tiles.example"}
        assert_fits_and_has_no_barrier(page)


@pytest.mark.parametrize(
    "tiles",
    ["//tiles.example/{z}/{x}/{y}", "https://tiles.example/", "https://{s}.example/{z}/{x}/{y}",
     "https://a.example;script-src *//{z}/{x}/{y}"],
)  # fmt: skip
def test_given_an_address_that_is_none_of_tiles_then_it_is_refused(tiles: str) -> None:
    """Of one host, and with nothing that would open the policy of the pages further."""
    with pytest.raises(FaultyInput, match="map.tiles"):
        load(None, {"QINGYUAN_MAP_TILES": tiles})
