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
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from config import tls
from config.settings import BrokerSettings
from config.vocabulary import wire
from config.vocabulary.errors import FaultyInput
from config.vocabulary.health import Health, UplinkHealth
from config.vocabulary.reading import Numbered
from edge_agent.packets import UNLIMITED, PacketLimit, publish_bytes
from edge_agent.sent import Sent
from edge_agent.settling import TOO_LARGE, Settling
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
STALLED_S = 600.0
LEAVE_S = 1.0
LONGEST_BACKOFF_S = 30.0
KEEPALIVE_S = 30
MOST_UNCONFIRMED = 1000
"""Messages without a PUBACK; the window keeps us far below, a broker may ask for less."""

UNSETTLED_S = 5.0
"""For less nobody need be told since when nothing is settled."""
SHORTENED = 2
TROUBLE = 300
"""Characters of a trouble that is told."""

log = logging.getLogger(__name__)


class _Out(NamedTuple):
    """A message without a PUBACK. ``samples``: how many it has; ``SHORTENED`` where it has none
    and may be shortened, 0 where it is small anyway.
    """

    kind: str
    size: int
    samples: int


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
        self._hung_up = ReasonCode(PacketTypes.DISCONNECT)
        self._connects = self._resent = 0
        self._down = ""
        self._unconfirmed: dict[int, _Out] = {}
        self._most_unconfirmed = MOST_UNCONFIRMED
        self._limit = PacketLimit()
        self._settling = Settling(time.monotonic())
        self._live_after = spool.last
        self._passed: dict[str, int] = {}
        """Boot -> seq up to which its backlog is under way or settled, as far as is known."""
        self._look = True
        self._status_s = -math.inf
        self.empty = spool.empty
        """Set while everything that was spooled is settled."""

    def counts(self) -> UplinkHealth:
        """Since the agent's start; on any thread."""
        now_s, trouble = time.monotonic(), self._down
        why = None if trouble or self.empty.is_set() else self._settling.why(now_s)
        unsettled_s = now_s - self._settling.settled_s
        since_ms = None
        if (trouble or why) and unsettled_s > UNSETTLED_S and not self.empty.is_set():
            since_ms = self._now_ms() - int(unsettled_s * 1000)
        return UplinkHealth(
            reconnects=max(self._connects - 1, 0),
            resent=self._resent,
            trouble=(trouble or (f"{self._place} {why}" if why else ""))[:TROUBLE],
            unsettled_ms=since_ms,
            why=why.cause if why else None,
            said=why.said[:100] if why else "",
        )

    @property
    def _place(self) -> str:
        return f"broker {self._broker.host}:{self._broker.port}"

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
        place = self._place
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
        will = msgspec.json.encode(self._status(online=False))
        client.will_set(self._topic("status"), will, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(
        self, client: Client, _userdata: object, _flags: object, reason: object, properties: object
    ) -> None:
        if getattr(reason, "is_failure", True):
            self._trouble = f"{self._place}: refused ({reason})"
            return
        # paho neither heeds what the broker will take nor lets us set it once connected.
        asked = getattr(properties, "ReceiveMaximum", MOST_UNCONFIRMED)
        self._unconfirmed, self._most_unconfirmed = {}, min(asked, MOST_UNCONFIRMED)
        self._limit.told = getattr(properties, "MaximumPacketSize", UNLIMITED)
        self._settling.connected(time.monotonic())
        self._hung_up = ReasonCode(PacketTypes.DISCONNECT)
        client.subscribe([(self._topic("ack"), 1), (self._topic("config"), 1)])
        self._accepted = True
        self._connects += 1
        self._down = ""

    def _on_subscribe(
        self, _client: Client, _userdata: object, _mid: int, reasons: list[ReasonCode], _: object
    ) -> None:
        for reason in reasons:
            if reason.is_failure:
                self._settling.refused("subscriptions", reason.value, str(reason))

    def _on_publish(
        self, _client: Client, _userdata: object, mid: int, reason: ReasonCode, _: object
    ) -> None:
        out = self._unconfirmed.pop(mid, None)
        if out is None:
            return
        if reason.is_failure:
            self._settling.refused(out.kind, reason.value, str(reason))
            return
        self._settling.taken(out.kind)
        if self._limit.confirmed(out.size):
            self._settling.fits()
            self._passed, self._look = {}, True

    def _on_disconnect(
        self, _client: Client, _userdata: object, flags: object, reason: ReasonCode, _: object
    ) -> None:
        if getattr(flags, "is_disconnect_packet_from_server", False):
            self._hung_up = reason

    def _lost(self) -> None:
        """The connection ended, and not by us: what was under way may have been too large."""
        reason = self._hung_up
        self._settling.hung_up(str(reason) if reason.is_failure else "")
        under_way = [out for out in self._unconfirmed.values() if out.samples]
        largest = max(under_way, key=lambda out: out.size, default=_Out("", 0, 0))
        refused = reason.value == TOO_LARGE
        if self._limit.lost(largest.size, samples=largest.samples, refused=refused):
            words = f"of {largest.size} bytes may be too large, smaller ones are tried"
            log.warning("%s hangs up: a packet %s", self._place, words)

    def _say(self) -> None:
        """Why nothing is settled, once, and when it changes."""
        now_s = time.monotonic()
        why = None if self.empty.is_set() else self._settling.why(now_s)
        if self._settling.news(why, now_s):
            what = f"{why}; samples are spooled meanwhile" if why else "settles samples again"
            log.warning("%s: %s %s", self._station, self._place, what)

    def _serve(self, client: Client, stop: threading.Event) -> None:
        """Send and listen until the connection or the spool is lost or we are told to stop."""
        boot = self._spool.boot
        self._window.forget_all()
        self._live_after = self._spool.last
        self._passed = {}
        self._look, self._status_s, self._told = True, -math.inf, None
        while not stop.is_set() and self._spool.boot == boot:
            if client.loop(TURN_S if self._look else IDLE_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._lost()
                return
            now_s = time.monotonic()
            if self.empty.is_set():
                self._settling.settled(now_s)
            self._say()
            if self._window.expire(now_s):
                self._passed, self._look = {}, True
            self._look |= self._spool.last > self._live_after
            if now_s - self._status_s >= STATUS_S:
                self._publish_status(client, online=True)
                self._status_s = now_s
            self._tell_health(client)
            if (said := self._answer()) is not None:
                self._tell_applied(client, said)
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
        left = most = min(MESSAGES_A_TURN, self._most_unconfirmed - len(self._unconfirmed))
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
        most = min(most, wire.HISTORY_SAMPLES)
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
        """As many of these as go into one message; what goes into none waits in the spool."""
        boot, oldest = rows[0].boot, self._spool.oldest(rows[0].boot)

        def message(some: Sequence[Numbered]) -> tuple[str, bytes]:
            first, last, sent_ms = some[0].seq, some[-1].seq, self._now_ms()
            if not backlog:
                topic = wire.readings_topic(self._site, self._station, boot, first)
                return topic, wire.encode_live(some[0].sample, oldest=oldest, sent_ms=sent_ms)
            topic = wire.history_topic(self._site, self._station, boot, first, last)
            return topic, wire.encode_history(some, oldest=oldest, sent_ms=sent_ms)

        def size(some: Sequence[Numbered]) -> int:
            topic, body = message(some)
            most = self._limit.most
            fits = len(body) <= wire.HISTORY_BYTES or len(some) == 1
            return self._bytes(topic, body) if fits else most + 1

        fitting = self._limit.cut(rows, size)
        if backlog:
            self._passed[boot] = (fitting or rows[:1])[-1].seq
        if not fitting:
            self._settling.too_large(size(rows[:1]), self._limit.most)
            return
        topic, body = message(fitting)
        seqs = [row.seq for row in fitting]
        self._resent += bool(self._sent.among(boot, [(seqs[0], seqs[-1])]))
        self._sent.note(boot, seqs)
        self._window.sent(boot, seqs, now_s, backlog=backlog)
        self._publish(client, topic, body, samples=len(seqs))
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
            self._settling.settled(time.monotonic())
        if self._window.settled(ack.b, ranges, time.monotonic()):
            self._passed = {}
        self._look = True

    def _topic(self, *rest: str) -> str:
        return wire.station_topic(self._site, self._station, *rest)

    def _status(self, *, online: bool) -> wire.Status:
        held = self._spool.held()
        stalled = bool(held) and time.monotonic() - self._settling.settled_s > STALLED_S
        mishaps = self._spool.mishaps()
        return wire.Status(wire.VERSION, online, self._now_ms(), held, stalled, mishaps)

    def _publish_status(self, client: Client, *, online: bool) -> None:
        status = self._status(online=online)
        bodies = status, replace(status, mishaps=[])
        self._publish(
            client, self._topic("status"), *map(msgspec.json.encode, bodies), retain=True
        )

    def _tell_health(self, client: Client) -> None:
        """The newest report, once in a session; of a large one what is most wanted."""
        report = self._health()
        if report is not None and report is not self._told:
            topic = wire.health_topic(self._site, self._station)
            short = replace(report, sensors={}, devices={}, loggers={}, declared=[])
            bodies = map(msgspec.json.encode, (report, short))
            self._publish(client, topic, *bodies, retain=True)
            self._told = report

    def _tell_applied(self, client: Client, said: bytes) -> None:
        """What became of an offer; where its faults are too many for the broker, that alone."""
        applied = msgspec.json.decode(said, type=wire.Applied)
        short = replace(applied, faults=["see the agent's log"] if applied.faults else [])
        self._publish(client, self._topic("config", "applied"), said, msgspec.json.encode(short))

    def _bytes(self, topic: str, body: bytes) -> int:
        return publish_bytes(topic, body, properties=self._protocol == MQTTv5)

    def _publish(
        self, client: Client, topic: str, *bodies: bytes, retain: bool = False, samples: int = 0
    ) -> None:
        """The first of these bodies that the broker takes, if it takes any."""
        most = self._limit.told if samples else min(self._limit.told, self._limit.batch)
        kind = topic.removeprefix(self._topic()).split("/")[1]
        if kind == "status":
            most = self._limit.told
        body = next((body for body in bodies if self._bytes(topic, body) <= most), None)
        if body is None:
            return
        mid = client.publish(topic, body, qos=1, retain=retain).mid
        if not samples and kind != "status":
            samples = SHORTENED
        self._unconfirmed[mid] = _Out(kind, self._bytes(topic, body), samples)


def _hang_up(client: Client) -> None:
    client.disconnect()
    client.loop(0)
    # A peer that takes nothing more leaves the DISCONNECT unsent and paho's socket open.
    if (sock := client.socket()) is not None:
        sock.close()
