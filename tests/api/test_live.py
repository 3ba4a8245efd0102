"""Server-sent events: what the broker tells reaches every open page, and pages that lag go."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack

import httpx
import pytest

from api import live
from api.accounts.repositories.tokens import Tokens
from api.accounts.sign_in import hash_of, sign_out
from api.live import MOST_STREAMS, MOST_WAITING, LiveEvent, LiveFeed
from config.vocabulary.time import DAY_MS
from qingyuan.runtime.page_server import served
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.conftest import free_port

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


@pytest.mark.parametrize("sent", [b"{}", b'"' + b"x" * 8_000_000 + b'"'], ids=["read", "stuck"])
def test_given_an_open_stream_when_the_server_stops_then_it_has_nothing_to_log(
    centre: RunningCentre, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    """Stopping is no fault, not even where a page takes nothing more of what it is sent."""
    port, running = free_port(), ExitStack()
    running.enter_context(served(centre.services, "127.0.0.1", port))
    with (
        running,
        httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
        entered(client, "daibiao").stream("GET", "/api/v1/live") as stream,
    ):
        heard = stream.iter_raw()
        assert next(heard).startswith(b"retry")
        centre.services.live.hear("qy/v1/tongzhou/alerts", sent)
        assert next(heard).startswith(b"event: alert")
        running.close()
    loud = [record for record in caplog.records if record.levelno > logging.INFO]
    assert [record.getMessage() for record in loud] == []


SIGNED_OUT = ("signed-out", {})


@pytest.mark.parametrize("way", ["page", "program"])
def test_given_an_open_stream_when_its_person_signs_out_then_it_ends_at_once(
    deputy: httpx.Client, way: str
) -> None:
    """The page hears why, and is not told of anything after it."""
    with deputy.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        if way == "page":
            deputy.post("/sign-out")
        else:
            deputy.delete("/api/v1/session")
        assert list(events(lines)) == [SIGNED_OUT]


def test_given_two_sessions_of_one_person_when_one_signs_out_then_the_other_hears_on(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Each on a device of its own."""
    with httpx.Client(base_url=deputy.base_url) as other:
        entered(other, "daibiao")
        with deputy.stream("GET", "/api/v1/live") as stream:
            lines = stream.iter_lines()
            next(lines)
            other.delete("/api/v1/session")
            centre.services.live.hear("qy/v1/tongzhou/alerts", b'{"id":"a"}')
            assert next(events(lines)) == ("alert", {"id": "a"})


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_session_that_ended_elsewhere_when_the_next_beat_is_due_then_its_stream_ends(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process of pages ended it, or its time did: nobody here was told."""
    monkeypatch.setattr(live, "BEAT_S", 0.05)
    with deputy.stream("GET", "/api/v1/live") as stream:
        heard = events(stream.iter_lines())
        assert next(heard)[0] == "beat"
        (token,) = deputy.cookies.values()
        sign_out(centre.services.state, token)
        assert next(each for each in heard if each[0] != "beat") == SIGNED_OUT
        assert list(heard) == []


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_machine_that_listens_when_its_token_ends_then_its_stream_ends(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token is a way in like a session, and is taken away like one."""
    monkeypatch.setattr(live, "BEAT_S", 0.05)
    state, now_ms = centre.services.state, centre.clock.now_ms
    tokens = Tokens(state)
    with state.begin() as connection:
        token = tokens.add(
            connection, hash_of("s"), "display", (), "", "huanbao", now_ms, now_ms + DAY_MS
        )
    machine = {"Authorization": "Bearer s"}
    with stranger.stream("GET", "/api/v1/live", headers=machine) as stream:
        heard = events(stream.iter_lines())
        assert next(heard)[0] == "beat"
        with state.begin() as connection:
            tokens.end(connection, token, now_ms)
        assert next(each for each in heard if each[0] != "beat") == SIGNED_OUT


def test_one_stream_too_many_of_an_account_ends_its_oldest_and_nobody_elses() -> None:
    """Which is told to come again later, not at once: two pages would end each other for ever."""

    async def asked() -> list[bytes]:
        feed = LiveFeed()
        other = opened(feed, username="huanbao")
        own = [opened(feed, session=str(at)) for at in range(MOST_STREAMS + 1)]
        for stream in (other, *own):
            assert await anext(stream) == b"retry: 2000\n\n"
        last = [each async for each in own[0]]
        feed.hear("qy/v1/tongzhou/alerts", b"{}")
        for stream in (other, *own[1:]):
            assert (await anext(stream)).startswith(b"event: alert")
        return last

    assert asyncio.run(asked()) == [b"retry: 60000\n\n"]


@pytest.mark.parametrize("status", [429, 503], ids=["of its address", "in all"])
def test_given_as_many_streams_as_there_may_be_then_another_is_refused_until_one_ends(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """What is open stays open, and pages are answered besides."""
    feed = centre.services.live
    if status == 429:
        monkeypatch.setattr(live, "MOST_OF_ADDRESS", 1)
    else:
        feed.most = 1
    with deputy.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        refused = deputy.get("/api/v1/live")
        assert (refused.status_code, refused.headers["retry-after"]) == (status, "60")
        assert "close some" in refused.json()["detail"]
        assert deputy.get("/api/v1/stations").status_code == 200
        feed.hear("qy/v1/tongzhou/alerts", b"{}")
        assert next(events(lines))[0] == "alert"
        feed.end(next(iter(feed._open)).session)
    with deputy.stream("GET", "/api/v1/live") as stream:
        assert stream.status_code == 200


def test_whether_a_session_stands_is_asked_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A database that is slow to answer holds up no other stream."""
    monkeypatch.setattr(live, "BEAT_S", 0.0)
    asked_in: list[threading.Thread] = []

    def stands() -> bool:
        asked_in.append(threading.current_thread())
        return False

    async def heard() -> list[bytes]:
        feed = LiveFeed()
        return [each async for each in feed.events(session="s", username="u", stands=stands)]

    assert asyncio.run(heard())[-1].startswith(b"event: signed-out")
    assert threading.main_thread() not in asked_in
    assert len(asked_in) == 1


def test_given_a_database_that_is_away_when_a_beat_is_due_then_the_stream_goes_on_and_asks_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Readings come over the broker, and are shown meanwhile."""
    monkeypatch.setattr(live, "BEAT_S", 0.0)
    answers = [ConnectionError("away"), False]

    def stands() -> bool:
        answer = answers.pop(0)
        if isinstance(answer, ConnectionError):
            raise answer
        return answer

    async def heard() -> list[bytes]:
        return [each async for each in LiveFeed().events(session="", username="", stands=stands)]

    _, beat, last = asyncio.run(heard())
    assert beat.startswith(b"event: beat")
    assert last.startswith(b"event: signed-out")
    assert "away" in caplog.text


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


def opened(feed: LiveFeed, session: str = "s", username: str = "daibiao") -> AsyncGenerator[bytes]:
    """A stream of somebody whose session stands."""
    return feed.events(session=session, username=username, stands=lambda: True)


def tell_often(feed: LiveFeed) -> None:
    """More than a page's queue holds, from another thread as the bus does."""
    for _ in range(5 * MOST_WAITING):
        feed.hear(LIVE, READING)


def test_a_page_that_does_not_keep_up_is_ended() -> None:
    """Its queue is bounded: the browser comes again and asks for the page anew."""

    async def lagging() -> int:
        feed = LiveFeed()
        stream = opened(feed)
        await anext(stream)
        await asyncio.to_thread(tell_often, feed)
        return len([event async for event in stream])

    assert asyncio.run(lagging()) < MOST_WAITING


def test_a_page_that_left_is_forgotten() -> None:
    """Telling a page that is gone does nothing, even after its loop has ended."""
    feed = LiveFeed()

    async def leaving() -> None:
        stream = opened(feed)
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
        streams = [opened(feed) for _ in range(pages)]
        for stream in streams:
            await anext(stream)
        feed.hear(LIVE, READING)
        return [await anext(stream) for stream in streams]

    assert len(set(asyncio.run(hearing()))) == 1


def test_given_somebody_who_may_see_neither_stations_nor_alerts_then_the_stream_has_none(
    centre: RunningCentre, address: str
) -> None:
    """Events of the platforms come all the same."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "zhujian")
        with client.stream("GET", "/api/v1/live") as stream:
            lines = stream.iter_lines()
            next(lines)
            feed = centre.services.live
            feed.hear(LIVE, READING)
            feed.hear("qy/v1/tongzhou/alerts", b"{}")
            LiveEvent("toy.written").tell(centre.services.publish, {"id": 1})
            assert next(events(lines)) == ("toy.written", {"id": 1})
