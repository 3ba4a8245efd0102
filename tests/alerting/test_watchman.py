"""Those who tell people are watched themselves, and their troubles are told by other ways."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from alerting.alert import State
from alerting.channels.http import Provider
from alerting.notify.dispatcher import OPENS_AFTER
from alerting.self_monitoring import KNOWN_MS, SelfMonitoring
from alerting.watching.watchman import HANGS_MS, OLD_MS, Watchman
from alerting.wording.sentences import CHANNEL_FAILING, DISK_FULL, DUTY_GAP, OUTBOX_OLD
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import MINUTE_MS
from ingest.loops import BAD_FAILURES, Loop
from tests.alerting import notified
from tests.alerting.notified import DEPUTY, OFFICER, Centre, spill


class Disk(NamedTuple):
    """The room on a disk."""

    total: int
    used: int
    free: int


@dataclass
class OuterWatch:
    """Whoever waits for heartbeats outside."""

    heard: list[str] = field(default_factory=list)
    status: int = 200


@contextmanager
def listening(watch: OuterWatch) -> Iterator[str]:
    """Its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            watch.heard.append(self.path)
            self.send_response(watch.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ping/secret"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def centre(tmp_path: Path, district: Path, catalogue: Catalogue) -> Iterator[Centre]:
    """At noon, with a channel ``mail`` before ``screen``."""
    with notified.centre(tmp_path, district, catalogue, ("mail", "screen")) as it:
        yield it


def watching(
    centre: Centre,
    folder: Path,
    *,
    url: str = "",
    gaps: tuple[str, ...] = (),
    beside: Loop | None = None,
) -> Watchman:
    """A watchman of the centre's parts."""
    return Watchman(
        lambda: [centre.notifier.loop, *centre.dispatcher.loops, *([beside] if beside else [])],
        lambda: centre.dispatcher.states,
        centre.messages,
        lambda _now_ms: gaps,
        folder,
        url,
        lambda: centre.now_ms,
    )


def monitoring(centre: Centre, watchman: Watchman) -> SelfMonitoring:
    """It makes alerts of what the watchman has seen."""
    return SelfMonitoring(centre.record, watchman.seen, lambda: None, lambda: centre.now_ms)


def standing(centre: Centre) -> set[str]:
    """The causes of alerts that stand."""
    found = centre.record.listing(state=State.FIRING)
    return {kept.alert.rule_id for kept in found}


def fail_on(centre: Centre) -> None:
    """Mail refuses what is sent until its circuit opens."""
    centre.ways["mail"].away = "421 out of service"
    mail = centre.dispatcher.senders["mail"]
    for n in range(OPENS_AFTER):
        centre.has(spill(id=f"{n}" * 20, rule_id=f"rule-{n}"))
        centre.passes()
        if mail.state.circuit == "open":
            return
    raise AssertionError(f"the circuit is still closed: {mail.state}")


def test_given_a_channel_that_fails_on_and_on_then_officers_hear_of_it_by_another(
    centre: Centre, tmp_path: Path
) -> None:
    """The message is first tried over the very channel; the fall-back brings it through."""
    watchman = watching(centre, tmp_path)
    monitor = monitoring(centre, watchman)
    watchman.step()
    monitor.observe()
    assert standing(centre) == set()
    fail_on(centre)
    before = len(centre.ways["screen"].sent)
    watchman.step()
    monitor.observe()
    assert CHANNEL_FAILING in standing(centre)

    for _ in range(3):
        centre.passes()

    told = [of for of in centre.ways["screen"].sent[before:] if "通知渠道" in of.text]
    assert [of.addresses for of in told] == [(OFFICER,)], "no deputy is told"
    assert centre.kinds(DEPUTY, "mail") == []


def test_given_a_channel_that_works_again_then_its_alert_ends(
    centre: Centre, tmp_path: Path
) -> None:
    """While it fails and has not failed on and on nobody knows."""
    watchman = watching(centre, tmp_path)
    monitor = monitoring(centre, watchman)
    fail_on(centre)
    watchman.step()
    monitor.observe()
    sender = centre.dispatcher.senders["mail"]
    centre.ways["mail"].away = ""
    centre.now_ms += KNOWN_MS
    sender._open_until_s = 0.0
    sender.step()
    watchman.step()
    monitor.observe()
    assert standing(centre) & {CHANNEL_FAILING} == set()


def test_given_a_message_that_waits_for_over_ten_minutes_then_the_outbox_is_old(
    centre: Centre, tmp_path: Path
) -> None:
    """Not before."""
    for way in centre.ways.values():
        way.away = "421 out of service"
    centre.has(spill())
    centre.passes()
    watchman = watching(centre, tmp_path)
    watchman.step()
    assert watchman.seen()[OUTBOX_OLD, ""] is False
    centre.now_ms += OLD_MS + MINUTE_MS
    watchman.step()
    assert watchman.seen()[OUTBOX_OLD, ""] is True


@pytest.mark.parametrize(
    ("free", "is_full"), [(4, True), (5, None), (6, None), (7, False), (50, False)]
)
def test_a_disk_is_full_below_five_of_a_hundred_and_well_from_seven_on(
    centre: Centre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    is_full: bool | None,
) -> None:
    """Between them nothing changes."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Disk(100, 100 - free, free))
    watchman = watching(centre, tmp_path)
    watchman.step()
    assert watchman.seen()[DISK_FULL, ""] is is_full


def test_a_gap_in_the_duty_calendar_is_seen(centre: Centre, tmp_path: Path) -> None:
    """And the lack of one."""
    for gaps in ((), ("tomorrow night",)):
        watchman = watching(centre, tmp_path, gaps=gaps)
        assert watchman.seen() == {}, "before it has looked nothing is known"
        watchman.step()
        assert watchman.seen()[DUTY_GAP, ""] is bool(gaps)


def test_a_heart_beats_while_all_loops_that_tell_people_work(
    centre: Centre, tmp_path: Path
) -> None:
    """One that fails on and on, or hangs, stops it, until it goes round again."""
    watch = OuterWatch()
    beside = Loop("beside", lambda: centre.now_ms)
    with listening(watch) as url:
        watchman = watching(centre, tmp_path, url=url, beside=beside)
        centre.notifier.loop.now_ms = lambda: centre.now_ms
        for loop in watchman.loops():
            loop.now_ms = lambda: centre.now_ms
            loop.tried(lambda: None)
        watchman.step()
        assert watch.heard == ["/ping/secret"]
        for _ in range(BAD_FAILURES):
            beside.tried(lambda: 1 / 0)
        watchman.step()
        assert len(watch.heard) == 1, "it fails on and on"
        beside.tried(lambda: None)
        watchman.step()
        assert len(watch.heard) == 2
        centre.now_ms += HANGS_MS
        watchman.step()
        assert len(watch.heard) == 2, "all hang"


@pytest.mark.parametrize("status", [500, 404])
def test_a_heartbeat_that_nobody_takes_is_said_once_without_its_address(
    centre: Centre, tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """It is tried again each minute."""
    watch = OuterWatch(status=status)
    with listening(watch) as url:
        watchman = watching(centre, tmp_path, url=url)
        for loop in watchman.loops():
            loop.now_ms = lambda: centre.now_ms
            loop.tried(lambda: None)
        watchman.step()
        watchman.step()
    watchman.step()
    assert len(watch.heard) == 2
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if "heartbeat" in line]) == 1
    assert not any("secret" in line for line in lines)


def test_without_an_address_nobody_is_asked(centre: Centre, tmp_path: Path) -> None:
    """The rest is watched all the same."""

    class Nobody(Provider):
        def ask(self, *_: object) -> None:  # type: ignore[override]
            raise AssertionError("somebody was asked")

    watchman = watching(centre, tmp_path)
    watchman.provider = Nobody()
    watchman.step()
    assert (OUTBOX_OLD, "") in watchman.seen()
