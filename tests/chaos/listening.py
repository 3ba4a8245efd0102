"""The other end of an agent's line: a centre, an ear at its broker, and the reckoning."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from config.settings import BrokerSettings, Settings
from config.vocabulary import reports, wire
from edge_agent.spool.spool import Spool
from ingest.annotations.overlay import track_of
from qingyuan.assembly import RunningCentre, opened
from tests.chaos import pole
from tests.conftest import wait_until

END_MS = 1 << 50


class Ear:
    """Hears all that a station says: how old live samples are, and how much it says."""

    def __init__(self, port: int) -> None:
        self.behind_ms: list[int] = []
        self.samples = self.bytes = 0
        self.statuses: list[reports.Status] = []
        self.two_agents = False
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("centre", "c")
        self._client.on_connect = lambda client, *_: client.subscribe("qy/v1/#", qos=0)
        self._client.on_message = self._hear
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def _hear(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.topic.endswith("/pulse"):
            stations = msgspec.json.decode(message.payload, type=reports.Pulse).stations
            self.two_agents |= any(said.two_agents for said in stations.values())
        kind = [*message.topic.split("/"), "", ""][4]
        if kind == "readings":
            body = wire.decode_live(message.payload)
            self.behind_ms.append(time.time_ns() // 1_000_000 - body.t)
            self.samples += 1
        elif kind == "history":
            self.samples += len(wire.decode_history(message.payload).s)
        elif kind == "status":
            self.statuses.append(msgspec.json.decode(message.payload, type=reports.Status))
        if kind in ("readings", "history"):
            self.bytes += len(message.payload)

    def close(self) -> None:
        """Hear no more."""
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def centre(folder: Path, data: Path, port: int) -> Iterator[RunningCentre]:
    """A centre in this process."""
    broker = BrokerSettings(port=port, username="centre", password="c")
    settings = Settings(catalogue=folder, data_dir=data, broker=broker)
    with opened(settings) as running:
        yield running


def assert_each_issued_sample_is_there_once(running: RunningCentre, spools: Sequence[Path]) -> int:
    """In the store or still in a spool, nothing lost and nothing doubled; how many."""
    issued, held = dict[str, int](), set[tuple[str, int]]()
    for path in spools:
        spool = Spool(path)
        for boot, last in spool.issued().items():
            issued[boot] = max(issued.get(boot, 0), last)
        for row in spool.held():
            rows = spool.backlog(row.b, 0, row.high, 1 << 30)
            held |= {(one.boot, one.seq) for one in rows}
        assert spool.report().given_up == 0
        spool.close()
    ledger = running.ledger
    for boot, last in issued.items():
        news = ledger.unseen(pole.STATION, boot, range(1, last + 1))
        missing = {(boot, seq) for seq, new in enumerate(news, start=1) if new}
        assert missing <= held
    # What a slow line held when its agent ended may still be coming.
    wait_until(lambda: all(_is_there(running, f"{pole.STATION}/{code}") for code in pole.WATER))
    assert ledger.lost(pole.STATION) == 0
    return ledger.arrived(pole.STATION)


def _is_there(running: RunningCentre, name: str) -> bool:
    """Whether the store has what the journal has of a series, and that each sample that arrived."""
    entries = running.journal.read(0, limit=running.journal.last)
    rows = [entry.columns for entry in entries if name in entry.columns.names]
    came = np.concatenate([track_of(columns, name).t for columns in rows])
    kept = running.store.track(name, 0, END_MS).t
    # Two boxes may measure in the same millisecond, and of one instant the first stands.
    there = np.array_equal(kept, np.unique(came))
    return there and len(came) == running.ledger.arrived(pole.STATION)
