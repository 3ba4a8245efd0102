"""Takes the screenshots of README and docs: screenshots.py FOLDER. Those of a rule being tuned
need more past than a demonstration has; they come from made months.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from months import PASSWORD, USERNAME, free_port, months
from playwright.sync_api import Page, sync_playwright

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
STATION = "tonglv-pingchao"
TUNING = {"desk": {"width": 1440, "height": 900}, "tablet": {"width": 1024, "height": 768}}
TUNED = {"threshold": "ammonia-high", "standard": "water-class-day"}


def main() -> None:
    """Wait for the spill, then look at each page."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "qingyuan", "demo", "--data", data, "--port", port]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            address = running.stdout.readline().strip().rstrip("/")
            password = json.loads((Path(data) / "demo-passwords.json").read_text())["daibiao"]
            try:
                take(address, password, folder)
            finally:
                running.terminate()
                running.communicate()
    with months(free_port()) as address:
        tune(address, folder)


def take(address: str, password: str, folder: Path) -> None:
    """Each picture in the order in which a deputy comes by."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        phone = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="zh-CN")
        page = phone.new_page()
        page.goto(f"{address}/environment/")
        page.fill("[name=username]", "daibiao")
        page.fill("[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_selector("#state .bad", timeout=90_000)
        page.wait_for_timeout(30_000)
        page.screenshot(path=folder / "overview-phone.png")
        page.goto(f"{address}/environment/stations/{STATION}")
        page.wait_for_timeout(2000)
        page.screenshot(path=folder / "station-phone.png")
        page.goto(f"{address}/environment/alerts")
        page.locator("a.alert", has_text="氨氮超标").first.click()
        page.wait_for_timeout(2000)
        page.screenshot(path=folder / "alert-phone.png")
        resources = browser.new_context(
            viewport=DESK, storage_state=phone.storage_state(), locale="zh-CN"
        )
        page = resources.new_page()
        page.goto(f"{address}/environment/")
        page.wait_for_timeout(1000)
        page.screenshot(path=folder / "overview-desk.png")
        browser.close()


def tune(address: str, folder: Path) -> None:
    """A threshold and a standard on the screens of an officer, each with its upper line moved."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for screen, size in TUNING.items():
            page = browser.new_context(viewport=size, locale="zh-CN").new_page()
            page.goto(f"{address}/environment/")
            page.fill("[name=username]", USERNAME)
            page.fill("[name=password]", PASSWORD)
            page.click("button[type=submit]")
            for name, rule in TUNED.items():
                page.goto(f"{address}/environment/rules/{rule}")
                page.click("[data-days='90']")
                page.wait_for_timeout(2000)
                move_up(page)
                page.wait_for_timeout(2000)
                page.screenshot(path=folder / f"tuning-{name}-{screen}.png")
        browser.close()


def move_up(page: Page) -> None:
    """The limit of the highest level, by a sixth of the chart."""
    handle = page.locator(".line.limit span").last
    box, chart = handle.bounding_box(), page.locator("#history").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - chart["height"] / 6, steps=8)
    page.mouse.up()


if __name__ == "__main__":
    main()
