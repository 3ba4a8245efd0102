"""An event storm, in which the half of the centre that judges and tells is killed again and again:
the record and what people hear are those of an undisturbed run.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray

from alerting import tables
from alerting.alert import Alert, State
from alerting.backtest.backtest import tried
from alerting.notify.repository import Message, Messages
from alerting.record.repository import Repository
from alerting.rules import documents
from alerting.rules.conditions.signal import ANY, Readings
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary.quality import Cause
from config.vocabulary.time import MINUTE_MS
from ingest.annotations import tables as annotation_tables
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.state.database import open_state
from tests.alerting.centre import Reading, columns, history
from tests.chaos import burst
from tests.chaos.forked import FORKING
from tests.chaos.path import DEADLINE_S, SOAK

TICKS, KILLS = (180, 100) if SOAK else (32, 4)
TICK_MS = 5 * MINUTE_MS
BEGIN_MS = 1_767_196_800_000
"""A midnight in Asia/Shanghai."""
END_MS = BEGIN_MS + TICKS * TICK_MS - 1
WITHIN_S = 0.05
"""A kill comes at most so long after its share of the work is done. Where that is done before the
start, it falls into the start.
"""
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
            value = np.where(_spells(drawn, minutes, 20, 12), bad, usual)
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
    journal: Journal, catalogue: Catalogue, readings: Sequence[Reading], late: NDArray[np.bool_]
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
    """What a run comes to."""

    alerts: list[Alert]
    transitions: list[tuple[Any, ...]]
    """Alert, change, event time, value, version, reason."""
    messages: list[Message]
    states: list[str]
    """Of each delivery."""
    handed: list[burst.Handed]

    def repeats(self) -> int:
        """How often a message was handed over again. Each time the start that had done so before
        was killed with it in hand: it handed over nothing behind it.
        """
        last = {row.start: row.key for row in self.handed}
        before: dict[str, int] = {}
        repeats = 0
        for row in self.handed:
            if row.key in before:
                repeats += 1
                assert before[row.key] < row.start
                assert last[before[row.key]] == row.key
            before[row.key] = row.start
        return repeats

    def assert_sent_once(self) -> None:
        """Every message is handed over, and no two say the same to the same."""
        assert {row.key for row in self.handed} == {of.id for of in self.messages}
        assert set(self.states) == {"sent"}
        said = Counter((of.reader, entry.key) for of in self.messages for entry in of.entries)
        assert set(said.values()) == {1}

    def record(self) -> list[tuple[Any, ...]]:
        """What is on record and was not withdrawn."""
        return _spans(alert for alert in self.alerts if alert.state is not State.WITHDRAWN)


class AlertEvent:
    """Readings in a journal, of which every run has a copy. ``late`` is the share that is late."""

    def __init__(self, folder: Path, district: Path, *, late: float = 0.0) -> None:
        self._folder, self._district = folder, district
        self._catalogue = loading.load(district)
        drawn = np.random.default_rng(1)
        self._readings = list(lived(self._catalogue, drawn))
        which = drawn.random(len(self._readings)) < late
        with closing(Journal(folder / "filled" / "journal")) as journal:
            fill(journal, self._catalogue, self._readings, which)
        with closing(open_state(Settings(data_dir=folder / "filled"))) as state:
            state.migrate([annotation_tables.MIGRATIONS, tables.MIGRATIONS])

    def undisturbed(self) -> Outcome:
        """Of a run in which nobody is killed."""
        return self._run(self._copy("calm"), 0)

    def disturbed(self, kills: int) -> Outcome:
        """Of one that is killed so often, each time when a drawn share of the work is done. Where
        late readings leave it less to say than the calm run had, that is when it has done all.
        """
        folder = self._copy("disturbed")
        for start, share in enumerate(sorted(random.uniform(0.0, 0.95) for _ in range(kills))):
            process = self._start(folder, start, stays=True)
            while process.is_alive() and self._done(folder) < share:
                process.join(0.002)
            wait_s = random.uniform(0.0, WITHIN_S)
            process.join(wait_s)
            print(f"start {start}: killed {wait_s:.3f} s after {share:.4f} of the work")
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL, "it ended before it was killed"
        return self._run(folder, kills)

    def tried(self) -> list[tuple[Any, ...]]:
        """The record that a back-test finds in the same readings."""
        by_series: dict[str, list[Reading]] = defaultdict(list)
        for row in self._readings:
            by_series[row.series].append(row)

        def readings(name: str) -> Readings:
            return history(by_series[name.removesuffix(ANY)], name)

        rules = documents.load(self._district / "rules.toml", self._catalogue)
        return _spans(tried(rules, self._catalogue, readings, END_MS).alerts)

    def _copy(self, name: str) -> Path:
        return Path(shutil.copytree(self._folder / "filled", self._folder / name))

    def dies_at(self, point: str, turn: int) -> Outcome:
        """Of one that dies once at a named point."""
        folder = self._copy(f"{point}-{turn}")
        process = self._start(folder, 0, point, turn)
        process.join(DEADLINE_S)
        assert process.exitcode == -signal.SIGKILL, f"{point} was not reached {turn} times"
        return self._run(folder, 1)

    def _start(
        self, folder: Path, start: int, point: str = "", turn: int = 0, *, stays: bool = False
    ) -> BaseProcess:
        process = FORKING.Process(
            target=burst.main,
            args=(folder, self._district, start, point, turn),
            kwargs={"stays": stays},
            daemon=True,
        )
        process.start()
        return process

    def _run(self, folder: Path, start: int) -> Outcome:
        """Until it ends by itself."""
        process = self._start(folder, start)
        process.join(DEADLINE_S)
        process.kill()
        log = (folder / "storm.log").read_text(encoding="utf-8")
        assert (process.exitcode, log) == (0, "")
        return _outcome(folder)

    def _done(self, folder: Path) -> float:
        """Which share of the work is done: a half is to judge, the other to hand over."""
        if (folder / burst.ENDED).exists():
            return 1.0
        parts = [name for name in (burst.JUDGED, burst.HANDED) if (folder / name).exists()]
        return sum(_size(folder, name) / _size(self._folder / "calm", name) for name in parts) / 2


def _size(folder: Path, name: str) -> int:
    return (folder / name).stat().st_size


def _outcome(folder: Path) -> Outcome:
    change = tables.TRANSITION.c
    changes = (change.alert_id, change.change, change.at_ms, change.value)
    with closing(open_state(Settings(data_dir=folder))) as state:
        alerts = [kept.alert for kept in Repository(state).listing(most=1_000_000)]
        with state.read() as connection:
            query = sa.select(*changes, change.rule_version, change.reason)
            transitions = [tuple(row) for row in connection.execute(query)]
            told = Messages(state).every(connection)
    handed = (folder / burst.HANDED).read_bytes().splitlines()
    return Outcome(
        sorted(alerts, key=lambda alert: alert.id),
        sorted(transitions, key=repr),
        [message for message, _ in told],
        [delivery.state for _, delivery in told],
        [msgspec.json.decode(line, type=burst.Handed) for line in handed],
    )


def _spans(alerts: Iterable[Alert]) -> list[tuple[Any, ...]]:
    """What readings alone decide of alerts: not when it was found, nor the id of what was moved."""
    rows = [
        (
            *(a.rule_id, a.level, a.station, a.indicator, a.state),
            *(a.began_ms, a.fired_ms, a.resolved_ms, a.peak),
        )
        for a in alerts
    ]
    return sorted(rows, key=repr)


@pytest.fixture(scope="module")
def stormy_district(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Path:
    """The demonstration district, sampled once a minute, with rules of many kinds."""
    folder = tmp_path_factory.mktemp("district") / "tongzhou"
    shutil.copytree(district, folder)
    stations = folder / "stations.toml"
    text = stations.read_text(encoding="utf-8")
    text = re.sub(r"cadence_ms = \d+", f"cadence_ms = {MINUTE_MS}", text)
    stations.write_text(text, encoding="utf-8")
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    return folder


def test_an_event_in_which_it_is_killed_is_recorded_and_reported_as_an_undisturbed_one(
    tmp_path: Path, stormy_district: Path
) -> None:
    """Transition by transition. Which alerts are one message hangs on when the notifier looks; that
    all that stands is told, and once, does not.

    A message is handed over before that is on record, so a kill in between makes it be handed over
    again: at least once, with a key by which the one who takes it knows it. That happens once a
    kill at most, and only with the message that was in hand.
    """
    begun, run = time.monotonic(), AlertEvent(tmp_path, stormy_district)
    calm = run.undisturbed()
    calm.assert_sent_once()
    assert calm.repeats() == 0
    assert len(calm.transitions) > 200
    assert len(calm.handed) > 20
    assert {alert.rule_id for alert in calm.alerts} == set(re.findall(r'\nid = "(.+)"', RULES))

    disturbed = run.disturbed(KILLS)

    disturbed.assert_sent_once()
    assert disturbed.alerts == calm.alerts
    assert disturbed.transitions == calm.transitions
    assert disturbed.repeats() <= KILLS
    _print("storm", disturbed, begun)


@pytest.mark.parametrize("point", burst.POINTS)
def test_given_a_death_between_transition_outbox_provider_and_settled_then_nothing_is_lost(
    tmp_path: Path, stormy_district: Path, point: str
) -> None:
    """A repeat only where the provider took the message and the process died before it was noted;
    any death may find the sender there.
    """
    run = AlertEvent(tmp_path, stormy_district)

    died = run.dies_at(point, random.randint(1, 5))

    died.assert_sent_once()
    assert died.repeats() in ((1,) if point == "message-taken" else (0, 1))


def test_an_event_of_which_a_part_comes_late_is_recorded_as_a_back_test_finds_it(
    tmp_path: Path, stormy_district: Path
) -> None:
    """When late readings are mended depends on the moment, and so do transitions and messages; what
    stands in the end does not.
    """
    begun, run = time.monotonic(), AlertEvent(tmp_path, stormy_district, late=0.05)
    calm = run.undisturbed()
    assert "moved" in {row[1] for row in calm.transitions}

    disturbed = run.disturbed(KILLS)

    for outcome in (calm, disturbed):
        outcome.assert_sent_once()
        assert outcome.record() == run.tried()
    assert disturbed.repeats() <= KILLS
    _print("storm, 5 % late", disturbed, begun)


def _print(name: str, run: Outcome, begun: float) -> None:
    handed = len({row.key for row in run.handed})
    print(
        f"{name}: {TICKS * 4} entries, {KILLS} kills, {len(run.transitions)} transitions,"
        f" {len(run.messages)} messages, {handed} of them handed over, {run.repeats()} again,"
        f" {time.monotonic() - begun:.0f} s; lost 0, doubled 0"
    )
