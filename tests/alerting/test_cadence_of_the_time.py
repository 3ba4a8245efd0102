"""Rules judge each time by the cadence that is on record for it, whenever it was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pytest

from alerting.alert import Alert
from config.catalogue.cadences import CadenceSpan
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.annotations.cadences import CadenceRecord
from ingest.journal.columns import Columns
from tests.alerting.conftest import SERIES, T0, RunningCentre

STATION, _, CODE = SERIES.partition("/")
LONG_AGO = T0 // HOUR_MS * HOUR_MS - 9 * 365 * DAY_MS
HOURLY = CadenceSpan(CODE, LONG_AGO, LONG_AGO + 13 * HOUR_MS, HOUR_MS, "import")
QUIET, FOUL = 0.4, 9.0


@pytest.fixture
def fresh(tmp_path: Path, district: Path, catalogue: Catalogue) -> Iterator[RunningCentre]:
    """A centre that has heard nothing."""
    made = RunningCentre(tmp_path, district, catalogue)
    yield made
    made.close()


def records(centre: RunningCentre, begin_ms: int = LONG_AGO) -> None:
    """Twelve hours of hourly records, foul from the fourth to the sixth, come from a file."""
    value = np.array([QUIET] * 3 + [FOUL] * 3 + [QUIET] * 6)
    count = len(value)
    columns = Columns(
        names=(SERIES,),
        series=np.zeros(count, np.uint32),
        t=begin_ms + np.arange(count, dtype=np.int64) * HOUR_MS,
        value=value,
        quality=np.full(count, Quality.GOOD, np.uint8),
        cause=np.zeros(count, np.uint8),
        received=np.full(count, centre.now_ms),
        boots=("cd" * 16,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count),
    )
    centre.journal.append(columns)
    centre.settle()


def recorded(centre: RunningCentre, *spans: CadenceSpan) -> None:
    """As an import does."""
    CadenceRecord(centre.state).brought(STATION, spans)
    centre.settle()


def of_class(centre: RunningCentre) -> list[Alert]:
    """Alerts of the hourly class."""
    return [alert for alert in centre.alerts() if alert.rule_id == "water-class"]


def spans(alerts: list[Alert]) -> list[tuple[int, int | None]]:
    """Of these, hours from ``LONG_AGO`` to beginning and end."""
    return [
        ((of.began_ms - LONG_AGO) // HOUR_MS, of.resolved_ms and (of.resolved_ms - LONG_AGO) // HOUR_MS)
        for of in alerts
    ]  # fmt: skip


@pytest.mark.parametrize("first", [True, False])
def test_given_hourly_records_in_a_station_of_seconds_then_their_hours_are_judged(
    fresh: RunningCentre, first: bool
) -> None:
    """Whether the cadence or the readings come first, and across a restart."""
    fresh.silent_until(0)
    if first:
        recorded(fresh, HOURLY)
    records(fresh)
    if not first:
        assert not of_class(fresh), "one reading of a second is no hour"
        fresh.restart()
        recorded(fresh, HOURLY)

    assert spans(of_class(fresh))
    assert {begin for begin, _ in spans(of_class(fresh))} == {4}
    assert fresh.rule_worker.settled


def test_given_another_cadence_in_the_catalogue_then_the_past_stays_as_it_was(
    fresh: RunningCentre,
) -> None:
    """It holds from its start on."""
    station = msgspec.structs.replace(fresh.catalogue.stations[STATION], cadence_ms=HOUR_MS)
    hourly = msgspec.structs.replace(
        fresh.catalogue, stations=fresh.catalogue.stations | {STATION: station}
    )
    quick, fresh.catalogue = fresh.catalogue, hourly
    CadenceRecord(fresh.state).keep_up(hourly, T0)
    fresh.restart()
    fresh.silent_until(0)
    records(fresh)
    before = spans(of_class(fresh))
    assert before

    CadenceRecord(fresh.state).keep_up(quick, T0)
    fresh.catalogue = quick
    fresh.restart()
    fresh.settle()
    assert spans(of_class(fresh)) == before


def silences(centre: RunningCentre) -> list[Alert]:
    """Alerts of a station's silence."""
    return [alert for alert in centre.alerts() if alert.rule_id == "station-silent"]


@pytest.mark.parametrize("heard_first", [True, False])
def test_given_records_years_apart_then_no_silence_lies_between_or_behind_them(
    fresh: RunningCentre, heard_first: bool
) -> None:
    """Nor between them and the first reading that the station sends itself; after that it counts."""
    parts: list[Callable[[], None]] = [
        partial(records, fresh),
        partial(records, fresh, LONG_AGO + 4 * 365 * DAY_MS),
        partial(fresh.measured, 100, 160, QUIET),
    ]
    for part in reversed(parts) if heard_first else parts:
        part()
        fresh.settle()
    assert not silences(fresh)

    fresh.silent_until(570)
    assert [alert.began_ms for alert in silences(fresh)] == [T0 + 159_000]
    assert [m.kind for m in fresh.heard("huanbao", "station-silent")] == ["begun"]
