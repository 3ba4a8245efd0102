"""Five honest stations beside an attack, which pass a limit again and again, and a listener that
knows which alerts must come of it.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from config.settings import DISTRICTS, BrokerSettings
from config.vocabulary import topics
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.spool import Spool
from edge_agent.uplink.session import Uplink
from tests.chaos.field import CALM
from tests.conftest import wait_until

SITE = "tongzhou"
HONEST = (
    "tonglv-jinsha",
    "tonglv-pingchao",
    "tonglv-erjia",
    "xinjianghai-shigang",
    "xinjianghai-chuanjiang",
)
THIEF = "xinjianghai-xingdong"
"""The station whose password was stolen."""
SAMPLE_S, CYCLE, HIGH_SAMPLES = 0.5, 6, 2
"""Every sixth sample of a station begins to be too high, of another indicator each time."""
HIGH, LIMIT = 1.3, 1.15
"""Times the usual value: far from what quality control doubts."""

Key = tuple[str, str, int]
"""Station, indicator and the reading that completes the alert, ms."""


def district(folder: Path) -> Path:
    """The demonstration district with limits that fire at once."""
    found = folder / SITE
    shutil.copytree(DISTRICTS / SITE, found, ignore=shutil.ignore_patterns("events.toml"))
    rules = [
        f'[[rule]]\nid = "high-{code}"\nname = "r"\nkind = "threshold"\nindicator = "{code}"\n'
        f'stations = {{ kind = "water" }}\nreason = "r"\n'
        f'[[rule.level]]\nlevel = "alarm"\nabove = {usual * LIMIT:.4f}\n'
        for code, usual in CALM.items()
    ]
    (found / "rules.toml").write_text("".join(rules), encoding="utf-8")
    return found


class Honest:
    """The five, their spools and what is due to be told of them."""

    def __init__(self, folder: Path) -> None:
        self.spools = {name: Spool(folder / f"{name}.sqlite") for name in HONEST}
        self.due: set[Key] = set()
        self._heard: set[Key] = set()

    @contextmanager
    def running(self, port: int) -> Iterator[None]:
        """They measure and send, and alerts are listened to as pages hear them."""
        stop = threading.Event()
        threads = [threading.Thread(target=self._measure, args=(stop,))]
        for name, spool in self.spools.items():
            broker = BrokerSettings(port=port, username=f"{SITE}.{name}", password="s")
            uplink = Uplink(spool, broker, SITE, name)
            threads.append(threading.Thread(target=uplink.run, args=(stop,)))
        with ExitStack() as stack:
            ear = stack.enter_context(client_of(port, "pages", topics.alerts_topic(SITE)))
            ear.on_message = self._hear
            for spool in self.spools.values():
                stack.callback(spool.close)
            for thread in threads:
                thread.start()
                stack.callback(thread.join)
            stack.callback(stop.set)
            yield

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Whatever happens inside, no alert of it is missed, nor is a sample left at its station.
        Each station passes a limit inside.
        """
        begun_ms = now_ms()
        yield
        wait_until(lambda: {of for of, _, _ in self._since(begun_ms)} == set(HONEST))
        due, last = self._since(begun_ms), {of: one.last for of, one in self.spools.items()}
        wait_until(lambda: due <= self._heard, seconds=120)
        wait_until(
            lambda: all(
                row.low > last[of] for of, one in self.spools.items() for row in one.held()
            )
        )

    def _since(self, begun_ms: int) -> set[Key]:
        return {key for key in self.due.copy() if key[2] >= begun_ms}

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        told = json.loads(message.payload)
        if told["change"] == "fired":
            self._heard.add((told["station"], told["indicator"], int(told["at_ms"])))

    def _measure(self, stop: threading.Event) -> None:
        turn = 0
        while not stop.wait(SAMPLE_S):
            for number, (station, spool) in enumerate(self.spools.items()):
                spool.append(self._sample(station, turn + number, now_ms()))
            turn += 1

    def _sample(self, station: str, turn: int, t: int) -> Sample:
        codes, phase = list(CALM), turn % CYCLE
        high = codes[turn // CYCLE % len(codes)] if phase < HIGH_SAMPLES else ""
        if high and phase == 0:
            self.due.add((station, high, t))
        wobble = 1 + 0.004 * (turn * 7 % 11 - 5)
        readings = {
            code: Measured(round(usual * wobble * (HIGH if code == high else 1), 4), Cause.NORMAL)
            for code, usual in CALM.items()
        }
        return Sample(t, Clock.SYNCHRONISED, readings)


@contextmanager
def client_of(port: int, user: str, topic: str = "") -> Iterator[Client]:
    """A connected client of the broker that hears a topic, from the moment of its connection."""
    up = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.username_pw_set(user, "s")

    def on_connect(client: Client, *_: object) -> None:
        if topic:
            client.subscribe(topic, 1)
        up.set()

    client.on_connect = on_connect
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        assert up.wait(60)
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def now_ms() -> int:
    """Of all that is measured here."""
    return time.time_ns() // 1_000_000
