"""The waits of a phone, the cost of an open page, a hundred phones at once, and large districts.

    python -m benchmarks.pages [--only visit|idle|phones|overview] [--phones N] [--idle-s S]
        [--stations N,N] [--alerts N] [--requests N]

Each part has a demonstration of its own as a process, and all share this machine. ``visit``: the
page of a station in headless Chromium at 400 kbit/s and 400 ms, for the first time and again,
until its readings stand there and its scripts have run, and until the curve is drawn. ``idle``:
every byte of an open overview, both ways, over TCP. ``phones``: so many open overviews hear of
the demonstration's spill; each asks what changed as the pages' own script does, and the time is
that of the answer. Beside it the delay of alerts from firing to the phone, with one phone and with
all. ``overview``: the overview of districts of 60 and 400 stations with 5,000 alerts, served by a
process of its own: answer, bytes and processor time of a request that nobody else's has helped, of
one in the same moment as another, and until it can be used in headless Chromium at 400 kbit/s and
300 ms, the first time and again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx
import numpy as np
from playwright.async_api import Page, async_playwright

from benchmarks.figures import report
from scripts.months import PASSWORD, USERNAME

PORT = 18_730
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
"""Chrome's slow 3G: ms and bytes a second."""
SLOW_OVERVIEW = SLOW | {"latency": 300}
OVERVIEW = "/environment/"
SPREAD_S, RENEW_S = 0.6, 25.0
"""As in live.js."""
chance = np.random.default_rng(7)
APART_S = 2.5
"""Longer than the moment that requests of different people share."""
SPILL_S = 60.0
"""The demonstration's spill begins 20 s after its start; three stations see it in a minute."""


def main() -> None:
    """Print the figures of every part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("visit", "idle", "phones", "overview"))
    parser.add_argument("--phones", type=int, default=100)
    parser.add_argument("--idle-s", type=float, default=120.0)
    parser.add_argument("--stations", default="60,400")
    parser.add_argument("--alerts", type=int, default=5000)
    parser.add_argument("--requests", type=int, default=20)
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    if asked.only in (None, "visit"):
        with _demonstration("--no-incident") as (address, password):
            figures |= asyncio.run(_visits(address, password))
    if asked.only in (None, "idle"):
        with _demonstration("--no-incident") as (address, password):
            figures |= asyncio.run(_idle(address, password, asked.idle_s))
    if asked.only in (None, "phones"):
        for phones in (1, asked.phones):
            with _demonstration() as (address, password):
                figures |= asyncio.run(_phones(address, password, phones))
    if asked.only in (None, "overview"):
        for stations in (int(of) for of in asked.stations.split(",")):
            with _large(stations, asked.alerts) as (address, process):
                figures |= _asked(address, process, stations, asked.requests)
                figures |= asyncio.run(_opened(address, stations))
    for name, value in figures.items():
        print(f"{name:32} {value:10.3f}")
    report(figures)


@contextmanager
def _demonstration(*options: str) -> Iterator[tuple[str, str]]:
    """Its address, and the password of the deputy."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "qingyuan", "demo", "--data", folder, *options]
        command += ["--port", str(PORT)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout is not None
                address = running.stdout.readline().strip()
                passwords = json.loads((Path(folder) / "demo-passwords.json").read_text())
                yield address, passwords["daibiao"]
            finally:
                running.terminate()
                running.communicate()


@contextmanager
def _large(stations: int, alerts: int) -> Iterator[tuple[str, int]]:
    """The address of a centre of so many stations and alerts, and its process."""
    command = [sys.executable, "-m", "benchmarks.overview_centre", str(stations), str(alerts)]
    command.append(str(PORT))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip(), running.pid


def _asked(address: str, process: int, stations: int, requests: int) -> dict[str, float]:
    """Of the overview as a phone asks for it whole; the first request fills what is kept."""
    with httpx.Client(
        base_url=address, timeout=300, headers={"Accept-Encoding": "gzip"}
    ) as client:
        body = {"username": USERNAME, "password": PASSWORD}
        client.post("/api/v1/session", json=body).raise_for_status()
        page = client.get(OVERVIEW).raise_for_status()
        figures = {
            f"overview_{stations}_kb": int(page.headers["content-length"]) / 1000,
            f"overview_{stations}_html_kb": len(page.content) / 1000,
        }
        for name, apart_s in (("alone", APART_S), ("shared", 0.0)):
            waits, begun_s = [], 0.0
            for _request in range(requests):
                time.sleep(apart_s)
                before_s, begun = _processor_s(process), time.monotonic()
                client.get(OVERVIEW).raise_for_status()
                waits.append(time.monotonic() - begun)
                begun_s += _processor_s(process) - before_s
            figures |= {
                f"overview_{stations}_{name}_median_s": float(np.median(waits)),
                f"overview_{stations}_{name}_p95_s": float(np.percentile(waits, 95)),
                f"overview_{stations}_{name}_cpu_s": begun_s / requests,
            }
    return figures


def _processor_s(process: int) -> float:
    """Of a process and all its threads, user and system."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _opened(address: str, stations: int) -> dict[str, float]:
    """Seconds until its list stands there and its scripts follow news, with nothing kept before,
    and again.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        body = {"username": USERNAME, "password": PASSWORD}
        await page.request.post(f"{address}/api/v1/session", data=body)
        inspector = await page.context.new_cdp_session(page)
        await inspector.send("Network.enable")
        await inspector.send("Network.emulateNetworkConditions", SLOW_OVERVIEW)
        waits = [await _usable(page, address + OVERVIEW) for _visit in range(2)]
        await browser.close()
    return {
        f"overview_{stations}_first_usable_s": waits[0],
        f"overview_{stations}_again_usable_s": waits[1],
    }


async def _usable(page: Page, where: str) -> float:
    begun = time.monotonic()
    live = asyncio.ensure_future(
        page.wait_for_event("request", lambda request: "/api/v1/live" in request.url)
    )
    await page.goto(where, wait_until="commit")
    await page.locator("#stations a").first.wait_for()
    await live
    return time.monotonic() - begun


async def _visits(address: str, password: str) -> dict[str, float]:
    async with _entered(address, password) as overview:
        station = await overview.locator("#stations a").first.get_attribute("href")
        assert overview.context.browser
        # A phone that has never been here: neither the sheet nor the scripts are at hand.
        page = await overview.context.browser.new_page(
            storage_state=await overview.context.storage_state()
        )
        inspector = await page.context.new_cdp_session(page)
        await inspector.send("Network.enable")
        await inspector.send("Network.emulateNetworkConditions", SLOW)
        where = address.rstrip("/") + str(station)
        first = await _visit(page, where)
        again = await _visit(page, where)
    return {
        "first_visit_usable_s": first[0],
        "first_visit_curve_s": first[1],
        "second_visit_usable_s": again[0],
        "second_visit_curve_s": again[1],
    }


async def _visit(page: Page, where: str) -> tuple[float, float]:
    """Seconds until readings stand there and the page follows news, and until its curve does."""
    begun = time.monotonic()
    live = asyncio.ensure_future(
        page.wait_for_event("request", lambda request: "/api/v1/live" in request.url)
    )
    await page.goto(where, wait_until="commit")
    await page.locator(".readings dd b").first.wait_for()
    await live
    usable = time.monotonic() - begun
    await page.locator("[data-chart] canvas").first.wait_for()
    return usable, time.monotonic() - begun


async def _idle(address: str, password: str, span_s: float) -> dict[str, float]:
    """Megabytes an hour, of both ways and of the way down."""
    counted = {"down": 0, "up": 0}

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str) -> None:
        while data := await source.read(65_536):
            counted[way] += len(data)
            sink.write(data)
        sink.close()

    async def lead(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_connection("127.0.0.1", PORT)
        await asyncio.gather(pump(near, there, "up"), pump(far, back, "down"))

    relay = await asyncio.start_server(lead, "127.0.0.1", 0)
    port = relay.sockets[0].getsockname()[1]
    async with _entered(address.replace(str(PORT), str(port)), password) as page:
        await page.wait_for_load_state("load")
        await asyncio.sleep(5)
        before = dict(counted)
        await asyncio.sleep(span_s)
        down, up = (counted[way] - before[way] for way in ("down", "up"))
    relay.close()
    hourly = 3600 / span_s / 1e6
    return {"idle_mb_an_hour": (down + up) * hourly, "idle_down_mb_an_hour": down * hourly}


@asynccontextmanager
async def _entered(address: str, password: str) -> AsyncIterator[Page]:
    """A phone with the overview open."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.goto(address)
        await page.fill("[name=username]", "daibiao")
        await page.fill("[name=password]", password)
        await page.click("button[type=submit]")
        await page.locator("#stations a").first.wait_for()
        yield page
        await browser.close()


async def _phones(address: str, password: str, phones: int) -> dict[str, float]:
    waits: list[float] = []
    delays: list[float] = []
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:
        body = {"username": "daibiao", "password": password}
        (await client.post("/api/v1/session", json=body)).raise_for_status()
        overview = (await client.get("/", follow_redirects=True)).url.path
        open_pages = [
            asyncio.create_task(_phone(client, overview, waits, delays)) for _ in range(phones)
        ]
        await asyncio.sleep(SPILL_S)
        for one in open_pages:
            one.cancel()
        for one in open_pages:
            with suppress(asyncio.CancelledError):
                await one
    middle, slow = np.percentile(waits, [50, 95])
    return {
        f"phones_{phones}_answers": len(waits),
        f"phones_{phones}_median_s": float(middle),
        f"phones_{phones}_p95_s": float(slow),
        f"phones_{phones}_alert_p95_s": float(np.percentile(delays, 95)),
    }


async def _phone(
    client: httpx.AsyncClient, overview: str, waits: list[float], delays: list[float]
) -> None:
    """An open overview: hears of alerts, and asks what changed as live.js does."""
    told = asyncio.Event()

    async def hear() -> None:
        async with client.stream("GET", "/api/v1/live?readings=none") as stream:
            async for line in stream.aiter_lines():
                if fired := re.search(r'"change":"fired".*"at_ms":(\d+)', line):
                    delays.append(time.time() - int(fired[1]) / 1000)
                if line == "event: alert":
                    told.set()

    async def ask() -> None:
        known: dict[str, str] = {}
        await asyncio.sleep(chance.uniform(0, RENEW_S))
        while True:
            headers = {"Live-Parts": " ".join(known.values())}
            begun = time.monotonic()
            answer = await client.get(overview, headers=headers)
            waits.append(time.monotonic() - begun)
            parts = answer.raise_for_status().json()["parts"]
            known |= {name: part["digest"] for name, part in parts.items()}
            try:
                await asyncio.wait_for(told.wait(), RENEW_S)
                await asyncio.sleep(chance.uniform(0, SPREAD_S))
            except TimeoutError:
                pass
            told.clear()

    await asyncio.gather(hear(), ask())


if __name__ == "__main__":
    main()
