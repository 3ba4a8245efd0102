"""An event storm, in which the half of the centre that judges and tells is killed again and again:
the record and what people hear are those of an undisturbed run.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray

from alerting import documents, telling
from alerting import repository as tables
from alerting.alert import Alert, State
from alerting.backtest import tried
from alerting.conditions.looking import ANY, Readings
from alerting.repository import Repository
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary.quality import Cause
from ingest import corrections
from ingest.journal import Columns, Journal
from ingest.state import open_state
from tests.alerting.centre import Reading, columns, history
from tests.chaos import storm
from tests.chaos.path import DEADLINE_S, SOAK

TICKS, KILLS = (240, 100) if SOAK else (60, 4)
MINUTE_MS = 60_000
TICK_MS = 5 * MINUTE_MS
BEGIN_MS = 1_767_196_800_000
"""A midnight in Asia/Shanghai."""
END_MS = BEGIN_MS + TICKS * TICK_MS
CLOSE_S = 0.05
"""How much later than drawn a kill may come: what was drawn may be passed before a start."""
RULES = """
[[rule]]
id = "value"
name = "氨氮"
kind = "threshold"
indicator = "w21003"
reason = "r"
level = [
    { level = "notice", above = 1.0, for = "2m", clear = { below = 0.9, for = "2m" } },
    { level = "alarm", above = 1.5, for = "3m", clear = { below = 1.0 } },
]
[[rule]]
id = "mean"
name = "细颗粒物均值"
kind = "threshold"
indicator = "a34004"
window = "15m"
reason = "r"
level = [{ level = "warning", above = 90.0, for = "3m" }, { level = "alarm", above = 140.0 }]
[[rule]]
id = "change"
name = "溶解氧变化"
kind = "rate"
indicator = "w01009"
window = "10m"
reason = "r"
level = [{ level = "warning", below = -4.0, clear = { above = -1.0 } }]
[[rule]]
id = "class"
name = "水质类别"
kind = "standard"
stations = { kind = "water" }
reason = "r"
level = [{ level = "warning" }, { level = "alarm", by = 2 }]
[[rule]]
id = "index"
name = "空气质量指数"
kind = "standard"
stations = { kind = "air" }
reason = "r"
level = [{ level = "warning", above = 100 }]
[[rule]]
id = "together"
name = "同时异常"
kind = "combined"
reason = "r"
condition = [
    { indicator = "w21003", above = 1.0 },
    { indicator = "w01009", window = "10m", below = 5.0 },
]
level = [{ level = "warning" }]
[[rule]]
id = "down-the-river"
name = "上游传来"
kind = "propagation"
indicator = "w21003"
window = "10m"
travel = ["10m", "1h"]
reason = "r"
level = [{ level = "warning", above = 0.6, clear = { below = 0.0 } }]
[[rule]]
id = "at-work"
name = "维护过久"
kind = "state"
indicator = "w21003"
reason = "r"
level = [{ level = "warning", for = "5m" }]
[[rule]]
id = "silent"
name = "站点数据中断"
kind = "absence"
reason = "r"
level = [{ level = "warning", for = "8m" }]
"""
SPELLS = {"w21003": (0.6, 1.8, 0.2), "w01009": (7.0, 2.5, 0.5), "a34004": (60.0, 170.0, 9.0)}
"""Of each indicator the usual value, that of a bad spell, and the noise, in its unit."""

# Each process is forked off one that has imported everything: a start costs milliseconds.
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload([storm.__name__])


def lived(catalogue: Catalogue, drawn: np.random.Generator) -> Iterator[Reading]:
    """A reading a minute of each indicator, with spells of bad values, of maintenance and of
    silence.
    """
    minutes = TICKS * TICK_MS // MINUTE_MS
    for station, plan in catalogue.plans.items():
        t = BEGIN_MS + np.arange(minutes) * MINUTE_MS + drawn.integers(0, 20_000, minutes)
        silent, worked = _spells(drawn, minutes, 100, 15), _spells(drawn, minutes, 150, 15)
        for code in (code for code in SPELLS if code in plan):
            usual, bad, noise = SPELLS[code]
            value = np.where(_spells(drawn, minutes, 40, 20), bad, usual)
            value = np.round(value + noise * drawn.standard_normal(minutes), 2)
            for at in np.flatnonzero(~silent).tolist():
                cause = Cause.MAINTENANCE if worked[at] else Cause.NORMAL
                yield Reading(f"{station}/{code}", int(t[at]), max(float(value[at]), 0.0), cause)


def _spells(
    drawn: np.random.Generator, minutes: int, apart: int, lasting: int
) -> NDArray[np.bool_]:
    """Which minutes lie in one."""
    lengths = 1 + drawn.exponential(np.tile([apart, lasting], minutes)).astype(np.int64)
    return np.repeat(np.tile([False, True], minutes), lengths)[:minutes]


def fill(
    journal: Journal, catalogue: Catalogue, readings: Sequence[Reading], late: Sequence[bool]
) -> None:
    """Tick by tick what the stations measured, in three entries, and how far silence is known.
    What is late comes up to nine ticks later than it should.
    """
    turn = {station: place for place, station in enumerate(catalogue.stations)}
    entries: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for place, row in enumerate(readings):
        taken = (row.t_ms - BEGIN_MS) // TICK_MS
        tick = min(taken + 1 + place % 9, TICKS - 1) if late[place] else taken
        entries[tick, (turn[row.series.partition("/")[0]] + tick) % 3].append(row)
    for tick in range(TICKS):
        for third in range(3):
            if rows := entries[tick, third]:
                journal.append(columns(rows))
        journal.append(Columns.empty(), upto_ms=BEGIN_MS + (tick + 1) * TICK_MS - 1)


@dataclass(frozen=True)
class Outcome:
    """What stands in the end, and every handing over of a message."""

    alerts: list[Alert]
    transitions: list[tuple[Any, ...]]
    messages: dict[str, tuple[Any, ...]]
    handed: list[storm.Handed]
    filed: list[str]
    """Keys in the channel that people have, which writes no key twice."""


class Storm:
    """Readings in a journal of which every run has a copy. ``late`` is the share that is late."""

    def __init__(self, folder: Path, district: Path, seed: int, late: float = 0.0) -> None:
        self._folder, self._district = folder, district
        self.catalogue = loading.load(district)
        self.rules = documents.load(district / "rules.toml", self.catalogue)
        drawn = np.random.default_rng(seed)
        self.readings = list(lived(self.catalogue, drawn))
        with closing(Journal(folder / "filled" / "journal")) as journal:
            share = drawn.random(len(self.readings)) < late
            fill(journal, self.catalogue, self.readings, share.tolist())
        with closing(open_state(Settings(data_dir=folder / "filled"))) as state:
            state.migrate([corrections.MIGRATIONS, tables.MIGRATIONS])

    def run(self, name: str, kills: Sequence[float] = (), pattern: str = "") -> Outcome:
        """Until it ends by itself. A start is killed when a share of the work was done that the run
        ``pattern`` had to do.
        """
        folder = self._folder / name
        shutil.copytree(self._folder / "filled", folder)
        for start, share in enumerate(kills):
            process = self._start(folder, start)
            while process.is_alive() and _worked(folder, self._folder / pattern) < share:
                process.join(0.002)
            process.join(random.uniform(0.0, CLOSE_S))
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL, "it ended before it was killed"
        process = self._start(folder, len(kills))
        process.join(DEADLINE_S)
        process.kill()
        assert process.exitcode == 0, (folder / "storm.log").read_text(encoding="utf-8")
        assert (folder / "storm.log").read_text(encoding="utf-8") == ""
        return _outcome(folder)

    def _start(self, folder: Path, start: int) -> Any:
        process = FORKING.Process(target=storm.main, args=(folder, self._district, start))
        process.start()
        return process

    def tried(self) -> list[Alert]:
        """What a back-test finds in the same readings."""
        by_series: dict[str, list[Reading]] = defaultdict(list)
        for row in self.readings:
            by_series[row.series].append(row)

        def readings(name: str) -> Readings:
            return history(by_series[name.removesuffix(ANY)], name)

        return list(tried(self.rules, self.catalogue, readings, END_MS - 1).alerts)


def _worked(folder: Path, pattern: Path) -> float:
    """Which share of a run is done: half of it is to judge, half to tell."""
    files = [(folder / name, pattern / name) for name in (storm.JUDGED, storm.HANDED)]
    return sum(
        done.stat().st_size / whole.stat().st_size / 2 for done, whole in files if done.exists()
    )


def _outcome(folder: Path) -> Outcome:
    with closing(open_state(Settings(data_dir=folder))) as state:
        alerts = [kept.alert for kept in Repository(state).listing(most=1_000_000)]
        with state.read() as connection:
            of = tables.TRANSITION.c
            changes = sa.select(of.alert_id, of.change, of.at_ms, of.value, of.rule_version, of.reason)
            transitions = [tuple(row) for row in connection.execute(changes)]
            outbox = connection.execute(sa.select(tables.OUTBOX)).all()
    messages = {
        row.key: (row.alert_id, row.event, row.audience, row.text, row.muted) for row in outbox
    }
    assert all(row.muted or row.sent_ms for row in outbox)
    handed = (folder / storm.HANDED).read_bytes().splitlines()
    filed = (folder / storm.FILED).read_bytes().splitlines()
    return Outcome(
        sorted(alerts, key=lambda alert: alert.id),
        sorted(transitions, key=repr),
        messages,
        [msgspec.json.decode(line, type=storm.Handed) for line in handed],
        [msgspec.json.decode(line)["key"] for line in filed],
    )
