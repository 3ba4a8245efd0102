"""A deputy with a phone sees the spill arrive, opens the alert and acknowledges it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Page, expect, sync_playwright

from qingyuan.demo import BROKER_PORTS
from tests.conftest import free_port, need

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A running demonstration: its address and passwords."""
    data = tmp_path_factory.mktemp("demo")
    port = str(free_port())
    command = [sys.executable, "-m", "qingyuan", "demo", "--data", str(data), "--port", port]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            yield address, json.loads((data / "passwords.json").read_text())
            running.terminate()
            running.communicate(timeout=60)
        finally:
            running.kill()


@pytest.fixture(scope="module")
def page(centre: tuple[str, dict[str, str]]) -> Iterator[Page]:
    """A phone, signed in as a deputy."""
    address, passwords = centre
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"), args=["--no-sandbox"]
        )
        # The policy of the pages forbids foreign scripts; the inspector's is one.
        context = browser.new_context(viewport=PHONE, bypass_csp=True)
        page = context.new_page()
        page.goto(address)
        page.fill("[name=username]", "daibiao")
        page.fill("[name=password]", "wrong")
        page.click("button[type=submit]")
        expect(page.get_by_role("alert")).to_contain_text("不正确")
        page.fill("[name=username]", "daibiao")
        page.fill("[name=password]", passwords["daibiao"])
        page.click("button[type=submit]")
        yield page
        browser.close()


def test_a_deputy_sees_the_spill_arrive_without_a_reload_and_acknowledges_it(page: Page) -> None:
    """From a calm overview to a name and a time under the alert."""
    expect(page.locator("#map .marker")).to_have_count(10)
    page.evaluate("window.mark = 'still here'")

    expect(page.locator("#state .bad")).to_contain_text("污染报警", timeout=60_000)
    expect(page.locator("#map .pollution")).not_to_have_count(0)
    assert page.evaluate("window.mark") == "still here"

    page.locator("#state .bad").click()
    page.locator("a.alert", has_text="氨氮超标").first.click()
    expect(page.locator("#what")).to_contain_text("GB 3838-2002")
    page.get_by_role("button", name="确认已知晓").click()
    expect(page.locator("#what .done")).to_contain_text("陈明 于")


@pytest.mark.parametrize("path", ["/", "/stations/tonglv-jinsha", "/alerts"])
def test_pages_fit_a_phone_and_have_no_serious_barrier(
    page: Page, centre: tuple[str, dict[str, str]], path: str
) -> None:
    """Nothing wider than the screen; axe-core finds no serious violation."""
    page.goto(centre[0].rstrip("/") + path)
    assert_fits_and_has_no_barrier(page)


def test_an_officer_sees_how_the_centre_runs_and_who_was_refused(
    page: Page, centre: tuple[str, dict[str, str]]
) -> None:
    """Somebody who knocks at the broker stands on the page a moment later, without a reload."""
    address, passwords = centre
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    officer = context.new_page()
    officer.goto(address)
    officer.fill("[name=username]", "huanbao")
    officer.fill("[name=password]", passwords["huanbao"])
    officer.click("button[type=submit]")
    officer.get_by_role("link", name="运行").click()
    expect(officer.locator("#centre")).to_contain_text("运行正常", timeout=20_000)
    expect(officer.locator("#samples tbody tr")).to_have_count(10)
    assert_fits_and_has_no_barrier(officer)

    knock(BROKER_PORTS)

    expect(officer.locator("#attempts")).to_contain_text("somebody", timeout=20_000)
    context.close()


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


def assert_fits_and_has_no_barrier(page: Page) -> None:
    """Nothing wider than the phone, and nothing serious found by axe-core."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then(r => r.violations)")
    serious = [
        (v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
