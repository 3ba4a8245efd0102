"""Judging as readings arrive ends at what judging the whole history says."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from config.catalogue import loading
from config.catalogue.cadences import CadenceSpan
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.annotations import tables
from ingest.annotations.cadences import CadenceRecord
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings, Judgement
from ingest.annotations.overlay import Overlaid
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.quality import judgement
from ingest.quality.again import Rejudging
from ingest.quality.flagging import Layer, Series, Station, flag
from ingest.quality.spans import Span
from ingest.quality.worker import QualityWorker
from ingest.state.database import State
from ingest.store.duckdb.store import DuckDBStore
from tests.conftest import examples
from tests.databases import fresh_state

DISTRICT = Path(config.__file__).parent / "data" / "districts" / "tongzhou"
T0 = 1_772_323_200_000
TURBIDITY, CONDUCTIVITY = "w01003", "w01014"
_number = count(1)


TEN_MS = 10 * MINUTE_MS


def cadenced(catalogue: Catalogue, cadence_ms: int) -> Catalogue:
    """A district whose stations all sample alike."""
    stations = {
        name: msgspec.structs.replace(station, cadence_ms=cadence_ms)
        for name, station in catalogue.stations.items()
    }
    return msgspec.structs.replace(catalogue, stations=stations)


CATALOGUE = cadenced(loading.load(DISTRICT), TEN_MS)
STATION = next(
    s.id
    for s in CATALOGUE.stations.values()
    if {TURBIDITY, CONDUCTIVITY} <= set(CATALOGUE.plans[s.id])
)


class RunningCentre:
    """Journal, store, state and the quality worker; ``keep`` brings the journal into the store."""

    def __init__(self, folder: Path, state: State) -> None:
        self.journal = Journal(folder / "journal")
        self.store = DuckDBStore(folder / "readings.duckdb")
        self.findings = Findings(state)
        self.shown = Overlaid(self.store, Corrections(state), self.findings)
        self.restart()

    def restart(self, catalogue: Catalogue = CATALOGUE) -> None:
        """A quality worker that knows only what the one before it had remembered."""
        self.quality_worker = QualityWorker(
            self.journal, self.store, self.findings, catalogue, lambda: T0
        )

    def arrive(self, readings: dict[str, dict[int, float]], *, kept: bool) -> None:
        """Readings by code and ten minutes."""
        columns = Columns.joined([batch(f"{STATION}/{code}", of) for code, of in readings.items()])
        n = self.journal.append(columns)
        if kept:
            self.keep(n)

    def keep(self, n: int) -> None:
        """What of the journal is not in the store yet, up to a number."""
        for entry in self.journal.read(self.store.position()):
            if entry.n <= n:
                self.store.append(entry.n, entry.columns)

    def judge(self) -> None:
        """Until nothing is left to be judged."""
        while not self.quality_worker.settled:
            self.quality_worker.step()

    def close(self) -> None:
        """Let go."""
        self.store.close()
        self.journal.close()


def batch(series: str, taken: dict[int, float], each_ms: int = TEN_MS) -> Columns:
    """Good readings as the intake hands them on."""
    rows = len(taken)
    t = T0 + np.array(list(taken), np.int64) * each_ms
    return Columns(
        names=(series,),
        series=np.zeros(rows, np.uint32),
        t=t,
        value=np.array(list(taken.values()), np.float64),
        quality=np.full(rows, Quality.GOOD, np.uint8),
        cause=np.zeros(rows, np.uint8),
        received=t,
        boots=("ef" * 16,),
        boot=np.zeros(rows, np.uint16),
        seq=np.arange(rows),
    )


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A fresh SQLite."""
    opened = fresh_state(tmp_path, [tables.MIGRATIONS])
    yield opened
    opened.close()


@pytest.fixture
def centre(tmp_path: Path, state: State) -> Iterator[RunningCentre]:
    """With nothing in it."""
    made = RunningCentre(tmp_path, state)
    yield made
    made.close()


def whole(readings: dict[str, dict[int, float]], code: str) -> Series:
    """What the checks say of the whole history at once."""
    series = {}
    for name, taken in readings.items():
        row = batch("s/x", dict(sorted(taken.items())))
        series[name] = Series(row.t, row.value, row.quality, row.cause)
    checks = CATALOGUE.checks[STATION]
    return flag(Station(series, checks, 10 * MINUTE_MS, {}, {}), code)


def assert_as_whole(centre: RunningCentre, readings: dict[str, dict[int, float]]) -> None:
    """What is shown is what the whole history says."""
    for code, taken in readings.items():
        said = whole(readings, code)
        shown = centre.shown.track(f"{STATION}/{code}", 0, T0 + 400 * 24 * 60 * MINUTE_MS)
        assert shown.t.tolist() == sorted(T0 + at * 10 * MINUTE_MS for at in taken)
        assert shown.quality.tolist() == said.quality.tolist()
        assert shown.cause.tolist() == said.cause.tolist()


# Levels and steps with which every check of the two indicators has something to say.
values = st.one_of(
    st.sampled_from([5.0, 5.0, 5.0, 5.1, 5.2, 60.0, 61.0, 400.0, 0.0, 0.1, -3.0, 20.0]),
    st.floats(0, 50).map(lambda value: round(value, 1)),
)
lengths = st.one_of(st.integers(1, 4), st.integers(1, 90), st.integers(400, 500))
runs = st.lists(st.tuples(values, lengths), min_size=1, max_size=12)
salty = st.sampled_from([300.0, 300.0, 300.0, 290.0, 284.0, 270.0, 180.0, 60.0, 3.0, 900.0])
salts = st.lists(st.tuples(salty, lengths), min_size=1, max_size=12)


def history(parts: list[tuple[float, int]], missing: set[int]) -> dict[int, float]:
    """Runs of values, without some of their readings."""
    flat = [
        value + (at % 3) * 0.01 * (length < 30) for value, length in parts for at in range(length)
    ]
    return {at: value for at, value in enumerate(flat) if at not in missing}


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), parts=runs, others=salts, missing=st.sets(st.integers(0, 300), max_size=40))
def test_however_a_history_arrives_it_is_judged_as_if_it_had_been_there_at_once(
    tmp_path: Path,
    state: State,
    data: st.DataObject,
    parts: list[tuple[float, int]],
    others: list[tuple[float, int]],
    missing: set[int],
) -> None:
    """Cut anywhere, late, from store or journal, with restarts in between."""
    folder = tmp_path / str(next(_number))
    with state.begin() as connection:
        for table in ("finding", "finding_change", "flagging"):
            connection.exec_driver_sql(f"delete from {table}")
    centre = RunningCentre(folder, state)
    readings = {TURBIDITY: history(parts, missing), CONDUCTIVITY: history(others, missing)}
    instants = sorted({at for taken in readings.values() for at in taken})
    late = data.draw(st.sets(st.sampled_from(instants)) if instants else st.just(set()))
    order = [at for at in instants if at not in late] + sorted(late)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(order)), max_size=5)) | {0, len(order)})
    for first, end in pairwise(cuts):
        taken = set(order[first:end])
        piece = {
            code: {at: value for at, value in of.items() if at in taken}
            for code, of in readings.items()
        }
        centre.arrive(
            {code: of for code, of in piece.items() if of}, kept=data.draw(st.booleans())
        )
        if data.draw(st.booleans()):
            centre.judge()
        if data.draw(st.booleans()):
            centre.restart()
    centre.judge()
    centre.keep(centre.journal.last)

    assert_as_whole(centre, {code: of for code, of in readings.items() if of})
    again = Rejudging(centre.journal, centre.store, centre.findings, CATALOGUE)
    for code in readings:
        assert not again.changes(f"{STATION}/{code}", (T0, T0 + 400 * DAY_MS), T0)
    centre.close()
    shutil.rmtree(folder)


def test_a_spike_is_good_until_the_readings_behind_it_say_otherwise(centre: RunningCentre) -> None:
    """It needs them; then it is an amendment, with the time of its finding."""
    calm = {at: 5.0 + at % 3 * 0.1 for at in range(20)}
    centre.arrive({TURBIDITY: calm | {20: 90.0}}, kept=True)
    centre.judge()
    assert not centre.findings.of(f"{STATION}/{TURBIDITY}", 0, 1 << 60)

    centre.arrive({TURBIDITY: {21: 5.0, 22: 5.1, 23: 5.2}}, kept=True)
    centre.judge()

    (found,) = centre.findings.of(f"{STATION}/{TURBIDITY}", 0, 1 << 60)
    at = T0 + 20 * 10 * MINUTE_MS
    assert (found.from_ms, found.to_ms, found.cause) == (at, at + 1, Cause.SPIKE)
    (change,) = centre.findings.since(0)
    assert (change.from_ms, change.to_ms) == (at, at + 1)


def test_given_two_days_of_seconds_when_more_arrive_then_only_rows_around_them_are_looked_at(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []

    def counted(view: Station, code: str, layers: Sequence[Layer]) -> Series:
        looked_at.append(len(view.series[code].t))
        return flag(view, code, layers)

    monkeypatch.setattr(judgement, "flag", counted)
    centre.restart(cadenced(CATALOGUE, 1000))
    two_days = 2 * DAY_MS // 1000
    taken = {at: 5 + 0.1 * (at % 7) for at in range(two_days + 60)}

    def arrive(first: int, end: int) -> None:
        some = {at: taken[at] for at in range(first, end)}
        centre.keep(centre.journal.append(batch(f"{STATION}/{TURBIDITY}", some, 1000)))
        centre.judge()

    arrive(0, two_days)
    arrive(two_days, two_days + 30)
    looked_at.clear()
    arrive(two_days + 30, two_days + 60)
    assert 30 <= max(looked_at) < 100


def test_a_late_reading_changes_only_what_it_may(centre: RunningCentre) -> None:
    """It ends a flat line that it falls into, and nothing else of the history."""
    flat = dict.fromkeys(range(0, 60, 2), 7.1)
    centre.arrive(
        {TURBIDITY: flat | {at: 9.0 + at % 3 * 0.1 for at in range(500, 530)}}, kept=True
    )
    centre.judge()
    before = centre.findings.of(f"{STATION}/{TURBIDITY}", 0, 1 << 60)
    revision = max(change.revision for change in centre.findings.since(0))
    assert [row.cause for row in before] == [Cause.FLAT_LINE]

    centre.arrive({TURBIDITY: {29: 7.3}}, kept=True)
    centre.judge()

    changed = centre.findings.since(revision)
    assert changed
    assert all(T0 <= row.from_ms < row.to_ms <= T0 + 60 * 10 * MINUTE_MS for row in changed)


def test_judging_again_says_nothing_new(centre: RunningCentre) -> None:
    """A restart that reads the journal once more finds what is known."""
    centre.arrive({TURBIDITY: dict.fromkeys(range(60), 7.1)}, kept=True)
    centre.judge()
    revision = Corrections(centre.findings.state).revision()

    centre.findings.keep_position(0)
    centre.restart()
    centre.judge()

    assert Corrections(centre.findings.state).revision() == revision


def test_mud_that_is_heard_of_late_makes_a_fall_of_conductivity_rain(
    centre: RunningCentre,
) -> None:
    """The turbidimeter's readings come when the conductivity is judged and over."""
    level = [*[400.0] * 300, *[200.0 + at for at in range(50)], *[400.0] * 300]
    salt = {at: value + at % 3 * 0.1 for at, value in enumerate(level)}
    centre.arrive({CONDUCTIVITY: salt}, kept=True)
    centre.judge()
    assert {of.cause for of in centre.findings.of(f"{STATION}/{CONDUCTIVITY}", 0, 1 << 60)} == {
        Cause.RATE
    }

    mud = [*[8.0] * 300, *[300.0 - 5 * at for at in range(50)], *[50.0] * 300]
    readings = {
        CONDUCTIVITY: salt,
        TURBIDITY: {at: value + at % 3 * 0.1 for at, value in enumerate(mud)},
    }
    centre.arrive({TURBIDITY: readings[TURBIDITY]}, kept=True)
    centre.judge()

    assert centre.findings.of(f"{STATION}/{CONDUCTIVITY}", 0, 1 << 60) == []
    assert_as_whole(centre, readings)


def test_an_excursion_is_asked_again_when_it_should_have_settled(centre: RunningCentre) -> None:
    """No step tells that a series slid away again; only the time does."""
    dip = [300.0] * 60 + [180.0] * 3 + [300.0] * 4
    slide = (
        [300.0 - 2 * at for at in range(16)] + [270.0] * 10 + [272.0 + 2 * at for at in range(15)]
    )
    level = [value + at % 3 * 0.1 for at, value in enumerate(dip + slide + [300.0] * 1200)]
    readings = {CONDUCTIVITY: dict(enumerate(level))}
    for first in range(0, len(level), 7):
        piece = {at: level[at] for at in range(first, min(first + 7, len(level)))}
        centre.arrive({CONDUCTIVITY: piece}, kept=True)
        centre.judge()

    assert np.count_nonzero(whole(readings, CONDUCTIVITY).cause == Cause.RATE) > 10
    assert_as_whole(centre, readings)


def test_given_stations_that_began_together_then_each_is_due_at_a_second_of_its_own(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once in each half of a minute; in the end all is judged as it is at once."""
    stations = [of for of in CATALOGUE.stations if TURBIDITY in CATALOGUE.plans[of]]
    seconds, judged = 90, dict[str, list[int]]()
    centre.restart(cadenced(CATALOGUE, 1000))
    near = QualityWorker._near

    def noted(worker: QualityWorker, station: str, span: Span, n: int) -> Iterator[Judgement]:
        judged.setdefault(station, []).append(n)
        return near(worker, station, span, n)

    monkeypatch.setattr(QualityWorker, "_near", noted)
    for at in range(seconds):
        taken = {at: 90.0 if at == 50 else 5.0 + 0.1 * (at % 7)}
        rows = [batch(f"{station}/{TURBIDITY}", taken, 1000) for station in stations]
        centre.keep(centre.journal.append(Columns.joined(rows)))
        centre.quality_worker.step()

    assert set(judged) == set(stations)
    assert all(np.diff(turns).tolist() in ([30], [30, 30]) for turns in judged.values())
    together = Counter(turn % 30 for turns in judged.values() for turn in set(turns))
    assert max(together.values()) < len(stations)
    assert 0 < centre.journal.last - min(centre.quality_worker._since.values()) <= 30

    centre.judge()
    catalogue = centre.quality_worker.catalogue
    again = Rejudging(centre.journal, centre.store, centre.findings, catalogue)
    assert centre.findings.touching(0, 1 << 60).keys() == {f"{of}/{TURBIDITY}" for of in stations}
    for station in stations:
        assert not again.changes(f"{station}/{TURBIDITY}", (T0, T0 + DAY_MS), T0)


def test_given_nobody_changed_a_cadence_then_none_is_asked_for_and_an_import_s_is_known_at_once(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is read once at the start and once for what was brought."""
    read: list[int] = []
    dated = CadenceRecord.dated

    def counted(record: CadenceRecord, catalogue: Catalogue) -> Catalogue:
        read.append(1)
        return dated(record, catalogue)

    monkeypatch.setattr(CadenceRecord, "dated", counted)
    for _ in range(3):
        centre.quality_worker.step()
    assert len(read) == 1

    span = CadenceSpan(TURBIDITY, T0, T0 + DAY_MS, 5 * MINUTE_MS, "import")
    CadenceRecord(centre.findings.state).brought(STATION, [span])
    for _ in range(3):
        centre.quality_worker.step()

    assert len(read) == 2
    assert centre.quality_worker._tails.catalogue.cadences[STATION] == (span,)
