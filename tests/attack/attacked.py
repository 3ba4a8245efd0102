"""A centre on a real broker, stations that send honestly, and one whose password was stolen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from broker.access_list import acl
from config.catalogue import loading
from config.settings import DISTRICTS, BrokerSettings, Settings
from edge_agent.spool.spool import Spool
from edge_agent.uplink.session import Uplink
from qingyuan.assembly import RunningCentre, opened
from tests.chaos.field import sample
from tests.conftest import Mosquitto

ROOT = Path(__file__).parents[2]
THIEF = "xinjianghai-xingdong"
HONEST = ("tonglv-jinsha", "tonglv-pingchao", "tonglv-erjia")
BASE = f"qy/v1/tongzhou/{THIEF}"


class Attacked:
    """Everything at work; ``bad`` publishes as the stolen station."""

    def __init__(self, running: RunningCentre, bad: Client, spools: dict[str, Spool]) -> None:
        self.running, self._bad, self.spools = running, bad, spools
        self._appended = 0

    def bad(self, kind: str, body: bytes, *, retain: bool = False) -> None:
        """One message of the thief, ``kind`` being its topic below the station."""
        self._bad.publish(f"{BASE}/{kind}", body, 1, retain)

    def measured(self) -> None:
        """Every honest station takes a sample."""
        now_ms = time.time_ns() // 1_000_000
        for spool in self.spools.values():
            spool.append(sample(now_ms, self._appended % 20))
        self._appended += 1

    def settled(self) -> bool:
        """Whether every honest sample is acknowledged."""
        return all(not spool.held() for spool in self.spools.values())

    def reasons(self) -> list[str]:
        """What the newest letters were written for."""
        return [str(letter.details) for letter in self.running.deadletters.newest(1000)]

    def stations_refused(self) -> set[str]:
        """Those of which pages show refusals."""
        pulse = self.running.services.centre.pulse
        return {row.station for row in pulse.refusals} if pulse else set()


@contextmanager
def attacked(
    folder: Path, before: Callable[[Client], None] = lambda _: None, *, limits: bool = False
) -> Iterator[Attacked]:
    """The centre and its stations; ``before`` the centre starts the thief may do something. With
    ``limits`` the broker has those of deploy/.
    """
    district = DISTRICTS / "tongzhou"
    catalogue = loading.load(district)
    users = {f"tongzhou.{name}": "s" for name in (*HONEST, THIEF)} | {"centre": "c"}
    broker = Mosquitto(folder, users, acl(catalogue))
    if limits:
        lines = (ROOT / "deploy/mosquitto.conf").read_text().splitlines()
        own = [line for line in lines if line.startswith(("message_size", "max_packet"))]
        with (folder / "mosquitto.conf").open("a") as config:
            config.write("\n".join(own) + "\n")
    with ExitStack() as stack:
        broker.start()
        stack.callback(broker.kill)
        bad = _connected(broker.port)
        stack.callback(bad.loop_stop)
        before(bad)
        at = BrokerSettings(port=broker.port, username="centre", password="c")
        settings = Settings(catalogue=district, data_dir=folder / "centre", broker=at)
        running = stack.enter_context(opened(settings))
        stop, spools = threading.Event(), dict[str, Spool]()
        for name in HONEST:
            spools[name] = Spool(folder / f"{name}.sqlite")
            own = BrokerSettings(port=broker.port, username=f"tongzhou.{name}", password="s")
            uplink = Uplink(spools[name], own, "tongzhou", name)
            thread = threading.Thread(target=uplink.run, args=(stop,))
            thread.start()
            stack.callback(thread.join)
        stack.callback(stop.set)
        yield Attacked(running, bad, spools)


def _connected(port: int) -> Client:
    up = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.username_pw_set(f"tongzhou.{THIEF}", "s")
    client.on_connect = lambda *_: up.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert up.wait(60)
    return client
