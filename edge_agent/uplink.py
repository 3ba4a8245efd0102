"""Sends the spool, paced; forgets only what the centre settled. The only paho-mqtt of the agent.

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
from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from config import tls
from config.settings import BrokerSettings
from config.vocabulary import bounds, wire
from config.vocabulary.errors import FaultyInput
from config.vocabulary.health import Health, UplinkHealth
from config.vocabulary.reading import Numbered
from edge_agent.sent import Sent
from edge_agent.spool import Spool, SpoolFailed
from edge_agent.window import Window

TURN_S = 0.02
IDLE_S = 0.1
MESSAGES_A_TURN = 3
MOST_FRESH = 3
"""Of more than these only the newest is live: the others share a message, as backlog."""
CONNACK_S = {MQTTv5: 1.0, MQTTv311: 5.0}
"""A broker without MQTT 5 may stay silent; the older protocol answers on any."""
STATUS_S = 60.0
MOST_STATUS_BYTES = bounds.BODY_BYTES // 2
"""With its topic, and in the CONNECT as the will, it stays within what a broker takes."""
STALLED_S = 600.0
LEAVE_S = 1.0
LONGEST_BACKOFF_S = 30.0
KEEPALIVE_S = 30
MOST_UNCONFIRMED = 1000
"""Messages without a PUBACK; the window keeps us far below, a broker may ask for less."""

log = logging.getLogger(__name__)


class Uplink:
    """The connection of one station to the broker."""

    def __init__(
        self,
        spool: Spool,
        broker: BrokerSettings,
        site: str,
        station: str,
        *,
        reconnect_wait_s: tuple[float, float] = (0.0, 5.0),
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        health: Callable[[], Health | None] = lambda: None,
        offered: Callable[[bytes], None] = lambda _: None,
        answer: Callable[[], bytes | None] = lambda: None,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._spool = spool
        self._broker = broker
        self._site = site
        self._station = station
        self._reconnect_wait_s = reconnect_wait_s
        self._now_ms = now_ms
        self._health = health
        self._offered = offered
        self._answer = answer
        self._told: Health | None = None
        self._failpoint = failpoint
        self._window = Window()
        self._sent = Sent()
        self._protocol = MQTTv5
        self._trouble: str | None = None
        self._accepted = False
        self._connects = self._resent = 0
        self._down = ""
        self._unconfirmed, self._most_unconfirmed = 0, MOST_UNCONFIRMED
        self._live_after = spool.last
        self._passed: dict[str, int] = {}
        """Boot -> seq up to which its backlog is under way or settled, as far as is known."""
        self._look = True
        self._settled_s = time.monotonic()
        self._status_s = -math.inf
        self.empty = spool.empty
        """Set while everything that was spooled is settled."""

    def counts(self) -> UplinkHealth:
        """Since the agent's start; on any thread."""
        return UplinkHealth(max(self._connects - 1, 0), self._resent, bounds.cut(self._down))

    def run(self, stop: threading.Event) -> None:
        """Keep connected and send until told to stop."""
        failures = 0
        while not stop.is_set():
            if self._session(stop):
                failures = 0
                if not stop.wait(random.uniform(*self._reconnect_wait_s)):  # noqa: S311
                    continue
            failures += 1
            self._down = self._trouble or ""
            if failures in (2, 20):  # the first may be only the older protocol
                log.warning("%s; spooling meanwhile", self._trouble)
            stop.wait(min(0.25 * 2 ** min(failures, 8), LONGEST_BACKOFF_S))

    def _session(self, stop: threading.Event) -> bool:
        """One connection from its beginning to its end; False when it came to nothing."""
        try:
            client = self._connect(stop)
            if client is None:
                return False
            try:
                self._serve(client, stop)
            finally:
                _hang_up(client)
        except SpoolFailed as failed:
            self._trouble = str(failed)
            return False
        except Exception as error:  # the outermost: the agent goes on spooling, whatever it is
            self._trouble = f"uplink: {error!r}"
            log.exception("uplink of %s", self._station)
            return False
        return True

    def _connect(self, stop: threading.Event) -> Client | None:
        """One attempt; after one without an answer the other protocol version is tried."""
        place = f"broker {self._broker.host}:{self._broker.port}"
        self._accepted, self._trouble = False, None
        try:
            client = self._new_client()
            client.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
        except (OSError, ValueError) as error:  # ValueError: a name that is no host's
            self._trouble = f"{place}: {'; '.join(tls.explained(error, self._broker))}"
            return None
        except FaultyInput as faulty:
            self._trouble = str(faulty)
            return None
        deadline = time.monotonic() + CONNACK_S[self._protocol]
        alive = MQTTErrorCode.MQTT_ERR_SUCCESS
        while not (self._accepted or self._trouble or stop.is_set()):
            if client.loop(TURN_S) != alive or time.monotonic() > deadline:
                hint = tls.silence(self._broker)
                self._trouble = self._trouble or f"{place}: no answer to CONNECT; {hint}"
        if self._accepted:
            return client
        self._protocol = MQTTv311 if self._protocol == MQTTv5 else MQTTv5
        _hang_up(client)
        return None

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{self._site}.{self._station}.{self._spool.boot[:8]}",
            protocol=self._protocol,
        )
        client.username_pw_set(self._broker.username, self._broker.password)
        if (context := tls.context(self._broker)) is not None:
            client.tls_set_context(context)
        client.max_inflight_messages_set(MOST_UNCONFIRMED)
        client.will_set(self._topic("status"), self._status(online=False), qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    def _on_connect(
        self, client: Client, _userdata: object, _flags: object, reason: object, properties: object
    ) -> None:
        if getattr(reason, "is_failure", True):
            place = f"broker {self._broker.host}:{self._broker.port}"
            self._trouble = f"{place}: refused ({reason})"
            return
        # paho neither heeds what the broker will take nor lets us set it once connected.
        asked = getattr(properties, "ReceiveMaximum", MOST_UNCONFIRMED)
        self._unconfirmed, self._most_unconfirmed = 0, min(asked, MOST_UNCONFIRMED)
        client.subscribe([(self._topic("ack"), 1), (self._topic("config"), 1)])
        self._accepted = True
        self._connects += 1
        self._down = ""

    def _on_publish(self, *_: object) -> None:
        self._unconfirmed -= 1

    def _serve(self, client: Client, stop: threading.Event) -> None:
        """Send and listen until the connection or the spool is lost or we are told to stop."""
        boot = self._spool.boot
        self._window.forget_all()
        self._live_after = self._spool.last
        self._passed = {}
        self._look, self._status_s, self._told = True, -math.inf, None
        while not stop.is_set() and self._spool.boot == boot:
            if client.loop(TURN_S if self._look else IDLE_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
            now_s = time.monotonic()
            if self.empty.is_set():
                self._settled_s = now_s
            if self._window.expire(now_s):
                self._passed, self._look = {}, True
            self._look |= self._spool.last > self._live_after
            if now_s - self._status_s >= STATUS_S:
                self._publish_status(client, online=True)
                self._status_s = now_s
            self._tell_health(client)
            if (said := self._answer()) is not None:
                self._publish(client, self._topic("config", "applied"), said)
            if self._look:
                self._look = self._turn(client, now_s)
        self._take_leave(client)

    def _take_leave(self, client: Client) -> None:
        """Say that we go; the broker has a moment to confirm it and what is still under way."""
        self._publish_status(client, online=False)
        until_s = time.monotonic() + LEAVE_S
        while self._unconfirmed and time.monotonic() < until_s:
            if client.loop(TURN_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return

    def _turn(self, client: Client, now_s: float) -> bool:
        """Send a little, live first; True when there may be more at once."""
        left = most = min(MESSAGES_A_TURN, self._most_unconfirmed - self._unconfirmed)
        if self._spool.last - self._live_after > MOST_FRESH:
            self._live_after = self._spool.last - 1
        room = min(left, self._window.room(backlog=False))
        for row in self._spool.fresh(self._live_after, max(room, 0)):
            self._send(client, [row], now_s, backlog=False)
            self._live_after = row.seq
            left -= 1
        # What waits in our own socket would stand in the way of the next live sample.
        while (
            left > 0
            and not client.want_write()
            and (rows := self._next_backlog(self._window.room(backlog=True)))
        ):
            self._send(client, rows, now_s, backlog=True)
            left -= 1
        return most > 0 and (not left or client.want_write())

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
                found += [row for row in rows if not self._window.holds(row.boot, row.seq)]
            if found:
                return found[:most]
        return []

    def _send(
        self, client: Client, rows: Sequence[Numbered], now_s: float, *, backlog: bool
    ) -> None:
        boot, oldest = rows[0].boot, self._spool.oldest(rows[0].boot)
        if not backlog:
            body = wire.encode_live(rows[0].sample, oldest=oldest, sent_ms=self._now_ms())
            topic = wire.readings_topic(self._site, self._station, boot, rows[0].seq)
        else:
            body = wire.encode_history(rows, oldest=oldest, sent_ms=self._now_ms())
            while len(body) > wire.HISTORY_BYTES and len(rows) > 1:
                rows = rows[: len(rows) // 2]
                body = wire.encode_history(rows, oldest=oldest, sent_ms=self._now_ms())
            first, last = rows[0].seq, rows[-1].seq
            self._passed[boot] = last
            topic = wire.history_topic(self._site, self._station, boot, first, last)
        seqs = [row.seq for row in rows]
        self._resent += bool(self._sent.among(boot, [(seqs[0], seqs[-1])]))
        self._sent.note(boot, seqs)
        self._window.sent(boot, seqs, now_s, backlog=backlog)
        self._publish(client, topic, body)
        self._failpoint("published")

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.topic == self._topic("config"):
            self._offered(bytes(message.payload))
            return
        if message.topic != self._topic("ack"):  # amqtt hands out retained ones unasked
            return
        try:
            ack = msgspec.json.decode(message.payload, type=wire.Ack)
        except msgspec.MsgspecError as error:
            log.warning("an ack does not decode and is passed over: %s", error)
            return
        if ack.ranges and self._spool.settled_elsewhere(ack.b, ack.ranges[0][1]):
            self._status_s = -math.inf
        ranges = self._sent.among(ack.b, ack.ranges)
        if ranges and self._spool.forget(ack.b, ranges):
            self._settled_s = time.monotonic()
        if self._window.settled(ack.b, ranges, time.monotonic()):
            self._passed = {}
        self._look = True

    def _topic(self, *rest: str) -> str:
        return wire.station_topic(self._site, self._station, *rest)

    def _status(self, *, online: bool) -> bytes:
        held = self._spool.held()
        stalled = bool(held) and time.monotonic() - self._settled_s > STALLED_S
        mishaps, now_ms = self._spool.mishaps()[-bounds.MISHAPS :], self._now_ms()
        named = bounds.HELD_BOOTS
        while True:  # an agent that is started again and again holds more boots than a body does
            rest, newest = held[:-named], held[-named:]
            further = sum(one.high - one.low + 1 for one in rest)
            said = wire.Status(wire.VERSION, online, now_ms, newest, stalled, mishaps, further)
            if len(body := msgspec.json.encode(said)) <= MOST_STATUS_BYTES:
                return body
            named //= 2

    def _publish_status(self, client: Client, *, online: bool) -> None:
        self._publish(client, self._topic("status"), self._status(online=online), retain=True)

    def _tell_health(self, client: Client) -> None:
        """The newest report, once in a session."""
        report = self._health()
        if report is not None and report is not self._told:
            topic = wire.health_topic(self._site, self._station)
            self._publish(client, topic, msgspec.json.encode(report), retain=True)
            self._told = report

    def _publish(self, client: Client, topic: str, body: bytes, *, retain: bool = False) -> None:
        self._unconfirmed += 1
        client.publish(topic, body, qos=1, retain=retain)


def _hang_up(client: Client) -> None:
    client.disconnect()
    client.loop(0)
    # A peer that takes nothing more leaves the DISCONNECT unsent and paho's socket open.
    if (sock := client.socket()) is not None:
        sock.close()
