"""Corrections laid over every read: each store against a plain model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.time import HOUR_MS
from ingest.annotations import tables
from ingest.annotations.as_of import AsOf
from ingest.annotations.corrections import Correction, Corrections
from ingest.annotations.findings import Findings
from ingest.annotations.overlay import Overlaid, Said, lay, lay_columns
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.store.downsampling import drawn
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.influxdb import InfluxDBStore
from ingest.store.protocol import Latest, Mean, Store, Track, bucket_ms
from ingest.store.victoriametrics import VictoriaMetricsStore
from tests.conftest import InfluxDB, VictoriaMetrics, examples
from tests.databases import fresh_state

T0 = 1_772_323_200_000  # 2026-03-01 00:00 UTC, an hour's and a month's beginning
STEP_MS, END = 600_000, T0 + 4 * HOUR_MS

Reading = tuple[float | None, Cause]
Decision = tuple[int, int, float | None, Quality]
"""First and last step of a span, value and flag; of a review the value is None."""

undoubted = st.one_of(
    st.tuples(st.integers(-40, 40).map(float), st.sampled_from([Cause.NORMAL, Cause.RANGE])),
    st.just((None, Cause.TIMEOUT)),
)
doubted = st.tuples(st.integers(0, 9).map(float), st.just(Cause.CLOCK))
# At least one counts, or there is no latest.
readings = st.builds(
    lambda taken, one: taken | {11: one},
    st.dictionaries(st.integers(0, 23), st.one_of(undoubted, doubted), min_size=1),
    undoubted,
)
decisions = st.lists(
    st.tuples(
        st.integers(0, 23),
        st.integers(0, 8),
        st.one_of(st.none(), st.integers(-90, 90).map(float)),
        st.sampled_from([Quality.GOOD, Quality.SUSPECT, Quality.BAD]),
    ),
    max_size=5,
)
_number = count(1)


@pytest.fixture
def corrections(tmp_path: Path) -> Iterator[Corrections]:
    """In a fresh SQLite."""
    state = fresh_state(tmp_path, [tables.MIGRATIONS])
    yield Corrections(state)
    state.close()


@pytest.fixture(params=["duckdb", "victoria_metrics", "influxdb"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The original."""
    site = f"site{abs(hash(request.node.nodeid))}"
    position, made = tmp_path / "position", _MAKING[request.param]
    server = None if request.param == "duckdb" else request.getfixturevalue(request.param)
    opened = made(server.url if server else "", site, position, lambda: END + HOUR_MS)
    yield opened
    opened.close()


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Has a server show what was written."""
    if "victoria_metrics" not in request.node.callspec.params.values():
        return lambda: None
    server: VictoriaMetrics = request.getfixturevalue("victoria_metrics")
    return server.flush


_MAKING: dict[str, Callable[..., Store]] = {
    "duckdb": lambda _url, _site, file, _now: DuckDBStore(file),
    "victoria_metrics": VictoriaMetricsStore,
    "influxdb": InfluxDBStore,
}
assert {"victoria_metrics": VictoriaMetrics, "influxdb": InfluxDB}.keys() < _MAKING.keys()


def batch(series: str, taken: dict[int, Reading]) -> Columns:
    """Readings by step as the journal holds them."""
    rows = len(taken)
    values, causes = zip(*taken.values(), strict=True)
    return Columns(
        names=(series,),
        series=np.zeros(rows, np.uint32),
        t=T0 + np.array(list(taken), np.int64) * STEP_MS,
        value=np.array([np.nan if value is None else value for value in values], np.float64),
        quality=np.array([quality_of(cause) for cause in causes], np.uint8),
        cause=np.array(causes, np.uint8),
        received=np.full(rows, END, np.int64),
        boots=("ef" * 16,),
        boot=np.zeros(rows, np.uint16),
        seq=np.arange(rows),
    )


def decided(of: Corrections, series: str, decision: Decision) -> Correction:
    """One decision, committed."""
    step, steps, value, quality = decision
    begin = T0 + step * STEP_MS
    with of.state.begin() as connection:
        return of.add(
            connection,
            series,
            begin,
            begin + steps * STEP_MS + 1,
            value=value,
            quality=quality,
            by="李岚",
            account="huanbao",
            why="核对",
            at_ms=END,
        )


class Model:
    """Readings by step, as plain as can be."""

    def __init__(self, series: str, taken: dict[int, Reading]) -> None:
        self.series = series
        self.rows = {
            step: (value, quality_of(cause), cause)
            for step, (value, cause) in sorted(taken.items())
        }
        self.newest = max(step for step, (_, cause) in taken.items() if cause is not Cause.CLOCK)

    def apply(self, decision: Decision) -> None:
        """What a decision does to each reading of its span."""
        first, steps, value, quality = decision
        for step in self.rows.keys() & set(range(first, first + steps + 1)):
            known = self.rows[step][0]
            if value is not None:
                self.rows[step] = (value, quality, Cause.CORRECTED)
            elif known is not None:
                self.rows[step] = (known, quality, Cause.REVIEWED)

    def track(self) -> Track:
        """Every reading."""
        values, qualities, causes = zip(*self.rows.values(), strict=True)
        return Track(
            T0 + np.array(list(self.rows), np.int64) * STEP_MS,
            np.array([np.nan if value is None else value for value in values], np.float64),
            np.array(qualities, np.uint8),
            np.array(causes, np.uint8),
            np.full(len(self.rows), END, np.int64),
        )

    def latest(self) -> list[Latest]:
        """The last one whose clock was not doubted."""
        at = T0 + self.newest * STEP_MS
        return [Latest(self.series, at, *self.rows[self.newest], END)]

    def means(self, hours: int) -> list[Mean]:
        """Of the readings of each bucket."""
        found = []
        of = {step: bucket_ms(T0 + step * STEP_MS, hours) for step in self.rows}
        for begin in sorted(set(of.values())):
            rows = [row for step, row in self.rows.items() if of[step] == begin]
            good = [value for value, quality, _ in rows if quality is Quality.GOOD]
            mean = sum(value or 0.0 for value in good) / len(good) if good else None
            found.append(Mean(self.series, begin, mean, len(good), len(rows)))
        return found


def rows(track: Track) -> list[tuple[object, ...]]:
    """A track that can be compared."""
    columns = (track.t, track.value, track.quality, track.cause, track.received)
    return [tuple(map(repr, row)) for row in zip(*(c.tolist() for c in columns), strict=True)]


def agree(store: Store, model: Model) -> None:
    """Every verb of a store says what the model says."""
    series, track = model.series, model.track()
    assert rows(store.track(series, T0, END)) == rows(track)
    inner = (track.t >= T0 + HOUR_MS) & (track.t < T0 + 2 * HOUR_MS)
    assert rows(store.track(series, T0 + HOUR_MS, T0 + 2 * HOUR_MS)) == rows(track.where(inner))
    good = track.where(track.quality == Quality.GOOD)
    found = store.good(series, T0, END)
    assert [column.tolist() for column in found] == [good.t.tolist(), good.value.tolist()]
    assert rows(store.drawing(series, T0, END, 4)) == rows(drawn(track, T0, END, 4))
    assert [row for row in store.latest() if row.series == series] == model.latest()
    for hours in (1, 24):
        found = store.means([series], bucket_ms(T0, hours), END + 24 * HOUR_MS, hours)
        assert [(r.begin_ms, r.good, r.samples) for r in found] == [
            (r.begin_ms, r.good, r.samples) for r in model.means(hours)
        ]
        assert [r.mean for r in found] == [pytest.approx(r.mean) for r in model.means(hours)]


@settings(max_examples=examples(40))
@given(taken=readings, decisions=decisions)
def test_every_read_is_as_corrected_the_original_stays_and_comes_back(
    store: Store,
    corrections: Corrections,
    shown: Callable[[], None],
    taken: dict[int, Reading],
    decisions: list[Decision],
) -> None:
    """On every verb and every store; whatever overlaps, the latest stands."""
    number = next(_number)
    series = f"s{number}/a"
    overlaid, original = (
        Overlaid(store, corrections, Findings(corrections.state)),
        Model(series, taken),
    )
    overlaid.append(number, batch(series, taken))
    shown()
    model, made = Model(series, taken), list[Correction]()
    for decision in decisions:
        made.append(decided(corrections, series, decision))
        model.apply(decision)

    agree(overlaid, model)
    agree(store, original)

    for row in made:
        with corrections.state.begin() as connection:
            corrections.withdraw(connection, row.id, "陈明", "daibiao", END)
    agree(overlaid, original)


@given(taken=readings, decisions=decisions, cut=st.integers(0, 24), keeps=st.booleans())
def test_store_and_journal_together_are_as_corrected_wherever_a_reading_lies(
    tmp_path_factory: pytest.TempPathFactory,
    corrections: Corrections,
    taken: dict[int, Reading],
    decisions: list[Decision],
    cut: int,
    keeps: bool,
) -> None:
    """With a store that is overlaid as with one that is not: laying again changes nothing."""
    folder = tmp_path_factory.mktemp("fresh")
    series = f"s{next(_number)}/a"
    journal, store = Journal(folder / "journal"), DuckDBStore(folder / "readings.duckdb")
    parts = [
        {step: row for step, row in taken.items() if (step < cut) is early}
        for early in (True, False)
    ]
    for place, part in enumerate(parts):
        columns = batch(series, part) if part else Columns.empty()
        n = journal.append(columns)
        if place == 0 and keeps:
            store.append(n, columns)
    model = Model(series, taken)
    for decision in decisions:
        decided(corrections, series, decision)
        model.apply(decision)

    def said(name: str, from_ms: int, to_ms: int) -> Said:
        return Said((), corrections.of(name, from_ms, to_ms))

    for read in (store, Overlaid(store, corrections, Findings(corrections.state))):
        history = AsOf(2, journal, read, [series], said)
        assert rows(history.track(series, T0, END)) == rows(model.track())
    store.close()
    journal.close()


@given(taken=readings, decisions=decisions)
def test_a_batch_of_the_journal_is_corrected_as_its_readings_will_be(
    corrections: Corrections, taken: dict[int, Reading], decisions: list[Decision]
) -> None:
    """Also where its rows come in another order and beside other series."""
    name = f"s{next(_number)}"
    backwards = dict(reversed(taken.items()))
    columns = Columns.joined([batch(f"{name}/b", taken), batch(f"{name}/a", backwards)])
    model = Model(f"{name}/a", taken)
    for decision in decisions:
        decided(corrections, f"{name}/a", decision)
        model.apply(decision)

    laid = lay_columns(columns, corrections.standing(), {})

    for series, expected in ((f"{name}/a", model), (f"{name}/b", Model("", taken))):
        of = laid.where(laid.series == laid.names.index(series))
        of = of.where(np.argsort(of.t))  # type: ignore[arg-type]
        found = Track(of.t, of.value, of.quality, of.cause, of.received)
        assert rows(found) == rows(expected.track())


def test_nothing_is_copied_where_nothing_was_decided(corrections: Corrections) -> None:
    """The very same arrays are handed on."""
    columns = batch("s/a", {0: (1.0, Cause.NORMAL)})
    decided(corrections, "s/b", (0, 3, 2.0, Quality.GOOD))
    track = Model("s/a", {0: (1.0, Cause.NORMAL)}).track()

    assert lay_columns(columns, corrections.standing(), {}) is columns
    assert lay(track, Said((), corrections.of("s/a", T0, END))) is track


def test_corrections_go_with_the_months_that_they_speak_of(
    corrections: Corrections, tmp_path: Path
) -> None:
    """Whoever drops readings drops both."""
    store = DuckDBStore(tmp_path / "readings.duckdb")
    overlaid = Overlaid(store, corrections, Findings(corrections.state))
    overlaid.append(1, batch("s/a", {-6: (1.0, Cause.NORMAL), 0: (2.0, Cause.NORMAL)}))
    for step in (-6, 0):
        decided(corrections, "s/a", (step, 0, 9.0, Quality.GOOD))

    overlaid.drop_before(T0)

    assert overlaid.track("s/a", 0, END).value.tolist() == [9.0]
    assert [row.from_ms for row in corrections.listing()] == [T0]
    assert overlaid.series() == ["s/a"]
    overlaid.close()
