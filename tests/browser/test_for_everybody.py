"""Every page for whoever uses it: by keyboard alone, in either theme, with large text, on its side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE, assert_fits_and_has_no_barrier, entered

ON_ITS_SIDE = ViewportSize(width=844, height=390)
STATION, AIR, RULE = "tonglv-jinsha", "air-jinsha", "ammonia-over-class"
PAGES = (
    "",
    "alerts",
    "rules",
    "operations",
    "operations/refusals",
    "silences",
    "silences/new",
    "deliveries",
    f"stations/{STATION}",
    f"stations/{AIR}",
    f"stations/{AIR}/judging",
    f"stations/{STATION}/reviews",
    f"rules/{RULE}",
    "../account/",
    "../account/password",
    "../account/second-factor",
    "../account/devices",
    "../account/display",
    "../account/contacts",
    "../help/",
    "../help/roles/deputy",
    "../help/terms",
    "../",
)


@pytest.fixture(scope="module", params=["light", "dark"])
def officer(
    request: pytest.FixtureRequest, browser: Browser, centre: tuple[str, dict[str, str]]
) -> Iterator[Page]:
    """A phone, signed in as an officer, in a theme."""
    address, passwords = centre
    page = entered(browser, address, "huanbao", passwords["huanbao"], PHONE)
    page.emulate_media(color_scheme=request.param)
    yield page
    page.context.close()


def home_of(page: Page) -> str:
    """Where the platform's pages begin."""
    page.locator("#stations a").first.wait_for()
    return page.url.partition("?")[0].rstrip("/") + "/"


@pytest.fixture(scope="module")
def home(officer: Page) -> str:
    """The address of the overview, which ends in a slash."""
    return home_of(officer)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_barrier_in_either_theme(
    officer: Page, home: str, path: str
) -> None:
    """And none is wider than a phone."""
    officer.goto(home + path)
    assert_fits_and_has_no_barrier(officer)


def test_every_group_of_choices_has_a_name_and_no_id_stands_twice(
    officer: Page, home: str
) -> None:
    """Neither is a matter of axe's."""
    found = {}
    for path in PAGES:
        officer.goto(home + path)
        found[path] = officer.evaluate(
            """() => [
              ...[...document.querySelectorAll(".chips, nav, [role=group]")]
                .filter((e) => !e.ariaLabel && !e.hasAttribute("aria-labelledby"))
                .map((e) => e.outerHTML.slice(0, 80)),
              ...[...document.querySelectorAll("[id]")].map((e) => e.id)
                .filter((id, at, all) => all.indexOf(id) !== at),
            ]"""
        )
    assert {path: of for path, of in found.items() if of} == {}


def test_the_sign_in_page_has_no_serious_barrier(
    browser: Browser, centre: tuple[str, dict[str, str]]
) -> None:
    """The first page that anybody sees."""
    page = browser.new_context(viewport=PHONE, bypass_csp=True).new_page()
    page.goto(f"{centre[0]}/sign-in")
    assert_fits_and_has_no_barrier(page)
    page.context.close()


@pytest.fixture(scope="module")
def large(browser: Browser, officer: Page) -> Iterator[Page]:
    """A phone with text at twice its size, in English, whose words are longer."""
    state = officer.context.storage_state()
    context = browser.new_context(
        viewport=PHONE, bypass_csp=True, locale="en", storage_state=state
    )
    page = context.new_page()
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        " document.documentElement.style.fontSize = '200%' })"
    )
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_text_at_twice_its_size_needs_no_scrolling_aside(
    large: Page, home: str, path: str
) -> None:
    """Lines wrap, and nothing is cut off by the edge of the screen."""
    large.goto(home + path)
    large.wait_for_load_state("load")
    assert large.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut = large.evaluate(
        """() => [...document.querySelectorAll("main *, header *")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .filter((e) => !e.closest(".wide, .chips, .tuner, svg, .skip"))
          .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []


def test_a_phone_on_its_side_keeps_most_of_its_height_for_the_page(
    browser: Browser, officer: Page, home: str
) -> None:
    """The header with the menu takes less than a fifth."""
    context: BrowserContext = browser.new_context(
        viewport=ON_ITS_SIDE, storage_state=officer.context.storage_state()
    )
    page = context.new_page()
    page.goto(home)
    top = page.locator(".top").bounding_box()
    assert top is not None
    assert top["height"] < ON_ITS_SIDE["height"] / 5
    assert page.locator(".menu").evaluate("e => getComputedStyle(e).position") == "static"
    context.close()


@pytest.mark.parametrize("path", ["/", "/environment/", "/duty/"])
def test_a_desk_keeps_the_person_in_the_first_row_of_the_head(
    browser: Browser, centre: tuple[str, dict[str, str]], path: str
) -> None:
    """However long the menu is: it stands below, and none of it is pushed under the other."""
    address, passwords = centre
    page = entered(browser, address, "daibiao", passwords["daibiao"], DESK, path=path)
    expect(page.locator(".menu a").first).to_be_visible()
    brand, person = (page.locator(of).bounding_box() for of in (".brand", ".person"))
    assert brand
    assert person
    assert person["y"] < brand["y"] + brand["height"]
    assert person["x"] > DESK["width"] / 2
    page.context.close()


def test_a_deputy_reaches_and_acknowledges_an_alert_by_keyboard_alone(
    browser: Browser, centre: tuple[str, dict[str, str]]
) -> None:
    """From signing in to the name under the alert; the mouse is never touched."""
    address, passwords = centre
    page = browser.new_context(viewport=DESK).new_page()
    page.goto(address)
    expect(page.locator("input[name=username]:visible")).to_be_focused()
    page.keyboard.type("daibiao")
    page.keyboard.press("Tab")
    expect(page.locator("input[name=password]:visible")).to_be_focused()
    page.keyboard.type(passwords["daibiao"])
    page.keyboard.press("Enter")
    expect(page.locator("#summaries .bad")).to_be_visible(timeout=60_000)

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, ".first-hint button")
    page.keyboard.press("Enter")
    expect(page.locator(".first-hint")).to_have_count(0)
    tab_to(page, "#summaries .bad")
    page.keyboard.press("Enter")

    one = "#list a[href*='/environment/alerts/']"
    expect(page.locator(one).first).to_be_visible(timeout=20_000)
    tab_to(page, one)
    page.keyboard.press("Enter")
    expect(page.locator("#what")).to_be_visible(timeout=20_000)
    tab_to(page, "#what button")
    page.keyboard.press("Enter")
    expect(page.locator("#what .done")).to_contain_text("陈明", timeout=20_000)
    page.context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus; never more often than a person would."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} is not reached by 30 presses of Tab")


def test_whoever_goes_on_by_keyboard_before_the_last_script_has_come_stays_there(
    officer: Page, home: str
) -> None:
    """A browser goes to where the address points once more when the page is complete."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    officer.route("**/filter.js", hold)
    with officer.expect_request("**/filter.js"):
        officer.goto(home, wait_until="commit")
    expect(officer.locator("#state .banner")).to_be_visible()
    officer.locator(".skip").focus()
    officer.keyboard.press("Enter")
    expect(officer.locator("#main")).to_be_focused()
    tab_to(officer, "#stations a")

    held[0].continue_()
    officer.wait_for_load_state("load")
    rendered(officer)

    assert officer.evaluate("document.activeElement.matches('#stations a')")
    officer.unroute("**/filter.js")


def rendered(page: Page) -> None:
    """After two frames; a browser moves the focus with the first."""
    page.evaluate(
        "() => new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(f)))"
    )


def test_the_list_of_stations_is_narrowed_by_what_is_written(officer: Page, home: str) -> None:
    """The count is announced, and what was left out stays so when the page is renewed."""
    officer.goto(home)
    rows = officer.locator("#stations li:visible")
    expect(rows).to_have_count(10)
    officer.get_by_role("searchbox").fill("空气 金沙")
    expect(rows).to_have_count(1)
    expect(officer.locator(".filter [role=status]")).to_contain_text("1 项，共 10 项")
    with officer.expect_response(lambda answer: answer.url == home):
        officer.evaluate("dispatchEvent(new Event('online'))")
    expect(rows).to_have_count(1)


def test_a_page_that_nobody_sees_rests(officer: Page, home: str) -> None:
    """Its stream ends, and when it is looked at again it is renewed at once."""
    with officer.expect_response(lambda answer: "/api/v1/live" in answer.url):
        officer.goto(home)
    with officer.expect_event("requestfailed", lambda request: "/api/v1/live" in request.url):
        hide(officer, hidden=True)
    with officer.expect_response(lambda answer: answer.url == home):
        hide(officer, hidden=False)
    expect(officer.locator("#offline")).to_be_empty()


def hide(page: Page, *, hidden: bool) -> None:
    """As a browser says it when another tab comes to the front."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


PRESSED = "nav, form, button, .chips, .tools, .skip, .foot, .first-hint, .back, .menu"


@pytest.mark.parametrize("path", ["", "alerts", "silences", "../help/", "../", "../account/"])
def test_paper_has_nothing_that_one_could_press(officer: Page, home: str, path: str) -> None:
    """And what the page knows is there."""
    officer.goto(home + path)
    officer.emulate_media(media="print")
    expect(officer.locator("main h1").first).to_be_attached()
    expect(officer.locator(PRESSED).locator("visible=true")).to_have_count(0)
    officer.emulate_media(media="screen")
