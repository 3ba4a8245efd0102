"""A page that does not hear from its server says so, and claims no calm meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from config.vocabulary.time import HOUR_MS
from ingest.annotations.overlay import Overlaid
from ingest.store.protocol import StoreAway
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
    spill,
)
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.browser.relay import Relay
from tests.conftest import free_port

STATION = "tonglv-pingchao"
LIVE = f"qy/v1/tongzhou/{STATION}/live"
WATER = {"w01001": 7.5, "w01009": 7.0, "w21003": 0.4, "w21011": 0.15, "w01019": 3.0}
AIR = {"a34004": 40.0, "a34002": 60.0, "a21026": 9, "a21004": 30, "a21005": 0.7, "a05024": 90}
NOON = "12:00:00"
SILENT_MS, RETRY_MS = 41_000, 6000


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


class Pages:
    """A server that can be stopped, and a relay before it."""

    def __init__(self, centre: RunningCentre) -> None:  # noqa: F811
        self.centre = centre
        self._port = free_port()
        self._running = ExitStack()
        self.start()
        self.relay = Relay(self._port)
        self.address = f"http://127.0.0.1:{self.relay.port}/"

    def start(self) -> None:
        """Answer."""
        self.centre.services.live._closed = False
        self._running.enter_context(served(self.centre.services, "127.0.0.1", self._port))

    def stop(self) -> None:
        """End every connection and answer no more."""
        self._running.close()

    def close(self) -> None:
        """Be gone."""
        self.relay.close()
        self.stop()


@pytest.fixture
def pages(centre: RunningCentre) -> Iterator[Pages]:  # noqa: F811
    """A district in which all is well."""
    for station in centre.services.catalogue.stations.values():
        for code, value in (WATER if station.kind == "water" else AIR).items():
            centre.measured(f"{station.id}/{code}", [value] * 12)
    with closing(Pages(centre)) as found:
        yield found


@pytest.fixture
def opened(browser: Browser, pages: Pages) -> Iterator[Callable[..., Page]]:
    """A deputy's screen at a path, with a clock that a test moves."""
    found: list[Page] = []

    def open_at(path: str = "", screen: ViewportSize = PHONE) -> Page:
        page = entered(browser, pages.address, "daibiao", PASSWORDS["daibiao"], screen)
        page.clock.install()
        with page.expect_response(lambda answer: answer.url.endswith("/api/v1/live")):
            page.goto(f"{pages.address}environment/{path}")
        found.append(page)
        return page

    yield open_at
    for page in found:
        page.context.close()


def expect_stale(page: Page, at: str = NOON) -> None:
    """Grey, with the time of the server's last word, and no word of calm."""
    expect(page.locator("#offline")).to_contain_text(f"截至 {at}，之后情况不明")
    for calm in page.locator(".calm, .live-dot").all():
        expect(calm).to_be_hidden()
    expect(page.locator("main")).to_have_css("filter", "grayscale(1)")


def expect_fresh(page: Page) -> None:
    """In colour, and calm."""
    expect(page.locator("#offline")).to_be_empty(timeout=20_000)
    expect(page.locator("main")).to_have_css("filter", "none")


def test_a_link_that_swallows_every_byte_is_known_by_the_missing_beat(
    opened: Callable[..., Page], pages: Pages
) -> None:
    """Forty seconds of silence; when the link is back the page is renewed."""
    page = opened()
    expect(page.locator("#state .calm")).to_be_visible()
    pages.relay.hold()
    page.clock.fast_forward(SILENT_MS)
    expect_stale(page)
    assert_fits_and_has_no_barrier(page)

    pages.centre.clock.now_ms += 5 * 60_000
    pages.centre.put(spill())
    pages.relay.release()
    expect_fresh(page)
    expect(page.locator("#state .bad")).to_contain_text("污染报警")


def test_a_phone_without_a_network_shows_no_calm_and_no_gap(
    opened: Callable[..., Page],
) -> None:
    """What is asked for then is refused in words, without an axis that has no data."""
    page = opened(f"stations/{STATION}")
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    expect(page.locator(".live-dot")).to_be_visible()
    page.context.set_offline(True)
    expect_stale(page)
    page.get_by_role("button", name="6 小时").click()
    expect(page.locator(".chart-failed")).to_contain_text("取不到曲线数据")
    assert axis_of(page) is None

    page.context.set_offline(False)
    expect_fresh(page)
    expect(page.locator(".chart-failed")).to_be_empty()
    low, high = axis_of(page) or (0, 0)
    assert high - low == pytest.approx(6 * HOUR_MS, abs=60_000)
    assert faults == []


@pytest.mark.parametrize("path", ["", "alerts"])
def test_a_server_that_stops_takes_the_word_of_calm_with_it(
    opened: Callable[..., Page], pages: Pages, path: str
) -> None:
    """At once, for the connection ends; when it answers again so does the page."""
    page = opened(path)
    expect(page.locator(".calm")).to_be_visible()
    pages.stop()
    expect_stale(page)
    pages.start()
    page.clock.fast_forward(RETRY_MS)
    expect_fresh(page)
    expect(page.locator(".calm")).to_be_visible()


def test_a_page_that_cannot_be_renewed_is_stale_though_its_stream_lives(
    opened: Callable[..., Page], pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away: the server answers, but not with what is so now."""
    page = opened()

    def away() -> None:
        raise StoreAway("away")

    assert isinstance(pages.centre.services.store, Overlaid)
    with monkeypatch.context() as patch:
        patch.setattr(pages.centre.services.store.original, "latest", away)
        pages.centre.services.live.hear(LIVE, b"{}")
        expect_stale(page)
    page.clock.fast_forward(RETRY_MS)
    expect_fresh(page)


def test_a_page_out_of_the_browsers_cache_is_asked_for_anew(
    opened: Callable[..., Page],
) -> None:
    """Without a network it is stale at once."""
    page = opened()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect_stale(page)
    page.context.set_offline(False)
    expect_fresh(page)


def test_the_clock_of_the_phone_does_not_matter(opened: Callable[..., Page]) -> None:
    """The district's noon is days from that of this machine, and here it is moved too."""
    page = opened()
    page.clock.set_system_time("2026-11-24T23:00:00Z")
    page.locator("#stations a").first.click()
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    noon = 1_795_492_800_000
    low, high = axis_of(page) or (0, 0)
    assert high == pytest.approx(noon, abs=60_000)
    assert low == pytest.approx(noon - HOUR_MS, abs=60_000)


def test_a_list_is_renewed_under_the_keyboard_without_losing_it(
    opened: Callable[..., Page], pages: Pages
) -> None:
    """What is read turns red where it stands, and rows that come before it do not move focus."""
    page = opened()
    row = page.locator(f"#stations [href='/environment/stations/{STATION}']")
    row.focus()
    pages.centre.put(spill())
    pages.centre.services.live.hear("qy/v1/tongzhou/alerts", b"{}")
    expect(row).to_contain_text("1 条报警")
    expect(row).to_be_focused()

    page.locator("#state .bad").click()
    first = page.locator("#list a").first
    first.focus()
    pages.centre.put(spill(id="b" * 20, began_ms=spill().began_ms + 1000))
    pages.centre.services.live.hear("qy/v1/tongzhou/alerts", b"{}")
    expect(page.locator("#list a")).to_have_count(2)
    expect(page.locator(f"#list [href='/environment/alerts/{'a' * 20}']")).to_be_focused()


def test_a_live_region_stays_and_its_text_changes(
    opened: Callable[..., Page], pages: Pages
) -> None:
    """Screen readers announce a change inside, not a new node."""
    page = opened(screen=DESK)
    page.evaluate("document.getElementById('state').stood = true")
    pages.centre.put(spill())
    pages.centre.services.live.hear("qy/v1/tongzhou/alerts", b"{}")
    expect(page.locator("#state .bad")).to_be_visible()
    assert page.evaluate("document.getElementById('state').stood")


def test_an_ended_session_is_explained_and_leads_back(
    opened: Callable[..., Page], pages: Pages
) -> None:
    """With the query of where one was."""
    page = opened("alerts?show=firing")
    pages.centre.clock.now_ms += 15 * 86_400_000
    pages.centre.services.live.hear(LIVE, b"{}")
    expect(page.get_by_role("status")).to_contain_text("登录已过期")
    page.fill("[name=username]", "daibiao")
    page.fill("[name=password]", PASSWORDS["daibiao"])
    page.click("button[type=submit]")
    expect(page).to_have_url(f"{pages.address}environment/alerts?show=firing")


def axis_of(page: Page) -> tuple[float, float] | None:
    """Both ends of the chart's time, ms; None where nothing is drawn."""
    page.wait_for_load_state("networkidle")
    found = page.evaluate(
        """() => {
          const [axis] = echarts.getInstanceByDom(document.querySelector("[data-chart]"))
            .getOption().xAxis ?? [];
          return axis ? [axis.min, axis.max].map((edge) => edge - 8 * 3600e3) : null;
        }"""
    )
    return (found[0], found[1]) if found else None
