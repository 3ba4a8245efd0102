"""A station's connection to the broker: made, kept to the broker's limits, confirmed, hung up.
The only paho-mqtt of the agent.

One thread does it all: the network loop and the sending take turns, so nothing here is locked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from config import tls
from config.settings import BrokerSettings
from config.vocabulary.errors import FaultyInput
from edge_agent.uplink.packets import UNLIMITED, PacketLimit, publish_bytes
from edge_agent.uplink.settlement import TOO_LARGE, Settlement

TURN_S = 0.02
CONNACK_S = {MQTTv5: 1.0, MQTTv311: 5.0}
"""A broker without MQTT 5 may stay silent; the older protocol answers on any."""
LEAVE_S = 1.0
KEEPALIVE_S = 30
MOST_UNCONFIRMED = 1000
"""Messages without a PUBACK; the window keeps us far below, a broker may ask for less."""
SHORTENED = 2
"""The count of a message without samples, which may be shortened or left out."""

log = logging.getLogger(__name__)


class _Out(NamedTuple):
    """A message without a PUBACK. ``samples``: how many it has, or ``SHORTENED``; 0 where it is
    small anyway.
    """

    kind: str
    size: int
    samples: int


class Owner(Protocol):
    """The owner of a connection."""

    def client_id(self) -> str:
        """Its name at the broker."""

    def topics(self) -> Sequence[str]:
        """Topics to subscribe to."""

    def will(self) -> tuple[str, bytes]:
        """The last will, retained: the broker sends it when we are gone without a word."""

    def hear(self, topic: str, payload: bytes) -> None:
        """A message came."""

    def try_again(self) -> None:
        """Packets that were too large may fit now."""


class Connection:
    """One at a time; knowledge of the broker stays."""

    def __init__(self, broker: BrokerSettings, owner: Owner) -> None:
        self._broker, self._owner = broker, owner
        self.place = f"broker {broker.host}:{broker.port}"
        self.connects = 0
        self.trouble = ""
        """Why the last attempt came to nothing."""
        self.limit = PacketLimit()
        self.settlement = Settlement(time.monotonic())
        self._protocol = MQTTv5
        self._accepted = False
        self._hung_up = ReasonCode(PacketTypes.DISCONNECT)
        self._unconfirmed: dict[int, _Out] = {}
        self._most_unconfirmed = MOST_UNCONFIRMED
        self._client: Client | None = None

    def open(self, stop: threading.Event) -> bool:
        """One attempt; after one without an answer the other protocol version is tried."""
        self._accepted, self.trouble = False, ""
        try:
            client = self._client = self._new_client()
            client.connect(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
        except (OSError, ValueError) as error:  # ValueError: a name that is no host's
            self.trouble = f"{self.place}: {'; '.join(tls.explained(error, self._broker))}"
            return False
        except FaultyInput as faulty:
            self.trouble = str(faulty)
            return False
        deadline = time.monotonic() + CONNACK_S[self._protocol]
        alive = MQTTErrorCode.MQTT_ERR_SUCCESS
        while not (self._accepted or self.trouble or stop.is_set()):
            if client.loop(TURN_S) != alive or time.monotonic() > deadline:
                hint = tls.silence(self._broker)
                self.trouble = self.trouble or f"{self.place}: no answer to CONNECT; {hint}"
        if not self._accepted:
            self._protocol = MQTTv311 if self._protocol == MQTTv5 else MQTTv5
            self.close()
        return self._accepted

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._owner.client_id(),
            protocol=self._protocol,
        )
        client.username_pw_set(self._broker.username, self._broker.password)
        if (context := tls.context(self._broker)) is not None:
            client.tls_set_context(context)
        client.max_inflight_messages_set(MOST_UNCONFIRMED)
        client.will_set(*self._owner.will(), qos=1, retain=True)
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
            self.trouble = f"{self.place}: refused ({reason})"
            return
        # paho neither heeds what the broker will take nor lets us set it once connected.
        asked = getattr(properties, "ReceiveMaximum", MOST_UNCONFIRMED)
        self._unconfirmed, self._most_unconfirmed = {}, min(asked, MOST_UNCONFIRMED)
        self.limit.announced = getattr(properties, "MaximumPacketSize", UNLIMITED)
        self.settlement.connected(time.monotonic())
        self._hung_up = ReasonCode(PacketTypes.DISCONNECT)
        client.subscribe([(topic, 1) for topic in self._owner.topics()])
        self._accepted = True
        self.connects += 1

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self._owner.hear(message.topic, bytes(message.payload))

    def _on_subscribe(
        self, _client: Client, _userdata: object, _mid: int, reasons: list[ReasonCode], _: object
    ) -> None:
        for reason in reasons:
            if reason.is_failure:
                self.settlement.refused("subscriptions", reason.value, str(reason))

    def _on_publish(
        self, _client: Client, _userdata: object, mid: int, reason: ReasonCode, _: object
    ) -> None:
        out = self._unconfirmed.pop(mid, None)
        if out is None:
            return
        if reason.is_failure:
            self.settlement.refused(out.kind, reason.value, str(reason))
            return
        self.settlement.taken(out.kind)
        if self.limit.confirmed(out.size):
            self.settlement.fits()
            self._owner.try_again()

    def _on_disconnect(
        self, _client: Client, _userdata: object, flags: object, reason: ReasonCode, _: object
    ) -> None:
        if getattr(flags, "is_disconnect_packet_from_server", False):
            self._hung_up = reason

    def loop(self, wait_s: float) -> bool:
        """Let bytes come and go; False when the connection is gone, and not by us."""
        assert self._client is not None
        if self._client.loop(wait_s) == MQTTErrorCode.MQTT_ERR_SUCCESS:
            return True
        self._lost()
        return False

    def _lost(self) -> None:
        """A packet under way may have been too large."""
        reason = self._hung_up
        self.settlement.hung_up(str(reason) if reason.is_failure else "")
        under_way = [out for out in self._unconfirmed.values() if out.samples]
        largest = max(under_way, key=lambda out: out.size, default=_Out("", 0, 0))
        refused = reason.value == TOO_LARGE
        if self.limit.lost(largest.size, samples=largest.samples, refused=refused):
            words = f"of {largest.size} bytes may be too large, smaller ones are tried"
            # Where the broker does not say why, this is a guess, and harmless.
            level = logging.WARNING if refused else logging.INFO
            log.log(level, "%s hangs up: a packet %s", self.place, words)

    @property
    def room(self) -> int:
        """Messages that the broker takes before it has confirmed one."""
        return self._most_unconfirmed - len(self._unconfirmed)

    @property
    def is_behind(self) -> bool:
        """Whether something waits in our own socket."""
        return self._client is not None and self._client.want_write()

    def bytes_of(self, topic: str, body: bytes) -> int:
        """Size of the packet that carries a message."""
        return publish_bytes(topic, body, properties=self._protocol == MQTTv5)

    def publish(self, kind: str, topic: str, body: bytes, *, samples: int) -> None:
        """A message of samples that was cut to the limit."""
        assert self._client is not None
        mid = self._client.publish(topic, body, qos=1).mid
        self._unconfirmed[mid] = _Out(kind, self.bytes_of(topic, body), samples)

    def tell(
        self, kind: str, topic: str, bodies: Sequence[bytes], *, retain: bool, small: bool = False
    ) -> None:
        """The first of these bodies that the broker takes, if it takes any; ``small``: it is never
        held to be too large where the broker does not say so.
        """
        assert self._client is not None
        most = self.limit.announced if small else min(self.limit.announced, self.limit.batch)
        for body in bodies:
            if (size := self.bytes_of(topic, body)) <= most:
                mid = self._client.publish(topic, body, qos=1, retain=retain).mid
                self._unconfirmed[mid] = _Out(kind, size, 0 if small else SHORTENED)
                return

    def drain(self) -> None:
        """The broker has a moment to confirm what is still under way."""
        until_s = time.monotonic() + LEAVE_S
        while self._unconfirmed and time.monotonic() < until_s:
            if not self.loop(TURN_S):
                return

    def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is None:
            return
        client.disconnect()
        client.loop(0)
        # A peer that takes nothing more leaves the DISCONNECT unsent and paho's socket open.
        if (sock := client.socket()) is not None:
            sock.close()
