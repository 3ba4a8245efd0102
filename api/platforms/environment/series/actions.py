"""Give days of water at a station, and alerts of pollution, as rows of a series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from alerting.formats import water_class
from alerting.record.search import Criteria, search
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.time import DAY_MS, begins_ms, day_of
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.aggregates import daily, hours_of
from ingest.standards.cadences import cadences_of
from ingest.standards.water import water_items, water_quality

MOST_ALERTS = 20_000
WEEK_MS = 7 * DAY_MS
Values = Mapping[str, float]
"""Means of a day by indicator."""


def _water_days(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Whole days of a station of which an indicator has enough readings: over the limit where one
    of them is above the class that the reach must hold (GB 3838).
    """
    station = services.catalogue.stations.get(asked.station)
    if station is None or station.target is None:
        return ()
    today = date.fromisoformat(day_of(services.now_ms()))
    return [
        _judged(services, station, day, values)
        for month in _months(asked.first, min(asked.last, today))
        for day, values in _of_month(services, station, month).items()
        if asked.first <= day <= asked.last and day < today
    ]


def _judged(services: Services, station: Station, day: date, values: Values) -> Fact:
    found = water_quality(values, on=day, target=station.target, lake=station.lake)
    of_class = water_class(services.words, found.class_name) if found.class_name else "—"
    return Fact(
        title=services.words(
            "environment.series.day", station=station.name, day=day.isoformat(), name=of_class
        ),
        path=f"/environment/stations/{station.id}",
        day=day,
        state="over" if found.exceeding else "within",
        station=station.id,
    )


def _of_month(services: Services, station: Station, month: date) -> Mapping[date, Values]:
    """Reckoned once a day, for late readings may come."""
    asked = ("environment.series.month", station.id, month)
    today = day_of(services.now_ms())
    return services.shared.get(asked, today, partial(_reckoned, services, station, month))


def _reckoned(services: Services, station: Station, month: date) -> Mapping[date, Values]:
    codes = [of for of in services.catalogue.plans[station.id] if of in water_items()]
    names = [f"{station.id}/{code}" for code in codes]
    first_ms, behind_ms = begins_ms(month), begins_ms(_following(month))
    dated = CadenceRecord(services.state).dated(services.catalogue)
    found: dict[date, dict[str, float]] = {}
    # By week: a store is asked a little at a time, as others wait for it.
    for from_ms in range(first_ms, behind_ms, WEEK_MS):
        rows = services.store.means(names, from_ms, min(from_ms + WEEK_MS, behind_ms))
        for code, name in zip(codes, names, strict=True):
            own = [row for row in rows if row.series == name]
            cadences = cadences_of(dated, station.id, code)
            means = daily(hours_of(own, cadences, partial(services.store.good, name)))
            days = zip(means.begin_ms, means.value, means.valid, strict=True)
            for begin_ms, value, valid in days:
                if valid:
                    day = date.fromisoformat(day_of(int(begin_ms)))
                    found.setdefault(day, {})[code] = float(value)
    return found


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _following(month)


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _alerts(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Alerts of pollution by the day on which they fired, in the town of their station."""
    within = Criteria(
        about="pollution",
        from_ms=begins_ms(asked.first),
        until_ms=begins_ms(asked.last + timedelta(days=1)),
        order="newest",
    )
    towns = {of.name: of.id for of in Units(services.state).all() if of.kind == "town"}
    rules = {rule.id: rule.name for rule in services.rules}
    subjects = services.catalogue.subjects
    return [
        Fact(
            title=f"{rules.get(of.alert.rule_id, of.alert.rule_id)} · {subject.name}",
            path=f"/environment/alerts/{of.alert.id}",
            day=date.fromisoformat(day_of(of.alert.fired_ms)),
            town=towns.get(subject.area, ""),
            station=of.alert.station,
        )
        for of in search(services.state, within, first=0, most=MOST_ALERTS).rows
        if (subject := subjects[of.alert.station])
    ]


SERIES = (
    SeriesKind(
        "water-days",
        EnvironmentPermission.SEE_STATIONS,
        _water_days,
        "/environment/",
        EnvironmentPermission.SEE_STATIONS,
    ),
    SeriesKind(
        "alerts",
        EnvironmentPermission.SEE_ALERTS,
        _alerts,
        "/environment/alerts",
        EnvironmentPermission.SEE_ALERTS,
    ),
)
