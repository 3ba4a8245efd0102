"""The cadence of a time: where it comes from, what wins, and what a reading then stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.backtest.test_series import district
from config.catalogue.cadences import CadenceSpan
from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.annotations import tables
from ingest.annotations.cadences import CadenceRecord
from ingest.annotations.corrections import Corrections
from ingest.importing.steps import spans_of
from ingest.standards.aggregates import daily, hourly, hours_of
from ingest.standards.cadences import Cadences, cadences_of
from ingest.state.database import State, open_state
from ingest.store.protocol import Good, Mean
from tests.conftest import Postgres

PM25, OZONE = "a34004", "a05024"
T0 = 1_782_835_200_000  # midnight in Asia/Shanghai


def of(*spans: CadenceSpan, usual_ms: int = 1000) -> Catalogue:
    """One air station."""
    catalogue = district({"it": [PM25, OZONE]}, "air", usual_ms)
    return msgspec.structs.replace(catalogue, cadences={"it": spans})


def brought(from_h: int, to_h: int, cadence_ms: int, code: str = PM25) -> CadenceSpan:
    """What an import recorded, in hours from ``T0``."""
    span = (T0 + from_h * HOUR_MS, T0 + to_h * HOUR_MS)
    return CadenceSpan(code, *span, cadence_ms, "import")


def at(catalogue: Catalogue, hour: int, code: str = PM25) -> int:
    """The cadence at an hour."""
    return cadences_of(catalogue, "it", code).one(T0 + hour * HOUR_MS)


def test_given_an_import_then_its_cadence_holds_in_its_span_alone() -> None:
    """Of its own indicators."""
    found = of(brought(0, 24, HOUR_MS))
    assert [at(found, hour) for hour in (-1, 0, 23, 24)] == [1000, HOUR_MS, HOUR_MS, 1000]
    assert at(found, 0, OZONE) == 1000
    assert at(found, 0, "") == HOUR_MS


def test_given_imports_that_overlap_then_the_shorter_span_wins_and_of_equal_ones_the_later() -> (
    None
):
    """A file of a day says more of that day than one of a year."""
    year, day = brought(0, 9000, 4 * HOUR_MS), brought(24, 48, MINUTE_MS)
    for spans in ((year, day), (day, year)):
        found = of(*spans)
        assert [at(found, hour) for hour in (0, 24, 48)] == [4 * HOUR_MS, MINUTE_MS, 4 * HOUR_MS]
    assert at(of(brought(0, 24, HOUR_MS), brought(0, 24, MINUTE_MS)), 3) == MINUTE_MS
    assert at(of(brought(0, 24, HOUR_MS), brought(0, 24, MINUTE_MS, OZONE)), 3, "") == MINUTE_MS


def test_given_a_dated_catalogue_then_each_time_has_the_cadence_of_its_catalogue() -> None:
    """The one of now begins where the one before ended."""
    before = CadenceSpan("", 0, T0, HOUR_MS, "catalogue")
    now = CadenceSpan("", T0, None, 1000, "catalogue")
    assert [at(of(before, now), hour) for hour in (-1, 0)] == [HOUR_MS, 1000]


cadences = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 10), st.sampled_from([1, 5, 60])), max_size=5
)


@given(cadences, st.integers(-5, 45))
def test_the_cadence_is_what_a_plain_search_finds(
    rows: list[tuple[int, int, int]], hour: int
) -> None:
    """By instant, by many of them, and by pieces."""
    spans = [
        brought(begin, begin + length, minutes * MINUTE_MS) for begin, length, minutes in rows
    ]
    t = T0 + hour * HOUR_MS
    holding = [span for span in reversed(spans) if span.from_ms <= t < (span.to_ms or 0)]
    holding.sort(key=lambda span: (span.to_ms or 0) - span.from_ms)
    expected = holding[0].cadence_ms if holding else 1000
    found = cadences_of(of(*spans), "it", PM25)
    assert found.one(t) == expected
    assert found.at(np.array([t], np.int64)).tolist() == [expected]
    pieces = list(found.pieces(T0 - DAY_MS, T0 + 3 * DAY_MS))
    assert [each for first, last, each in pieces if first <= t <= last] == [expected]
    assert found.within(t, t) == expected


def nothing_asked(_from_ms: int, _to_ms: int) -> Good:
    """Of a store that has a reading at the beginning of each hour."""
    t = T0 + np.arange(24, dtype=np.int64) * HOUR_MS
    return t, np.full(24, 50.0)


def test_a_broken_sensor_of_seconds_is_no_hourly_one() -> None:
    """One reading an hour makes valid hours only where the record says that there is no more."""
    means = [Mean("it/a34004", T0 + n * HOUR_MS, 50.0, 1, 1) for n in range(24)]
    for catalogue, valid in ((of(), False), (of(brought(0, 24, HOUR_MS)), True)):
        hours = hours_of(means, cadences_of(catalogue, "it", PM25), nothing_asked)
        assert hourly(hours).valid.all() == valid
        assert daily(hours).valid.tolist() == [valid]


def test_a_day_may_have_hours_of_several_cadences() -> None:
    """Twelve hours of minutes and two readings of four hours are twenty."""
    means = [Mean("it/a34004", T0 + n * HOUR_MS, 50.0, 60, 60) for n in range(12)]
    means += [Mean("it/a34004", T0 + n * HOUR_MS, 50.0, 1, 1) for n in (12, 16)]
    found = cadences_of(of(brought(12, 24, 4 * HOUR_MS), usual_ms=MINUTE_MS), "it", PM25)
    assert daily(hours_of(means, found, nothing_asked)).share.tolist() == [20 / 24]
    steady = Cadences.constant(MINUTE_MS)
    assert daily(hours_of(means, steady, nothing_asked)).share.tolist() == [12 / 24]


def test_given_a_file_with_years_between_then_each_stretch_has_a_span_of_its_own() -> None:
    """By series, with the median step, in whole hours; a person may name another."""
    first = T0 + 20 * MINUTE_MS + np.arange(5, dtype=np.int64) * HOUR_MS
    t = np.concatenate([first + 9 * 365 * DAY_MS, first[:4]])
    found = spans_of({PM25: t, OZONE: first[::4]})
    begin = T0 + 9 * 365 * DAY_MS
    assert found == [
        CadenceSpan(PM25, T0, T0 + 5 * HOUR_MS, HOUR_MS, "import"),
        CadenceSpan(PM25, begin, begin + 6 * HOUR_MS, HOUR_MS, "import"),
        CadenceSpan(OZONE, T0, T0 + 9 * HOUR_MS, 4 * HOUR_MS, "import"),
    ]
    assert {span.cadence_ms for span in spans_of({PM25: t}, 1000)} == {1000}
    assert spans_of({PM25: first[:1]}) == []


def test_given_a_stretch_of_a_few_readings_then_it_has_the_cadence_of_its_series() -> None:
    """One of many has its own."""
    hours = T0 + np.arange(50, dtype=np.int64) * HOUR_MS
    later = T0 + 90 * DAY_MS + np.arange(40, dtype=np.int64) * 4 * HOUR_MS
    for count, cadence_ms in ((5, HOUR_MS), (40, 4 * HOUR_MS)):
        found = spans_of({PM25: np.concatenate([hours, later[:count]])})
        assert [span.cadence_ms for span in found] == [HOUR_MS, cadence_ms]


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """With the tables of annotations."""
    url = None
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    made = open_state(Settings(data_dir=tmp_path, state_url=url or ""))
    made.migrate([tables.MIGRATIONS])
    yield made
    made.close()


def test_the_catalogue_is_dated_from_start_to_start(state: State) -> None:
    """An older folder of data begins with its cadence for ever back, and judges nothing anew."""
    record, corrections = CadenceRecord(state), Corrections(state)
    record.keep_up(of(usual_ms=1000), T0)
    record.keep_up(of(usual_ms=1000), T0 + HOUR_MS)
    assert (corrections.revision(), record.since(0)) == (0, [])

    record.keep_up(of(usual_ms=5000), T0 + 90 * MINUTE_MS)
    assert (corrections.revision(), len(record.since(0))) == (1, 1)
    found = record.dated(of(usual_ms=5000))
    assert [at(found, hour) for hour in (-9999, 0, 1, 9999)] == [1000, 1000, 5000, 5000]

    record.keep_up(of(usual_ms=9000), T0 + 100 * MINUTE_MS)
    found = record.dated(of(usual_ms=9000))
    assert [at(found, hour) for hour in (0, 1)] == [1000, 9000]


def test_an_import_is_recorded_once_and_another_word_on_its_span_takes_its_place(
    state: State,
) -> None:
    record, catalogue = CadenceRecord(state), of()
    span = brought(0, 24, HOUR_MS)
    record.brought("it", [span, brought(0, 24, HOUR_MS, OZONE)])
    record.brought("it", [span])
    assert (len(record.since(0)), record.since(1)) == (2, [])
    assert at(record.dated(catalogue), 3) == HOUR_MS

    record.brought("it", [msgspec.structs.replace(span, cadence_ms=MINUTE_MS)])
    assert [row.span.cadence_ms for row in record.since(1)] == [MINUTE_MS]
    assert (at(record.dated(catalogue), 3), at(record.dated(catalogue), 3, OZONE)) == (
        MINUTE_MS,
        HOUR_MS,
    )
