"""A line dragged over a year of one reading a minute: from the move of the hand to the figures.

    python -m benchmarks.tuning [--moves N]

The officer's page in headless Chromium, pages and store on the same machine: the shipped rule on
the hourly mean of ammonia, first at one station (525,600 readings), then at all of the river's.
The limit that a hand takes for "at once" here is half a second.
"""

from __future__ import annotations

import argparse

import numpy as np
from playwright.sync_api import Page, sync_playwright

from config.vocabulary.time import MINUTE_MS
from scripts.months import PASSWORD, USERNAME, free_port, months

LIMIT_MS = 500
PATIENCE_MS = 60_000
NOTE_CHANGES = """() => {
    window.changed = 0;
    new MutationObserver(() => { window.changed = performance.now(); })
        .observe(document.querySelector(".compared"), { subtree: true, childList: true });
}"""


def main() -> None:
    """Print median and longest of each, and how often the longest goes into the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=20)
    moves = parser.parse_args().moves
    with (
        months(free_port(), 365, MINUTE_MS, {"w21003"}) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(
            viewport={"width": 1440, "height": 900}, bypass_csp=True, locale="zh-CN"
        )
        _open(page, address)
        _said("one station", _dragged(page, moves))
        with page.expect_response("**/trial", timeout=PATIENCE_MS):
            page.locator("#everywhere").check()
        _said("all stations", _dragged(page, moves))
        browser.close()


def _open(page: Page, address: str) -> None:
    """The rule over a year, its first trial answered."""
    page.goto(address)
    page.fill("[name=username]", USERNAME)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/")
    page.goto(f"{address}/environment/rules/ammonia-high")
    page.wait_for_selector("#comparison:not(.busy) [data-row=alerts] td:not(:empty)")
    with page.expect_response("**/trial", timeout=PATIENCE_MS):
        page.locator("[data-days='365']").click()
    page.evaluate(NOTE_CHANGES)


def _dragged(page: Page, moves: int) -> list[float]:
    """Milliseconds from each move to the change of the figures."""
    handle = page.locator(".line.limit span").first
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    waits = []
    for move in range(moves):
        begun = page.evaluate("performance.now()")
        page.mouse.move(x, y + 4 * (1 + move % 10))
        page.wait_for_function("(at) => window.changed > at", arg=begun, timeout=PATIENCE_MS)
        waits.append(page.evaluate("window.changed") - begun)
    page.mouse.up()
    return waits[1:]


def _said(what: str, waits: list[float]) -> None:
    middle, longest = np.percentile(waits, [50, 100])
    share = LIMIT_MS / longest
    print(f"{what:13} median {middle:4.0f} ms, longest {longest:4.0f} ms, limit {share:.1f} times")


if __name__ == "__main__":
    main()
