"""Read the days of stations out of the store, as they are corrected by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import isfinite

from api.kinds.reports import Means
from api.platforms.environment.days.records import Measured
from config.catalogue.shapes import Catalogue, Station
from config.vocabulary.time import DAY_MS, begins_ms, day_of
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.aggregates import daily, daily_8h_max, daily_hour_max, hours_of
from ingest.standards.air import OZONE, air_items
from ingest.standards.cadences import cadences_of
from ingest.standards.tables import possible
from ingest.standards.water import water_items
from ingest.store.protocol import Mean

WEEK_MS = 7 * DAY_MS


@dataclass(slots=True)
class _Gathered:
    """Of one station, week after week."""

    days: dict[date, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    ozone_hour: dict[date, float] = field(default_factory=dict)
    covered: dict[date, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    shares: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def measured(
    means: Means, stations: Sequence[Station], first: date, last: date
) -> Sequence[Measured]:
    """The whole days of a span, both ends included, at some stations; a day that goes on is none
    of them.
    """
    catalogue = means.catalogue
    plans = {of.id: plan(catalogue, of) for of in stations}
    until_ms = min(begins_ms(last) + DAY_MS, begins_ms(_today(means)))
    dated = CadenceRecord(means.state).dated(catalogue)
    found = {of.id: _Gathered() for of in stations}
    series = {f"{name}/{code}": (name, code) for name, codes in plans.items() for code in codes}
    # By week: a store is asked a little at a time, as others wait for it.
    for from_ms in range(begins_ms(first), until_ms, WEEK_MS):
        rows: dict[str, list[Mean]] = {name: [] for name in series}
        for row in means.store.means(list(rows), from_ms, min(from_ms + WEEK_MS, until_ms)):
            rows[row.series].append(row)
        for name, own in rows.items():
            _gather(means, dated, (name, *series[name]), own, found[series[name][0]])
    over = max((until_ms - begins_ms(first)) // DAY_MS, 0)
    return [_of(of, plans[of.id], found[of.id], over) for of in stations]


def plan(catalogue: Catalogue, station: Station) -> Sequence[str]:
    """Codes of what a station measures that makes its class or AQI."""
    items = air_items() if station.kind == "air" else water_items()
    return [code for code in catalogue.plans[station.id] if code in items]


def _today(means: Means) -> date:
    return date.fromisoformat(day_of(means.now_ms()))


def _gather(
    means: Means,
    dated: Catalogue,
    of: tuple[str, str, str],
    rows: Sequence[Mean],
    into: _Gathered,
) -> None:
    series, station, code = of
    hours = hours_of(rows, cadences_of(dated, station, code), partial(means.store.good, series))
    days = daily(hours)
    into.shares[code] += float(days.share.sum())
    for begin_ms, share in zip(days.begin_ms.tolist(), days.share.tolist(), strict=True):
        into.covered[date.fromisoformat(day_of(begin_ms))][code] = share
    judged = daily_8h_max(hours) if code == OZONE else days
    for begin_ms, value in zip(judged.begin_ms.tolist(), judged.counted().tolist(), strict=True):
        if isfinite(value) and possible(code, value):
            into.days[date.fromisoformat(day_of(begin_ms))][code] = value
    if code == OZONE:
        highest = daily_hour_max(hours)
        pairs = zip(highest.begin_ms.tolist(), highest.counted().tolist(), strict=True)
        into.ozone_hour.update(
            (date.fromisoformat(day_of(begin_ms)), value)
            for begin_ms, value in pairs
            if isfinite(value) and possible(code, value)
        )


def _of(station: Station, codes: Sequence[str], of: _Gathered, days: int) -> Measured:
    shares: Mapping[str, float] = {code: of.shares[code] / days if days else 0.0 for code in codes}
    return Measured(station, dict(of.days), of.ozone_hour, dict(of.covered), shares)
