"""Takes the pictures of the help: help_pictures.py [--at ADDRESS --data FOLDER].

From a demonstration of its own, or one that runs. Beside the pictures stands of which template
each is, with its digest: where the template changed since, the help says so below the picture.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from months import free_port
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from api.help.pictures import FILE, digest
from api.roster import ROSTER
from api.web.assets import STATIC
from api.web.rendering import environment
from config.vocabulary.time import day_of

PHONE, DESK = ViewportSize(width=390, height=640), ViewportSize(width=1100, height=700)
PICTURES = STATIC / "help"
QUALITY = 60
"""Of WebP: text stays legible, a picture takes some 20 kB."""
SPILL_S = 45
"""Until the spill of the demonstration is an event with several stations."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: who looks, at which page, by which links from there on."""

    name: str
    who: str
    path: str
    template: str
    links: tuple[str, ...] = ()
    phone: bool = False

    @property
    def screen(self) -> ViewportSize:
        """Its size."""
        return PHONE if self.phone else DESK


SHOTS = (
    Shot("workbench", "daibiao", "/", "workbench/workbench.html", phone=True),
    Shot("event", "daibiao", "/environment/events", "environment/event.html", ("#list a",), True),
    Shot(
        "suggestion-form",
        "daibiao",
        "/duty/suggestions/new",
        "duty/suggestion_form.html",
        phone=True,
    ),
    Shot("meetings", "daibiao", "/duty/meetings", "duty/own_meetings.html", phone=True),
    Shot("money", "daibiao", "/budget/", "budget/totals.html", phone=True),
    Shot("alert", "huanbao", "/environment/alerts", "environment/alert.html", ("#list .alert",)),
    Shot("rule", "huanbao", "/environment/rules/ammonia-over-class", "environment/tuning.html"),
    Shot("operations", "huanbao", "/environment/operations", "environment/operations.html"),
    Shot("suggestion", "zhujian", "/duty/suggestions", "duty/suggestion.html", ("main .row",)),
    Shot("promises", "shuili", "/duty/promises", "duty/promises.html"),
    Shot("filings", "pingchaozhen", "/documents/filings", "documents/filings.html"),
    Shot("suggestions", "lianluo", "/duty/suggestions", "duty/suggestions.html"),
    Shot("imports", "lianluo", "/imports/", "imports/loads.html"),
    Shot("findings", "lianluo", "/budget/findings", "budget/findings.html"),
    Shot("case", "daigongwei", "/cases/", "cases/case.html", ("main .row",)),
    Shot("statistics", "daigongwei", "/duty/statistics", "duty/statistics.html"),
    Shot("reviews", "daigongwei", "/documents/reviews", "documents/reviews.html"),
    Shot("newcomer", "guanli", "/administration/people/new", "administration/newcomer.html"),
    Shot(
        "person", "guanli", "/administration/people", "administration/person.html", ("main .row",)
    ),
)


def main() -> None:
    """Take every picture, and write down of what they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at")
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    if asked.at:
        take(asked.at.rstrip("/"), asked.data)
    else:
        with demonstration() as (address, data):
            take(address, data)


@contextmanager
def demonstration() -> Iterator[tuple[str, Path]]:
    """Address and data folder of one that has run until its spill is seen."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "qingyuan", "demo", "--data", folder]
        command += ["--port", str(free_port())]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout is not None
                yield running.stdout.readline().strip().rstrip("/"), Path(folder)
            finally:
                running.terminate()
                running.communicate()


def take(address: str, data: Path) -> None:
    """Of a running demonstration, person by person."""
    passwords = json.loads((data / "demo-passwords.json").read_text())
    templates = environment({each.slug: each.folder for each in ROSTER})
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        pages = {
            who: entered(browser, address, who, passwords[who])
            for who in dict.fromkeys(shot.who for shot in SHOTS)
        }
        pages["daibiao"].goto(f"{address}/")
        pages["daibiao"].wait_for_selector("#summaries .bad", timeout=120_000)
        pages["daibiao"].wait_for_timeout(SPILL_S * 1000)
        for shot in SHOTS:
            write(pages[shot.who], address, shot)
            rows.append(row(shot, digest(templates, shot.template)))
        browser.close()
    FILE.write_text("# Written by scripts/help_pictures.py.\n" + "".join(rows))


def entered(browser: Browser, address: str, who: str, password: str) -> Page:
    """A browser of somebody, without the hints that are shown once."""
    page = browser.new_context(locale="zh-CN", device_scale_factor=1).new_page()
    page.goto(f"{address}/sign-in")
    page.locator("[name=username]:visible").fill(who)
    page.locator("[name=password]:visible").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".top")
    return page


def write(page: Page, address: str, shot: Shot) -> None:
    """One picture; what stands there for the reader's first visit alone is left out."""
    page.set_viewport_size(shot.screen)
    page.goto(address + shot.path)
    for link in shot.links:
        with page.expect_navigation():
            page.locator(link).first.click()
    page.add_style_tag(content=".first-hint { display: none }")
    page.wait_for_timeout(2000)
    inspector = page.context.new_cdp_session(page)
    given = inspector.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (PICTURES / f"{shot.name}.webp").write_bytes(base64.b64decode(given["data"]))


def row(shot: Shot, now: str) -> str:
    """A picture's table in the file beside the pictures."""
    size = f"width = {shot.screen['width']}\nheight = {shot.screen['height']}\n"
    day = day_of(int(time.time() * 1000))
    of = f'template = "{shot.template}"\ndigest = "{now}"\nday = "{day}"\n'
    return f"\n[{shot.name}]\n{size}{of}"


if __name__ == "__main__":
    main()
