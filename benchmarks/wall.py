"""How soon the wall of 60 stations stands, how soon it shows an alert, and what a night leaves.

    python -m benchmarks.wall [--renewals N]

A demonstration of 60 stations runs as a process: the district's ten, and fifty beside them that
measure every 30 seconds; headless Chromium at 1920 by 1080 shares this machine with it. ``load``:
from the request until every station is drawn and the numbers of five platforms stand there, in
five visits with nothing in the browser's cache. ``alert``: from an event on the page's own stream
until the map marks a station in another way, the first five times while the demonstration's spill
comes down the canal; of several events the earliest that is not shown yet counts. ``night``: the
page hears of an alert as often as in a night in which one changes every minute (720 times), and
asks and shows what changed each time; then the heap after a collection, and how many nodes the
document has, beside those before.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figures import report
from config.settings import DISTRICTS

PORT = 18_740
TIMES = 6
"""So often each of the ten stations stands in the district."""
VISITS = 5
ALERTS = 5
SPILL_MS = 300_000.0
WATCHED = """
  globalThis.sources = [];
  globalThis.waits = [];
  let heard = null;
  let asked = null;
  let marks = null;
  globalThis.EventSource = class extends EventSource {
    constructor(address) {
      super(address);
      sources.push(this);
      this.addEventListener("alert", () => (heard ??= performance.now()));
    }
  };
  const plain = globalThis.fetch;
  globalThis.fetch = (...given) => {
    asked = performance.now();
    return plain(...given);
  };
  document.addEventListener("qingyuan:renewed", () => requestAnimationFrame(() => {
    const shown = [...document.querySelectorAll(".wall-station .spot")]
      .map((of) => of.className).join();
    const changed = marks !== null && shown !== marks;
    marks = shown;
    if (heard === null || heard > asked) return;
    if (changed) waits.push(performance.now() - heard);
    heard = null;
  }));
"""
MARKED = f"waits.length >= {ALERTS}"
NIGHT = """async (renewals) => {
  Math.random = () => 0;
  for (let turn = 0; turn < renewals; turn++) {
    const renewed = new Promise((done) =>
      document.addEventListener("qingyuan:renewed", done, { once: true }),
    );
    sources.at(-1).dispatchEvent(new MessageEvent("alert", { data: "{}" }));
    await renewed;
  }
}"""


def main() -> int:
    """Print the figures; 1 where the wall is late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renewals", type=int, default=720)
    renewals: int = parser.parse_args().renewals
    with _demonstration() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = _entered(browser, address, password)
        page.wait_for_function(MARKED)
        alerts_s = [float(wait) / 1000 for wait in page.evaluate("waits")]
        before = _memory(page)
        page.evaluate(NIGHT, renewals)
        after = _memory(page)
        loads = [_load(browser, page, address) for _visit in range(VISITS)]
    figures = {
        "load_s": statistics.median(loads),
        "slowest_load_s": max(loads),
        "alert_s": statistics.median(alerts_s),
        "slowest_alert_s": max(alerts_s),
        "heap_before_mb": before[0],
        "heap_after_mb": after[0],
        "nodes_before": before[1],
        "nodes_after": after[1],
    }
    for name, value in figures.items():
        print(f"{name:20} {value:10.3f}")
    report(figures)
    return int(figures["load_s"] > 2 or figures["slowest_alert_s"] > 2)


@contextmanager
def _demonstration() -> Iterator[tuple[str, str]]:
    """Its address, and the password of an officer."""
    with tempfile.TemporaryDirectory() as folder:
        district = _district(Path(folder))
        settings = Path(folder) / "settings.toml"
        settings.write_text(f'catalogue = "{district}"\n', encoding="utf-8")
        data = Path(folder) / "data"
        command = [sys.executable, "-m", "qingyuan", "demo", "--data", str(data)]
        command += ["--port", str(PORT), "--settings", str(settings)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout is not None
                address = running.stdout.readline().strip()
                # What it says to people would fill the pipe, and then it waits.
                threading.Thread(target=running.stdout.read, daemon=True).start()
                passwords = json.loads((data / "demo-passwords.json").read_text())
                yield address, passwords["huanbao"]
            finally:
                running.terminate()
                running.wait()


def _district(folder: Path) -> Path:
    """The demonstration's district with its stations several times, each beside the first."""
    district = folder / "district"
    copytree(DISTRICTS / "tongzhou", district)
    file = district / "stations.toml"
    head, *blocks = file.read_text(encoding="utf-8").split("[[station]]\n")
    rows = [_moved(block, number) for number in range(TIMES) for block in blocks]
    file.write_text("[[station]]\n".join([head, *rows]), encoding="utf-8")
    return district


def _moved(block: str, number: int) -> str:
    if number == 0:
        return block

    def moved(of: re.Match[str]) -> str:
        longitude, latitude = float(of[1]) + 0.012 * number, float(of[2]) - 0.009 * number
        return f"position = [{longitude:.3f}, {latitude:.3f}]"

    block = re.sub(r'^(id|name) = "(.*)"', rf'\1 = "\2-{number}"', block, flags=re.MULTILINE)
    block = re.sub(r"(?m)^cadence_ms = .*", "cadence_ms = 30000", block)
    block = re.sub(r"port = (\d+)", lambda of: f"port = {int(of[1]) + 20 * number}", block)
    block = re.sub(r"(?m)^order = (\d+)", lambda of: f"order = {int(of[1]) + 10 * number}", block)
    return re.sub(r"(?m)^position = \[([\d.]+), ([\d.]+)\]", moved, block)


def _entered(browser: Browser, address: str, password: str) -> Page:
    page = browser.new_context(
        bypass_csp=True, viewport={"width": 1920, "height": 1080}
    ).new_page()
    page.add_init_script(WATCHED)
    page.set_default_timeout(SPILL_MS)
    page.goto(f"{address.rstrip('/')}/wall/")
    page.fill("[name=username]", "huanbao")
    page.fill("[name=password]", password)
    page.click("button[type=submit]")
    _stands(page)
    return page


def _load(browser: Browser, signed_in: Page, address: str) -> float:
    context = browser.new_context(
        bypass_csp=True,
        viewport={"width": 1920, "height": 1080},
        storage_state=signed_in.context.storage_state(),
    )
    page = context.new_page()
    begun = time.monotonic()
    page.goto(f"{address.rstrip('/')}/wall/", wait_until="commit")
    _stands(page)
    took_s = time.monotonic() - begun
    context.close()
    return took_s


def _stands(page: Page) -> None:
    last = page.locator("#wall-map .wall-station").nth(10 * TIMES - 1)
    last.wait_for(state="attached")
    page.locator("#wall-figures .card").first.wait_for()


def _memory(page: Page) -> tuple[float, float]:
    """Heap in MB after a collection, and nodes of the document."""
    inspector = page.context.new_cdp_session(page)
    inspector.send("Performance.enable")
    inspector.send("HeapProfiler.collectGarbage")
    metrics = inspector.send("Performance.getMetrics")["metrics"]
    found = {one["name"]: one["value"] for one in metrics}
    inspector.detach()
    return found["JSHeapUsedSize"] / 1e6, found["Nodes"]


if __name__ == "__main__":
    sys.exit(main())
