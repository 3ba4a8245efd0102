"""The centre's loop: receive, check, journal, and only then acknowledge and tell.

Order is the promise: dead letters and journal are on disk before the broker hears PUBACK and the
spool hears ``ack``; the store and the rules read the journal later, each at its own pace.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from config.vocabulary import reports, topics, wire
from config.vocabulary.bounds import BODY_BYTES
from config.vocabulary.quality import Cause
from ingest.arrival.bus import Bus
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Message, Taken
from ingest.arrival.station_monitor import StationMonitor
from ingest.journal.columns import Columns
from ingest.journal.log import JournalFull
from ingest.journal.rounds import Size
from ingest.loops import Loop

ROUND_S = 0.05
APART_MS, FURTHEST_APART_MS = 20, 80
"""Rounds lie at least so far apart: messages that come between are settled together, as a round
costs the readers of the journal hardly more with many messages than with one. While the rules are
behind they lie further apart, but not so far that a round's own transaction would be long.
"""
BEHIND_ENTRIES = 8
"""Rules that have more than that to read are behind."""
MOST_MESSAGES = 500
LIVE_INTERVAL_MS = 1000
UPTO_INTERVAL_MS = 1000
FULL_RETRY_S = 2.0
TIDY_INTERVAL_MS = 600_000
PULSE_INTERVAL_MS = 2000
MOST_HELD_BACK_MS = 60_000
"""Beyond it silence is known without what is held back: a station that floods must not keep others
from being missed.
"""
MOST_PULSE_BYTES = BODY_BYTES - 1024
"""A broker hangs up on a larger packet, topic and head included."""
PAUSE_MS = 5000
"""A round that comes later than this after the last one, by either clock, was kept from running:
by a machine that was stopped, or a step of its clock.
"""

log = logging.getLogger(__name__)


class _Pushed(NamedTuple):
    """The readings of a station that open pages heard last, and when."""

    newest_ms: int
    at_ms: int


@dataclass(slots=True)
class Receiver:
    """Joins the bus and what settles; ``now_ms`` is the centre's clock."""

    bus: Bus
    committer: Committer
    site: str
    upto_grace_ms: int
    reconnect_grace_ms: int
    now_ms: Callable[[], int]
    failpoint: Callable[[str], None] = lambda _: None
    snapshot: Path | None = None
    """Where the ledger is kept between; without it the journal only grows."""
    passed: Callable[[], int] = lambda: 0
    """The journal number that every reader has passed for good."""
    readers: Callable[[reports.Pulse], reports.Pulse] = lambda pulse: pulse
    """Adds to a pulse what the journal's readers know."""
    waiting: Callable[[], int] = lambda: 0
    """How many entries of the journal wait for the rules."""
    beside: Sequence[Callable[[str, bytes], bool]] = ()
    """By what pages hear readings beside the broker, as ``Bus.publish``."""
    station_monitor: StationMonitor = dataclass_field(default_factory=StationMonitor)
    ticks_ms: Callable[[], int] = lambda: time.monotonic_ns() // 10**6
    """A clock that nobody sets."""
    loop: Loop = dataclass_field(default_factory=lambda: Loop("receiver"))
    _acked_ms: dict[tuple[str, str], int] = dataclass_field(default_factory=dict)
    _owed: set[tuple[str, str]] = dataclass_field(default_factory=set)
    _live: dict[str, dict[str, wire.LiveReading]] = dataclass_field(default_factory=dict)
    _pushed: dict[tuple[int, str], _Pushed] = dataclass_field(default_factory=dict)
    """By way and station."""
    _caught_up_ms: int | None = None
    _session: int = -1
    _last_round: tuple[int, int] | None = None
    """Both clocks when a round last had its messages, ms."""
    _under_way: list[Message] = dataclass_field(default_factory=list)
    _upto_ms: int = 0
    _tidied_ms: int = 0
    _pulsed_ms: int = 0
    _apart_ms: Size = dataclass_field(default_factory=lambda: Size(APART_MS, FURTHEST_APART_MS))
    _crowded: bool = False
    """Whether the last round was full."""

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; messages under way are then left to their spools."""
        self.loop.run(stop, lambda: self._turn(stop))

    def _turn(self, stop: threading.Event) -> None:
        try:
            self._round(stop)
        except Exception:
            # Unanswered the broker would stop delivering; only ``ack`` settles anything.
            self.bus.acknowledge(self._under_way)
            self._send_pulse(self.now_ms())
            raise

    def _round(self, stop: threading.Event) -> None:
        if not self.bus.connected.is_set() or self.bus.session != self._session:
            self._caught_up_ms, self._session = None, self.bus.session
        messages = self._under_way = self.bus.receive(ROUND_S, MOST_MESSAGES)
        begun_s = time.monotonic()
        now = self.now_ms()
        self._note_pause(now)
        if messages:
            taken = self._settle(messages, stop)
            if taken is None:
                return
            self.failpoint("journaled")
            self.bus.acknowledge(messages)
            self.bus.refused(Counter(of.station for of in taken.refused))
            self._owed |= taken.touched
            self._note_live(taken.columns)
            self._hear_field(messages, taken, now)
        elif self.bus.connected.is_set() and self._caught_up_ms is None:
            self._caught_up_ms = now
        self.station_monitor.note_held_back(self.bus.held_back, now)
        if len(messages) < MOST_MESSAGES:  # nothing older is waiting
            self._mark_upto(now)
        self._send_acks(now)
        self._send_live(now)
        self._send_pulse(now)
        self._tidy(now)
        self._apart_ms.adapt(behind=self.waiting() > BEHIND_ENTRIES)
        if 0 < len(messages) < MOST_MESSAGES:
            stop.wait(max(begun_s + self._apart_ms.now / 1000 - time.monotonic(), 0))

    def _note_pause(self, now: int) -> None:
        """Silence while we did not run does not count: as after a reconnect, stations get the time
        to send it.
        """
        last, self._last_round = self._last_round, (now, self.ticks_ms())
        if last is None:
            return
        paused_ms = max(
            abs(at - before) for at, before in zip(self._last_round, last, strict=True)
        )
        if paused_ms > PAUSE_MS:
            log.warning("nothing was heard for %d ms; silence is not known yet", paused_ms)
            self._caught_up_ms = None

    def _tidy(self, now: int) -> None:
        """Keep the ledger, then let go of the segments that nobody needs any more."""
        if self.snapshot is None or _too_soon(now, self._tidied_ms, TIDY_INTERVAL_MS):
            return
        self._tidied_ms = now
        try:
            n = self.committer.keep_ledger(self.snapshot)
        except OSError as error:
            log.warning("the ledger is not kept (%s); the journal stays as it is", error)
            return
        self.committer.journal.forget(min(n, self.passed()))

    def _settle(self, messages: list[Message], stop: threading.Event) -> Taken | None:
        """Until the disk takes it or we are told to stop: a full disk stops the acknowledging."""
        while True:
            try:
                return self.committer.take(messages)
            except JournalFull as error:
                log.critical("nothing is acknowledged: %s", error)
                if stop.wait(FULL_RETRY_S):
                    return None

    def _hear_field(self, messages: list[Message], taken: Taken, now: int) -> None:
        self.station_monitor.note_turns(taken.turns, now)
        self.station_monitor.hear(taken.said)
        # Behind a full round more may have waited, at the broker too, than can be told here.
        crowded = len(messages) == MOST_MESSAGES
        if not (crowded or self._crowded):
            self.station_monitor.note_took(taken.took, now)
        self._crowded = crowded

    def _mark_upto(self, now: int) -> None:
        """Silence is known only while we would have heard, and the stations could speak; not of
        the time since what is held back came.
        """
        upto = now - self.upto_grace_ms - min(self.bus.held_back_ms, MOST_HELD_BACK_MS)
        since = self._caught_up_ms
        heard = since is not None and now - since >= self.reconnect_grace_ms
        if heard and upto - self._upto_ms >= UPTO_INTERVAL_MS:
            try:
                self.committer.mark(upto)
            except JournalFull as error:
                log.critical("silence is not journaled: %s", error)
                return
            self._upto_ms = upto

    def _send_acks(self, now: int) -> None:
        lately = {
            k: ms for k, ms in self._acked_ms.items() if _too_soon(now, ms, wire.ACK_INTERVAL_MS)
        }
        self._acked_ms = lately
        for key in list(self._owed):
            if key in lately:
                continue
            station, boot = key
            ranges = self.committer.ledger.ack_for(station, boot)
            if not ranges:  # forgotten since
                self._owed.discard(key)
                continue
            body = msgspec.json.encode(wire.Ack(wire.VERSION, boot, ranges))
            if self.bus.publish(topics.station_topic(self.site, station, "ack"), body):
                lately[key] = now
                self._owed.discard(key)

    def _note_live(self, columns: Columns) -> None:
        """The newest reading of each series, for pages that are open."""
        for row in columns.newest(columns.cause != Cause.CLOCK):
            station, _, code = columns.names[columns.series[row]].partition("/")
            readings = self._live.setdefault(station, {})
            known = readings.get(code)
            t, value = int(columns.t[row]), float(columns.value[row])
            if known is None or t > known.t:
                readings[code] = wire.LiveReading(
                    t,
                    None if np.isnan(value) else value,
                    int(columns.quality[row]),
                    int(columns.cause[row]),
                )

    def _send_live(self, now: int) -> None:
        for number, way in enumerate((self.bus.publish, *self.beside)):
            for station, readings in self._live.items():
                pushed = self._pushed.get((number, station), _Pushed(0, 0))
                if _too_soon(now, pushed.at_ms, LIVE_INTERVAL_MS):
                    continue
                newest = max(reading.t for reading in readings.values())
                topic = topics.station_topic(self.site, station, "live")
                if newest > pushed.newest_ms and way(topic, msgspec.json.encode(readings)):
                    self._pushed[number, station] = _Pushed(newest, now)

    def _send_pulse(self, now: int) -> None:
        """How the core is, for pages and for whoever watches the watcher."""
        if _too_soon(now, self._pulsed_ms, PULSE_INTERVAL_MS):
            return
        ledger = self.committer.ledger
        with self.committer.still():  # an admin task may be entering a boot
            stations = {
                of: self.station_monitor.pulse(of, ledger, now) for of in ledger.stations()
            }
        pulse = reports.Pulse(
            v=wire.VERSION,
            t=now,
            journal=self.committer.journal.last,
            stored=0,
            judged=0,
            turned_away=self.bus.turned_away,
            stations=stations,
        )
        body = _within_bounds(self.readers(pulse))
        if self.bus.publish(topics.pulse_topic(self.site), body, retain=True):
            self._pulsed_ms = now


def _within_bounds(pulse: reports.Pulse) -> bytes:
    """A pulse as the broker takes it, without what befell spools where that is too much."""
    body = msgspec.json.encode(pulse)
    if len(body) <= MOST_PULSE_BYTES:
        return body
    bare = {of: replace(said, mishaps=[]) for of, said in pulse.stations.items()}
    return msgspec.json.encode(replace(pulse, stations=bare))


def _too_soon(now: int, last: int, interval: int) -> bool:
    """Whether less than ``interval`` passed; a clock that was set back makes nobody wait."""
    return 0 <= now - last < interval
