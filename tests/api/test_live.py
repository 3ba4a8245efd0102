"""Server-sent events: what the broker tells reaches every open page, and pages that lag go."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator

import httpx
import pytest

from api import live
from api.live import MOST_WAITING, LiveFeed
from tests.api.conftest import RunningCentre

LIVE = "qy/v1/tongzhou/tonglv-pingchao/live"
READING = b'{"w21003":{"t":1,"value":2.5,"quality":1,"cause":0}}'


def events(lines: Iterator[str]) -> Iterator[tuple[str, object]]:
    """Name and data of each event."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_page_hears_readings_and_alerts(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Over a real socket, under the name of their station."""
    with deputy.stream("GET", "/api/v1/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        centre.services.live.hear(LIVE, READING)
        centre.services.live.hear("qy/v1/tongzhou/alerts", b'{"id":"a"}')
        heard = events(lines)
        assert next(heard) == (
            "live",
            {"station": "tonglv-pingchao", "readings": json.loads(READING)},
        )
        assert next(heard) == ("alert", {"id": "a"})


def test_closing_the_centre_ends_every_stream(centre: RunningCentre, deputy: httpx.Client) -> None:
    """A stream that stands open does not hold up the end."""
    with deputy.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        centre.services.live.close()
        assert list(lines) in ([], [""])


def test_a_page_hears_the_servers_time_however_much_else_it_hears(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an event of its own: of a comment a page would know nothing."""
    monkeypatch.setattr(live, "BEAT_S", 0.05)
    with deputy.stream("GET", "/api/v1/live") as stream:
        heard = events(stream.iter_lines())
        for now_ms in (centre.clock.now_ms, centre.clock.now_ms + 7):
            centre.clock.now_ms = now_ms
            centre.services.live.hear(LIVE, READING)
            assert ("beat", {"t": now_ms}) in itertools.islice(heard, 5)


def tell_often(feed: LiveFeed) -> None:
    """More than a page's queue holds, from another thread as the bus does."""
    for _ in range(5 * MOST_WAITING):
        feed.hear(LIVE, READING)


def test_a_page_that_does_not_keep_up_is_ended() -> None:
    """Its queue is bounded: the browser comes again and asks for the page anew."""

    async def lagging() -> int:
        feed = LiveFeed()
        stream = feed.events()
        await anext(stream)
        await asyncio.to_thread(tell_often, feed)
        return len([event async for event in stream])

    assert asyncio.run(lagging()) < MOST_WAITING


def test_a_page_that_left_is_forgotten() -> None:
    """Telling a page that is gone does nothing, even after its loop has ended."""
    feed = LiveFeed()

    async def leaving() -> None:
        stream = feed.events()
        await anext(stream)
        await stream.aclose()

    asyncio.run(leaving())
    feed.hear(LIVE, READING)
    assert not feed._open


@pytest.mark.parametrize("pages", [1, 5])
def test_every_page_hears_the_same(pages: int) -> None:
    """Each has a queue of its own."""

    async def hearing() -> list[bytes]:
        feed = LiveFeed()
        streams = [feed.events() for _ in range(pages)]
        for stream in streams:
            await anext(stream)
        feed.hear(LIVE, READING)
        return [await anext(stream) for stream in streams]

    assert len(set(asyncio.run(hearing()))) == 1
