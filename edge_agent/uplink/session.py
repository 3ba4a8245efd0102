"""Sends the spool, paced; forgets only what the centre settled.

One thread does it all: the network loop and the sending take turns, so nothing here is locked.
"""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from config.settings import BrokerSettings
from config.vocabulary import bounds, reports, topics, wire
from config.vocabulary.health import Health, UplinkHealth
from config.vocabulary.reading import Numbered
from edge_agent.clock import BEFORE_US_MS
from edge_agent.spool.spool import Spool, SpoolFailed
from edge_agent.uplink.connection import TURN_S, Connection
from edge_agent.uplink.in_flight import Sent
from edge_agent.uplink.packets import UNLIMITED
from edge_agent.uplink.window import Window

IDLE_S = 0.1
MESSAGES_A_TURN = 3
MOST_FRESH = 3
"""Beyond so many only the newest is live: the others share a message, as backlog."""
STATUS_S = 60.0
MOST_STATUS_BYTES = bounds.BODY_BYTES // 2
"""With its topic, and in the CONNECT as the will, it stays within what a broker takes."""
STALLED_S = 600.0
LONGEST_BACKOFF_S = 30.0
UNSETTLED_S = 5.0
"""For less nobody need be told since when nothing is settled."""

log = logging.getLogger(__name__)


class Uplink:
    """The connection of one station to the broker. ``dated`` sees to it that what waits is dated
    by the clock as it is set, and says False while that was never set: what shows a year before
    there were agents waits until then.
    """

    def __init__(
        self,
        spool: Spool,
        broker: BrokerSettings,
        site: str,
        station: str,
        *,
        reconnect_wait_s: tuple[float, float] = (0.0, 5.0),
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        dated: Callable[[], bool] = lambda: True,
        health: Callable[[], Health | None] = lambda: None,
        offered: Callable[[bytes], None] = lambda _: None,
        answer: Callable[[], bytes | None] = lambda: None,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._spool = spool
        self._site = site
        self._station = station
        self._reconnect_wait_s = reconnect_wait_s
        self._now_ms = now_ms
        self._dated = dated
        self._waited = False
        self._health = health
        self._offered = offered
        self._answer = answer
        self._reported: Health | None = None
        self._failpoint = failpoint
        self._window = Window()
        self._sent = Sent()
        self._connection = Connection(broker, self)
        self._settlement = self._connection.settlement
        self._resent = 0
        self._down = ""
        self._live_after = spool.last
        self._passed: dict[str, int] = {}
        """Boot -> seq up to which its backlog is under way or settled, as far as is known."""
        self._check_progress = True
        self._status_s = -math.inf
        self.empty = spool.empty
        """Set while everything that was spooled is settled."""

    def counts(self) -> UplinkHealth:
        """Since the agent's start; on any thread."""
        now_s, trouble = time.monotonic(), self._down
        waits = not self.empty.is_set()
        why = None if trouble else self._settlement.why(now_s, waits=waits)
        unsettled_s = now_s - self._settlement.settled_s
        since_ms = None
        if (trouble or why) and waits and unsettled_s > UNSETTLED_S:
            since_ms = self._now_ms() - int(unsettled_s * 1000)
        return UplinkHealth(
            reconnects=max(self._connection.connects - 1, 0),
            resent=self._resent,
            trouble=bounds.cut(trouble or (f"{self._connection.place} {why}" if why else "")),
            unsettled_ms=since_ms,
            why=why.cause if why else None,
            said=bounds.cut(why.said) if why else "",
        )

    def run(self, stop: threading.Event) -> None:
        """Keep connected and send until told to stop."""
        failures = 0
        while not stop.is_set():
            if self._session(stop):
                failures = 0
                self._say()
                if not stop.wait(random.uniform(*self._reconnect_wait_s)):  # noqa: S311
                    continue
            failures += 1
            self._down = self._connection.trouble
            if failures in (2, 20):  # the first may be only the older protocol
                log.warning("%s; spooling meanwhile", self._down)
            stop.wait(min(0.25 * 2 ** min(failures, 8), LONGEST_BACKOFF_S))

    def _session(self, stop: threading.Event) -> bool:
        """One connection from its beginning to its end; False when it came to nothing."""
        connection = self._connection
        try:
            if not connection.open(stop):
                return False
            self._down = ""
            try:
                self._serve(stop)
            finally:
                connection.close()
        except SpoolFailed as failed:
            connection.trouble = str(failed)
            return False
        except Exception as error:  # the outermost: the agent goes on spooling, whatever it is
            connection.trouble = f"uplink: {error!r}"
            log.exception("uplink of %s", self._station)
            return False
        return True

    def client_id(self) -> str:
        """Of this start: another one's session is not taken over."""
        return f"{self._site}.{self._station}.{self._spool.boot[:8]}"

    def topics(self) -> Sequence[str]:
        """The topics on which the centre speaks to the station."""
        return self._topic("ack"), self._topic("config")

    def will(self) -> tuple[str, bytes]:
        """That the station is gone."""
        return self._topic("status"), msgspec.json.encode(self._status(online=False))

    def try_again(self) -> None:
        """Larger packets may go through now."""
        self._passed, self._check_progress = {}, True

    def _say(self) -> None:
        """Why nothing is settled, once, and when it changes."""
        now_s = time.monotonic()
        why = self._settlement.why(now_s, waits=not self.empty.is_set())
        if self._settlement.news(why, now_s):
            what = f"{why}; samples are spooled meanwhile" if why else "settles samples again"
            log.warning("%s: %s %s", self._station, self._connection.place, what)

    def _serve(self, stop: threading.Event) -> None:
        """Send and listen until the connection or the spool is lost or we are told to stop."""
        connection, boot = self._connection, self._spool.boot
        self._window.forget_all()
        self._live_after = self._spool.last
        self._passed = {}
        self._check_progress, self._status_s, self._reported = True, -math.inf, None
        while not stop.is_set() and self._spool.boot == boot:
            if not connection.loop(TURN_S if self._check_progress else IDLE_S):
                return
            now_s = time.monotonic()
            waits = self._waits_for_clock()
            if waits or self.empty.is_set():
                self._settlement.settled(now_s)
            self._say()
            if self._window.expire(now_s):
                self.try_again()
            self._check_progress |= self._spool.last > self._live_after
            if now_s - self._status_s >= STATUS_S:
                self._tell_status(online=True)
                self._status_s = now_s
            self._tell_health()
            if (said := self._answer()) is not None:
                self._tell_applied(said)
            if self._check_progress:
                self._check_progress = self._turn(now_s)
        self._tell_status(online=False)
        connection.drain()

    def _waits_for_clock(self) -> bool:
        """Whether the clock was never set; once it is, what was passed over is sent."""
        waited, self._waited = self._waited, not self._dated()
        if waited and not self._waited:
            self.try_again()
        return self._waited

    def _may_go(self, row: Numbered) -> bool:
        return not self._waited or row.sample.taken_ms >= BEFORE_US_MS

    def _turn(self, now_s: float) -> bool:
        """Send a little, live first; True when there may be more at once."""
        left = most = min(MESSAGES_A_TURN, self._connection.room)
        if self._spool.last - self._live_after > MOST_FRESH:
            self._live_after = self._spool.last - 1
        room = min(left, self._window.room(backlog=False))
        for row in self._spool.fresh(self._live_after, max(room, 0)):
            self._live_after = row.seq
            if self._may_go(row):
                self._send([row], now_s, backlog=False)
                left -= 1
        # What waits in our own socket would stand in the way of the next live sample.
        while (
            left > 0
            and not self._connection.is_behind
            and (rows := self._next_backlog(self._window.room(backlog=True)))
        ):
            self._send(rows, now_s, backlog=True)
            left -= 1
        return most > 0 and (not left or self._connection.is_behind)

    def _next_backlog(self, most: int) -> list[Numbered]:
        """The oldest samples of one boot that are not under way."""
        most = min(most, bounds.HISTORY_SAMPLES)
        if not most:
            return []
        for held in self._spool.held():
            live = held.b == self._spool.boot
            upto = min(held.high, self._live_after) if live else held.high
            after, found = self._passed.get(held.b, 0), list[Numbered]()
            while len(found) < most:
                rows = self._spool.backlog(held.b, after, upto, most)
                if not rows:
                    break
                after = rows[-1].seq
                found += [
                    row
                    for row in rows
                    if self._may_go(row) and not self._window.holds(row.boot, row.seq)
                ]
            if found:
                return found[:most]
            if self._waited:
                self._passed[held.b] = after  # what waits for the clock is not read each time
        return []

    def _send(self, rows: Sequence[Numbered], now_s: float, *, backlog: bool) -> None:
        """As many of these as go into one message; what goes into none waits in the spool."""
        connection, boot = self._connection, rows[0].boot
        oldest, sent_ms = self._spool.oldest(boot), self._now_ms()
        built: dict[int, tuple[str, bytes]] = {}

        def size(some: Sequence[Numbered]) -> int:
            topic, body = built[len(some)] = self._message(some, oldest, sent_ms, backlog=backlog)
            fits = len(body) <= wire.HISTORY_BYTES or len(some) == 1
            return connection.bytes_of(topic, body) if fits else UNLIMITED + 1

        fitting = connection.limit.cut(rows, size)
        if backlog:
            self._passed[boot] = (fitting or rows)[len(fitting) - 1 if fitting else 0].seq
        if not fitting:
            self._settlement.too_large(connection.bytes_of(*built[1]), connection.limit.most)
            return
        seqs = [row.seq for row in fitting]
        self._resent += bool(self._sent.among(boot, [(seqs[0], seqs[-1])]))
        self._sent.note(boot, seqs)
        self._window.sent(boot, seqs, now_s, backlog=backlog)
        kind = "history" if backlog else "readings"
        connection.publish(kind, *built[len(seqs)], samples=len(seqs))
        self._failpoint("published")

    def _message(
        self, rows: Sequence[Numbered], oldest: int, sent_ms: int, *, backlog: bool
    ) -> tuple[str, bytes]:
        at = self._site, self._station, rows[0].boot, rows[0].seq
        if not backlog:
            body = wire.encode_live(rows[0].sample, oldest=oldest, sent_ms=sent_ms)
            return topics.readings_topic(*at), body
        body = wire.encode_history(rows, oldest=oldest, sent_ms=sent_ms)
        return topics.history_topic(*at, rows[-1].seq), body

    def hear(self, topic: str, payload: bytes) -> None:
        """An ack of the centre, or an offer of a configuration."""
        if topic == self._topic("config"):
            self._offered(payload)
            return
        if topic != self._topic("ack"):  # amqtt hands out retained ones unasked
            return
        try:
            ack = wire.decoded(payload, wire.Ack)
        except wire.Malformed as error:
            log.warning("an ack does not decode and is passed over: %s", error)
            return
        if ack.ranges and self._spool.settled_elsewhere(ack.b, ack.ranges[0][1]):
            self._status_s = -math.inf
        ranges = self._sent.among(ack.b, ack.ranges)
        if ranges and self._spool.forget(ack.b, ranges):
            self._settlement.settled(time.monotonic())
        if self._window.settled(ack.b, ranges, time.monotonic()):
            self._passed = {}
        self._check_progress = True

    def _topic(self, *rest: str) -> str:
        return topics.station_topic(self._site, self._station, *rest)

    def _status(self, *, online: bool) -> reports.Status:
        held = self._spool.held()
        stalled = bool(held) and time.monotonic() - self._settlement.settled_s > STALLED_S
        mishaps, now_ms = self._spool.mishaps()[-bounds.MISHAPS :], self._now_ms()
        named, senders = bounds.HELD_BOOTS, self._senders()
        while True:  # an agent that is started again and again holds more boots than a body does
            rest, newest = held[:-named], held[-named:]
            further = sum(one.high - one.low + 1 for one in rest)
            said = reports.Status(
                wire.VERSION, online, now_ms, newest, stalled, mishaps, further, senders
            )
            if len(msgspec.json.encode(said)) <= MOST_STATUS_BYTES:
                return said
            named //= 2

    def _senders(self) -> list[str]:
        report = self._health()
        loggers = report.loggers.values() if report else ()
        return next((one.senders for one in loggers if one.senders), [])

    def _tell_status(self, *, online: bool) -> None:
        status = self._status(online=online)
        bodies = [msgspec.json.encode(one) for one in (status, replace(status, mishaps=[]))]
        self._connection.tell("status", self._topic("status"), bodies, retain=True, small=True)

    def _tell_health(self) -> None:
        """The newest report, once in a session; of a large one what is most wanted."""
        report = self._health()
        if report is not None and report is not self._reported:
            topic = topics.health_topic(self._site, self._station)
            short = replace(report, sensors={}, devices={}, loggers={}, declared=[])
            bodies = [msgspec.json.encode(one) for one in (report, short)]
            self._connection.tell("health", topic, bodies, retain=True)
            self._reported = report

    def _tell_applied(self, said: bytes) -> None:
        """The answer to an offer; where its faults are too many for the broker, that alone."""
        applied = msgspec.json.decode(said, type=reports.Applied)
        short = replace(applied, faults=["see the agent's log"] if applied.faults else [])
        bodies = [said, msgspec.json.encode(short)]
        self._connection.tell("config", self._topic("config", "applied"), bodies, retain=False)
