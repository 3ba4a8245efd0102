"""The centre's MQTT session: subscribe, receive, acknowledge, publish; the only one here.

MQTT 5 where the broker has it, 3.1.1 otherwise. Sessions are clean and subscribed anew at every
connect: the broker's memory is trusted with nothing, the spools send again what is lost.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311, topic_matches_sub
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from config import tls
from config.settings import BrokerSettings
from config.vocabulary import topics
from config.vocabulary.errors import FaultyInput, Refused
from ingest.arrival.client import BufferedClient
from ingest.arrival.intake import Message
from ingest.arrival.waiting import Put, Waiting

WAITING_MESSAGES = 20_000
RECEIVE_MAXIMUM = 2000
CONNACK_S = {MQTTv5: 0.8, MQTTv311: 5.0}
"""A broker without MQTT 5 may stay silent; the older protocol answers on any."""
SILENT_BROKER = "gives no answer to CONNECT"
RETRY_S = 0.2
LONGEST_RETRY_S = 10.0
KEEPALIVE_S = 30

_KINDS_OF_STATIONS = (["readings"], ["history"], ["status"])

Listener = Callable[[str, bytes], object]
log = logging.getLogger(__name__)


class Bus:
    """One connection to the broker. ``intake`` says whether readings are received on it."""

    def __init__(self, broker: BrokerSettings, site: str, client_id: str, *, intake: bool) -> None:
        self._broker = broker
        self._name = client_id
        root = f"{topics.ROOT}/{site}"
        kinds = ("readings/#", "history/#", "status") if intake else ()  # see _take
        self._filters = [f"{root}/+/{kind}" for kind in kinds]
        self._passing = frozenset(name for name in self._filters if name.endswith("/#"))
        """Topics of samples, which pass once. A status is retained on the broker."""
        self._listeners: list[tuple[str, Listener]] = []
        self._waiting = Waiting(WAITING_MESSAGES)
        self._protocol = MQTTv5
        self._session = 0
        self._client: BufferedClient | None = None
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._stop = threading.Event()
        self._refusal, self._remedy = "", tls.silence(broker)
        self._welcomed = False
        """Whether we were ever connected: until then ``start`` speaks."""
        self._thread = threading.Thread(target=self._run, name=f"bus {client_id}")
        self.connected = threading.Event()
        self.turned_away = 0
        """Messages left unacknowledged because too many were waiting."""
        self._unanswered: deque[Message] = deque()

    @property
    def session(self) -> int:
        """Grows with every connect: whoever remembers an older one may have missed something."""
        return self._session

    def listen(self, topic_filter: str, listener: Listener) -> None:
        """Hear another topic, from the next connect on; ``listener`` runs on the bus's thread."""
        self._listeners.append((topic_filter, listener))

    def start(self, wait_s: float = 10.0) -> None:
        """Connect.

        Raises:
            Refused: the broker is out of reach or turns us away; nothing is left running.
        """
        self._thread.start()
        deadline = time.monotonic() + wait_s
        while not self.connected.wait(0.05):
            turned_away = self._refusal.startswith("refused") and self._session >= 2
            if turned_away or time.monotonic() > deadline:
                self.stop()
                place = f"broker {self._broker.host}:{self._broker.port}"
                remedy = (
                    f"mend username {self._broker.username!r} and its password"
                    if self._refusal.startswith("refused")
                    else self._remedy
                )
                raise Refused(place, self._refusal or "gives no answer", remedy)

    def stop(self) -> None:
        """Hang up and wait for the thread."""
        self._stop.set()
        self._ended.set()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def receive(self, timeout_s: float, most: int) -> list[Message]:
        """Messages that have arrived: waits for the first, then takes all that are there."""
        messages = self._waiting.take(timeout_s, most)
        if not messages:
            self._answer()
        return messages

    def refused(self, letters: Mapping[str, int]) -> None:
        """So many dead letters were written of what came of each station."""
        self._waiting.refused(letters)

    @property
    def held_back(self) -> dict[str, int]:
        """Messages that came beyond their station's budget, by station."""
        return self._waiting.held_back

    @property
    def held_back_ms(self) -> int:
        """For how long the oldest message that is held back has been waiting."""
        came_s = self._waiting.oldest_held_back_s()
        return 0 if came_s is None else round(1000 * (time.monotonic() - came_s))

    def _answer(self) -> None:
        """There is room again. Messages turned away come again from their spool; for ever
        unanswered it would use up what the broker lets a session leave open.
        """
        count = len(self._unanswered)
        self.acknowledge([self._unanswered.popleft() for _ in range(count)])

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tell the broker that these are done with; earlier sessions it has forgotten."""
        if client := self._client:
            open_ = [row.mid for row in messages if row.session == self._session and row.qos]
            client.acknowledge(open_)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Send at QoS 1; False while there is no connection."""
        client = self._client
        if client is None or not self.connected.is_set():
            return False
        client.publish(topic, payload, qos=1, retain=retain)
        return True

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            before = self._protocol
            client = self._attempt()
            if client is None:
                if before == MQTTv5 and self._refusal == SILENT_BROKER:
                    continue  # the older protocol at once
                failures += 1
                if failures == 3 and self._welcomed:
                    place = f"{self._broker.host}:{self._broker.port}"
                    log.warning("broker %s: %s; trying on", place, self._refusal)
                self._stop.wait(min(RETRY_S * 2 ** min(failures, 10), LONGEST_RETRY_S))
                continue
            failures = 0
            self._ended.wait()
            self.connected.clear()
            self._client = None
            client.disconnect()
            client.loop_stop()

    def _attempt(self) -> BufferedClient | None:
        """One connection; when it is not accepted the other protocol version is next."""
        self._session += 1
        self._refusal, self._remedy = SILENT_BROKER, tls.silence(self._broker)
        self._answered.clear()
        self._ended.clear()
        if self._stop.is_set():
            return None
        try:
            client = self._new_client(self._session)
            client.connect(self._broker.host, self._broker.port, KEEPALIVE_S, **self._flow())
        except OSError as error:
            self._refusal, self._remedy = tls.explained(error, self._broker)
            return None
        except FaultyInput as faulty:
            first = faulty.faults[0]
            self._refusal, self._remedy = f"{first.where} {first.what}", first.remedy
            return None
        client.loop_start()
        self._answered.wait(CONNACK_S[self._protocol])
        if self.connected.is_set():
            return client
        client.disconnect()
        client.loop_stop()
        self._protocol = MQTTv311 if self._protocol == MQTTv5 else MQTTv5
        return None

    def _subscriptions(self) -> list[Any]:
        """Filters with QoS 1; a reading that was retained is none, so none is asked for."""
        filters = dict.fromkeys([*self._filters, *(name for name, _ in self._listeners)])
        if self._protocol != MQTTv5:
            return [(name, 1) for name in filters]
        unasked = SubscribeOptions.RETAIN_DO_NOT_SEND
        return [
            (name, SubscribeOptions(qos=1, retainHandling=unasked if name in self._passing else 0))
            for name in filters
        ]

    def _flow(self) -> dict[str, Any]:
        if self._protocol != MQTTv5:
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        return {"properties": properties}

    def _new_client(self, session: int) -> BufferedClient:
        # Nobody can take over, or make a broker forget, a session whose id is not to be guessed;
        # whoever came to know one ends one session with it, and not the next.
        client = BufferedClient(
            CallbackAPIVersion.VERSION2,
            client_id=f"{self._name}.{secrets.token_hex(4)}",
            protocol=self._protocol,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        client.username_pw_set(self._broker.username, self._broker.password)
        if (context := tls.context(self._broker)) is not None:
            client.tls_set_context(context)
        client.max_inflight_messages_set(1000)

        def on_connect(_c: Client, _u: object, _f: object, reason: Any, _p: object) -> None:
            if reason.is_failure:
                self._refusal = f"refused us: {reason}"
            else:
                self._client, self._welcomed = client, True
                client.subscribe(self._subscriptions())
                self.connected.set()
            self._answered.set()

        def on_disconnect(*_: object) -> None:
            if session == self._session:
                self._answered.set()
                self._ended.set()

        def on_message(client: Client, _u: object, message: MQTTMessage) -> None:
            self._take(client, session, message)

        client.on_connect = on_connect
        client.on_disconnect = on_disconnect
        client.on_message = on_message
        return client

    def _take(self, client: Client, session: int, message: MQTTMessage) -> None:
        payload, kind = bytes(message.payload), message.topic.split("/")[3:5]
        if self._filters and kind[1:] in _KINDS_OF_STATIONS:
            row = Message(
                message.topic,
                payload,
                message.mid,
                message.qos,
                session,
                received_s=time.monotonic(),
            )
            put = self._waiting.put(kind[0], row)
            if put is Put.NO_ROOM:
                self.turned_away += 1
                self._unanswered.append(row)
            elif put is Put.HELD_BACK:
                # Unanswered they would use up what all have; a PUBACK frees nothing in a spool.
                client.ack(message.mid, message.qos)
            return
        for name, listener in self._listeners:
            if topic_matches_sub(name, message.topic):
                try:
                    listener(message.topic, payload)
                except Exception:  # the outermost loop here is paho's, which would end
                    log.exception("a listener to %s failed", message.topic)
        if message.qos:
            client.ack(message.mid, message.qos)
