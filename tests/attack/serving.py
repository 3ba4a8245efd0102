"""`qingyuan serve` as a process whose memory is measured, with honest stations at its broker and
one whose password was stolen.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from paho.mqtt.client import Client, MQTTMessage

from broker.access_list import acl
from config.catalogue import loading
from config.vocabulary import topics, wire
from config.vocabulary.reports import Pulse, StationPulse
from tests.attack.honest import HONEST, SITE, THIEF, Honest, client_of, district
from tests.conftest import Mosquitto, free_port, wait_until
from tests.signing_in import sign_in

ROOT = Path(__file__).parents[2]
SLACK_MIB = 48
"""Any work costs the process so much besides: arenas of threads, caches of the store."""
MOST_MB = 700


class Serving:
    """A centre at work, an officer who is signed in, and a thief at the broker."""

    def __init__(
        self, process: subprocess.Popen[str], port: int, folder: Path, thief: Client
    ) -> None:
        self._process, self.port = process, port
        self.log, self.honest = folder.parent / "log", Honest(folder.parent)
        self.officer = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self.right = sign_in(self.officer, folder, "huanbao")
        self._thief = thief
        self.acked: dict[str, list[wire.Range]] = {}
        """Boots of the thief with their newest ack."""
        self._pulse: Pulse | None = None

    def hear_thief(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        """An ack."""
        ack = wire.decoded(message.payload, wire.Ack)
        self.acked[ack.b] = ack.ranges

    def hear_pulse(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        """The core's."""
        self._pulse = wire.decoded(message.payload, Pulse)

    def bad(self, kind: str, body: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """One message of the thief, ``kind`` being its topic below the station."""
        self._thief.publish(topics.station_topic(SITE, THIEF, kind), body, qos, retain)

    def counts(self, station: str = THIEF) -> StationPulse:
        """The core's counts of a station, as its pulse has them."""
        return self._pulse.stations.get(station, StationPulse()) if self._pulse else StationPulse()

    def letters(self, station: str = THIEF) -> int:
        """Dead letters of a station, as the pulse has them."""
        rows = self._pulse.refusals if self._pulse else []
        return sum(row.letters for row in rows if row.station == station)

    def reasons(self) -> str:
        """All that an officer reads of the newest letters."""
        answer = self.officer.get("/api/v1/dead-letters", params={"most": 100})
        assert answer.status_code == 200
        return answer.text

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Honest stations are, whatever happens inside: every alert comes, an officer reads of it,
        and memory stays within bounds.
        """
        with self.honest.undisturbed():
            yield
        for station in HONEST:
            answer = self.officer.get("/api/v1/alerts", params={"station": station})
            assert answer.status_code == 200
            assert answer.json()
        peak = self._memory_kib("VmHWM") * 1024 / 1_000_000
        assert peak < MOST_MB, f"{peak:.0f} MB at most"

    @contextmanager
    def growing_less_than(self, mib: float) -> Iterator[None]:
        """However high the process's memory rises inside, it is no more than so much above."""
        before = self._memory_kib("VmRSS")
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")
        yield
        grown = (self._memory_kib("VmHWM") - before) / 1024
        assert grown < mib + SLACK_MIB, f"{grown:.0f} MiB more"

    def _memory_kib(self, name: str) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split(f"{name}:")[1].split()[0])


@contextmanager
def serving(
    folder: Path,
    before: Callable[[Client], None] = lambda _: None,
    limits: Sequence[str] = (),
    most_files: int | None = None,
) -> Iterator[Serving]:
    """Everything at work, and warm: each honest station has been told of. ``before`` the centre
    starts the thief may do something. ``limits`` are lines of the broker's configuration. The
    process may open no more than ``most_files``.
    """
    catalogue = district(folder)
    users = {f"{SITE}.{name}": "s" for name in (*HONEST, THIEF)} | {"centre": "c", "pages": "s"}
    lines = ["max_queued_messages 10000", *limits]
    broker, port = Mosquitto(folder, users, acl(loading.load(catalogue)), lines), free_port()
    data = folder / "centre"
    bounded = ["prlimit", f"--nofile={most_files}"] if most_files else []
    command = [*bounded, sys.executable, "-m", "qingyuan", "serve"]
    command += ["--data", str(data), "--port", str(port)]
    with ExitStack() as stack:
        broker.start()
        stack.callback(broker.kill)
        acks = topics.station_topic(SITE, THIEF, "ack")
        thief = stack.enter_context(client_of(broker.port, f"{SITE}.{THIEF}", acks))
        before(thief)
        process = stack.enter_context(_process(folder, catalogue, command, broker.port))
        found = Serving(process, port, data, thief)
        stack.callback(found.officer.close)
        thief.on_message = found.hear_thief
        ear = stack.enter_context(client_of(broker.port, "pages", topics.pulse_topic(SITE)))
        ear.on_message = found.hear_pulse
        stack.enter_context(found.honest.running(broker.port))
        with found.undisturbed():
            wait_until(lambda: found.counts(HONEST[0]).arrived > 0)
        yield found


@contextmanager
def _process(
    folder: Path, catalogue: Path, command: list[str], broker: int
) -> Iterator[subprocess.Popen[str]]:
    environment = {
        "QINGYUAN_CATALOGUE": str(catalogue),
        "QINGYUAN_BROKER_PORT": str(broker),
        "QINGYUAN_BROKER_USERNAME": "centre",
        "QINGYUAN_BROKER_PASSWORD": "c",
    }
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), (folder / "log").read_text()
            yield process
        finally:
            process.kill()
