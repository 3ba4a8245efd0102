"""Drives field and centre over a broker, restarts what dies, and reads what came of it."""

from __future__ import annotations

import itertools
import json
import math
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from config.settings import Settings
from ingest.store.opening import open_store
from tests.chaos import field, running
from tests.chaos.field import STATION, sample
from tests.chaos.forked import started
from tests.conftest import SOAK, wait_until

ROOT = Path(__file__).parents[2]
DEADLINE_S = 1800 if SOAK else 120

PROGRAMS = {"field": field.main, "running": running.main}
StoreKind = Literal["duckdb", "victoriametrics", "influxdb"]


@dataclass(frozen=True)
class Outcome:
    """The record as people and machines find it afterwards; what is told of it hangs on when the
    notifier looks, see ``test_burst.py``.
    """

    alerts: list[tuple[Any, ...]]
    transitions: list[tuple[Any, ...]]


class Journey:
    """One run of the whole path in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        district: Path,
        port: int,
        base_ms: int,
        count: int,
        store: StoreKind = "duckdb",
        store_url: str = "",
        stations: Sequence[str] = (STATION,),
    ) -> None:
        self.folder, self.base_ms, self.count = folder, base_ms, count
        self._stations = stations
        self.data = folder / "centre"
        self.data.mkdir(parents=True)
        self._centre = [str(port), str(self.data), str(district), store, store_url]
        self._settings = Settings(
            catalogue=district, data_dir=self.data, store=store, store_url=store_url
        )
        self._field = [str(port), str(folder), str(base_ms), str(count), ",".join(stations)]
        self.deaths = 0
        self._running: dict[str, BaseProcess] = {}
        self.calm, self.ended = threading.Event(), threading.Event()
        """The centre is told that all is drained once it is calm around it."""
        self.calm.set()
        self._started: list[BaseProcess] = []

    def run(self, *, running: str = "none", field: str = "none") -> None:
        """Until all is drained and settled; who is killed comes again unharmed."""
        centre, station = self._start("running", running), self._start("field", field)
        deadline = time.monotonic() + DEADLINE_S
        try:
            self._follow(centre, station, deadline)
        finally:
            self.ended.set()
            for process in self._started:
                process.kill()
                process.join()

    def _follow(
        self,
        centre: BaseProcess,
        station: BaseProcess,
        deadline: float,
    ) -> None:
        while centre.exitcode != 0:
            assert time.monotonic() < deadline, "the path does not drain"
            if centre.exitcode is not None:
                assert centre.exitcode == -signal.SIGKILL, centre.exitcode
                self.deaths += 1
                centre = self._start("running", "none")
            if station.exitcode == 0 and self.calm.is_set():
                (self.data / "drained").touch()
            elif station.exitcode:
                assert station.exitcode == -signal.SIGKILL, station.exitcode
                self.deaths += 1
                station = self._start("field", "none")
            threading.Event().wait(0.05)

    def _start(self, program: str, spec: str) -> BaseProcess:
        arguments = self._centre if program == "running" else self._field
        log = self.folder / f"{program}.log"
        self._running[program] = started(PROGRAMS[program], (spec, *arguments), log)
        self._started.append(self._running[program])
        return self._started[-1]

    def kill(self, program: Literal["running", "field"]) -> None:
        """SIGKILL, wherever it is; ``run`` starts it again."""
        if program in self._running:
            self._running[program].kill()

    def assert_store_holds_what_was_issued(self, flush: Callable[[], None] = lambda: None) -> None:
        """Value by value, nothing more and nothing less; ``flush`` makes a server show it."""
        store = open_store(self._settings, "tongzhou", lambda: self.base_ms)
        last = f"{self._stations[-1]}/w01009"
        wait_until(lambda: len(store.track(last, 0, 1 << 50)) >= self.count, flush)
        issued = [sample(self.base_ms, index) for index in range(self.count)]
        for station, code in itertools.product(self._stations, issued[0].readings):
            track = store.track(f"{station}/{code}", 0, 1 << 50)
            assert track.t.tolist() == [row.taken_ms for row in issued]
            values = [None if math.isnan(v) else v for v in track.value.tolist()]
            assert values == [row.readings[code].value for row in issued]
            assert track.cause.tolist() == [row.readings[code].cause for row in issued]
        store.close()

    def outcome(self) -> Outcome:
        """Alerts and transitions; no message was handed over twice."""
        engine = sa.create_engine(f"sqlite:///{self.data / 'state.sqlite'}")
        with engine.connect() as connection:
            alerts = connection.execute(
                sa.text(
                    "select id, rule_id, level, state, began_ms, fired_ms, resolved_ms, peak,"
                    " retrospective from alert order by id"
                )
            ).all()
            transitions = connection.execute(
                sa.text(
                    "select alert_id, change, at_ms, value from alert_transition order by 1, 3, 2"
                )
            ).all()
        engine.dispose()
        messages = self.data / "messages.jsonl"
        lines = messages.read_text(encoding="utf-8").splitlines() if messages.exists() else []
        rows = [json.loads(line) for line in lines]
        assert len({row["key"] for row in rows}) == len(rows), "a message was handed over twice"
        return Outcome([tuple(a) for a in alerts], [tuple(t) for t in transitions])
