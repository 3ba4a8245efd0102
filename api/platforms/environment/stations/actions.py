"""The stations, for people; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from alerting.alert import State
from alerting.formats import water_class
from alerting.record.search import Criteria, count
from alerting.rules.conditions.limit import Limit
from alerting.rules.registry import kind_of
from api.accounts.records import Account
from api.platforms.environment.acts import role_of
from api.platforms.environment.standards_wording import changed, standard_name
from api.platforms.environment.stations.records import (
    Overview,
    Shown,
    newest,
)
from api.platforms.environment.stations.wording import causes, judgement
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.detection import limit_of, reading
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, HOUR_MS, ZONE, begins_ms
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.air import air_limit
from ingest.standards.limits import Averaging
from ingest.standards.water import water_limit, water_limit_is_lower
from ingest.store.protocol import Latest, Mean, Track

MONTH_MS = 31 * DAY_MS


def overview(services: Services) -> list[Overview]:
    """Every station with its judgement, in the catalogue's order; what is measured is reckoned
    once a moment for all who read the same language.
    """
    rows = services.shared.get(
        ("overview", services.words), services.moment, lambda: _measured(services)
    )
    firing = [kept.alert for kept in services.alerts.listing(state=State.FIRING)]
    of = {row.station.id: [one for one in firing if one.station == row.station.id] for row in rows}
    return [
        replace(
            row,
            firing=len(of[row.station.id]),
            pollution=any(alert.about == "pollution" for alert in of[row.station.id]),
        )
        for row in rows
    ]


def last_day(services: Services, account: Account) -> tuple[int, int]:
    """How many alerts fired in the last 24 hours, and how many of these nobody of the person's
    role has acknowledged or taken, nor anybody reviewed.
    """
    asked = Criteria(from_ms=services.now_ms() - DAY_MS, seen_by=role_of(account))
    return count(services.state, asked), count(services.state, replace(asked, waiting=True))


def _measured(services: Services) -> list[Overview]:
    """Stations by their readings, without their alerts."""
    by_station = _latest(services)
    means = _hour_means(services)
    dated = CadenceRecord(services.state).dated(services.catalogue)
    found = []
    for station in services.catalogue.stations.values():
        latest = by_station.get(station.id, {})
        latest_ms = newest(row.t_ms for row in latest.values())
        found.append(
            Overview(
                station=station,
                judged=judgement.judged(services, dated, station, latest, means),
                latest_ms=latest_ms,
                late=_is_late(services, station, latest_ms),
                valid=_is_valid(services, station, latest),
            )
        )
    return found


def heard(services: Services) -> Mapping[str, bool]:
    """Of every station by its id whether its newest readings came in time, and one is good: what
    costs little to ask.
    """
    by_station = _latest(services)
    found = {}
    for station in services.catalogue.stations.values():
        latest = by_station.get(station.id, {})
        late = _is_late(services, station, newest(row.t_ms for row in latest.values()))
        found[station.id] = not late and _is_valid(services, station, latest)
    return found


def _latest(services: Services) -> Mapping[str, dict[str, Latest]]:
    """The newest reading of each indicator by station."""
    by_station: dict[str, dict[str, Latest]] = {}
    for row in services.store.latest():
        name, _, code = row.series.partition("/")
        by_station.setdefault(name, {})[code] = row
    return by_station


def _is_valid(services: Services, station: Station, latest: dict[str, Latest]) -> bool:
    values = judgement.values(services, station, latest)
    return any(value is not None for value in values.values())


def readings(services: Services, station: Station) -> list[Shown]:
    """The newest reading of each indicator of a station, beside its limit."""
    latest = {row.series: row for row in services.store.latest()}
    return [
        _shown(services, station, code, latest.get(f"{station.id}/{code}"))
        for code in services.catalogue.plans[station.id]
    ]


def lines(
    services: Services, station: Station, code: str, averaging: Averaging | None = None
) -> list[dict[str, str | float | None]]:
    """Horizontal lines of a chart: limits of the rules in force, which judge readings and no
    means of an ``averaging``, and of the standard. ``sign`` is -1 where below is beyond.
    """
    found: list[dict[str, str | float | None]] = []
    for rule in services.rules if averaging is None else ():
        if rule.indicator == code and kind_of(rule).of_values and rule.scope.names(station):
            found += [_rule_line(services, limit) for limit in rule.limits]
    standard = _standard_limit(services, station, code, averaging or "hourly")
    if standard and standard[1] not in [line["value"] for line in found]:
        sign = -1 if station.kind == "water" and _is_lower(services, code) else 1
        name, value = standard
        found.append({"name": name, "value": value, "level": "standard", "sign": sign})
    return found


def tracks(
    services: Services, series: str, first: date, last: date
) -> Iterator[tuple[str, Track]]:
    """Every reading of a series from one day to another, a month of days at once."""
    for from_ms in range(begins_ms(first), end := begins_ms(last) + DAY_MS, MONTH_MS):
        yield series, services.store.track(series, from_ms, min(from_ms + MONTH_MS, end))


def new_standards(
    services: Services, code: str, from_ms: int, to_ms: int
) -> list[dict[str, str | int]]:
    """Instants within a span at which an indicator came to be judged otherwise, and why."""
    return [
        {
            "t": row.t_ms,
            "words": services.words("station.new-standard", date=row.on),
            "why": services.words(
                "station.new-standard-why",
                date=row.on,
                standards=row.standards,
                lines=services.words.clauses(row.lines),
            ),
        }
        for row in changed(services, code)
        if from_ms < row.t_ms < to_ms
    ]


def _rule_line(services: Services, limit: Limit) -> dict[str, str | float | None]:
    level = limit.level.name.lower()
    name = services.words("station.alert-limit", level=services.words(f"level.{level}"))
    return {"name": name, "value": limit.limit, "level": level, "sign": limit.sign}


def _is_late(services: Services, station: Station, latest_ms: int | None) -> bool:
    return latest_ms is None or services.now_ms() - latest_ms > station.late_after_ms


def _hour_means(services: Services) -> dict[str, Mean]:
    """Of every air series the mean of the last full hour."""
    hour = services.now_ms() // HOUR_MS * HOUR_MS
    series = [
        f"{station.id}/{code}"
        for station in services.catalogue.stations.values()
        if station.kind == "air"
        for code in services.catalogue.plans[station.id]
    ]
    return {row.series: row for row in services.store.means(series, hour - HOUR_MS, hour)}


def _standard_limit(
    services: Services, station: Station, code: str, averaging: Averaging = "hourly"
) -> tuple[str, float] | None:
    on = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).date()
    if station.kind == "air":
        found = air_limit(code, on=on, averaging=averaging)
        if found is None:
            return None
        standard = standard_name(services.words, found[0])
        key = "station.hour-limit" if averaging == "hourly" else "station.day-limit"
        return services.words(key, standard=standard), found[1]
    if station.target is None:
        return None
    limit = water_limit(code, station.target, on=on, lake=station.lake)
    if limit is None:
        return None
    return services.words(
        "station.class-limit", name=water_class(services.words, station.target)
    ), limit


def _shown(services: Services, station: Station, code: str, row: Latest | None) -> Shown:
    indicator = services.words.indicators[code]
    limit = _standard_limit(services, station, code)
    lower = station.kind == "water" and _is_lower(services, code)
    beyond = False
    words = ""
    if limit:
        sign = "≥" if lower else "≤"
        words = f"{limit[0]} {sign} {limit[1]:g}"
        if row and row.value is not None and row.quality is Quality.GOOD:
            compared = row.value if limit_of(row.value, row.cause) is None else 0.0  # as rules do
            beyond = compared < limit[1] if lower else compared > limit[1]
    if row is None:
        return Shown(indicator, "—", None, words, False, services.words("quality.none"), False)
    good = row.quality is Quality.GOOD
    below = limit_of(row.value, row.cause) is not None
    quality = "" if good and not below else causes.cause(services, row.cause)
    value = "—" if row.value is None else reading(row.value, row.cause, indicator.decimals)
    return Shown(indicator, value, row.t_ms, words, beyond, quality, good)


def _is_lower(services: Services, code: str) -> bool:
    on = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).date()
    return water_limit_is_lower(code, on=on)
