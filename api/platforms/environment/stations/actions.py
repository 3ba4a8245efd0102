"""What a person may see of stations; pages and routes both call these."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from functools import partial

import numpy as np

from alerting.alert import State
from alerting.formats import water_class
from alerting.rules.conditions.limit import Limit
from alerting.rules.registry import kind_of
from alerting.wording.sentences import figure
from api.platforms.environment.standards_wording import changed, standard_name
from api.platforms.environment.stations import wording
from api.platforms.environment.stations.records import (
    Average,
    Averages,
    Declaration,
    Equipment,
    Overview,
    Sensor,
    Shown,
    newest,
)
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.health import Declared, SensorHealth
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import clock_is_off
from config.vocabulary.time import DAY_MS, HOUR_MS, ZONE
from ingest.standards.aggregates import Means, daily, daily_8h_max, hourly, hours_of
from ingest.standards.air import air_items, air_limit
from ingest.standards.water import water_limit, water_limit_is_lower
from ingest.store.protocol import Latest, Mean, bucket_ms

OZONE, OZONE_WINDOWS = "a05024", 17
"""Its day is the largest of so many 8 h means."""
REPORT_MS = 180_000
"""A station reports each minute; what is older is no longer so."""
_UNREACHED = (Cause.TIMEOUT, Cause.LINE_DOWN, Cause.DEVICE_REFUSED)


def overview(services: Services) -> list[Overview]:
    """Every station with its judgement, in the catalogue's order."""
    by_station: dict[str, dict[str, Latest]] = {}
    for row in services.store.latest():
        name, _, code = row.series.partition("/")
        by_station.setdefault(name, {})[code] = row
    firing = services.alerts.listing(state=State.FIRING)
    means = _hour_means(services)
    found = []
    for station in services.catalogue.stations.values():
        latest = by_station.get(station.id, {})
        latest_ms = newest(row.t_ms for row in latest.values())
        alerts = [kept.alert for kept in firing if kept.alert.station == station.id]
        found.append(
            Overview(
                station=station,
                judged=wording.judged(services, station, latest, means),
                latest_ms=latest_ms,
                late=_is_late(services, station, latest_ms),
                valid=any(
                    value is not None
                    for value in wording.values(services, station, latest).values()
                ),
                firing=len(alerts),
                pollution=any(alert.about == "pollution" for alert in alerts),
            )
        )
    return found


def readings(services: Services, station: Station) -> list[Shown]:
    """The newest reading of each indicator of a station, beside its limit."""
    latest = {row.series: row for row in services.store.latest()}
    return [
        _shown(services, station, code, latest.get(f"{station.id}/{code}"))
        for code in services.catalogue.plans[station.id]
    ]


def lines(services: Services, station: Station, code: str) -> list[dict[str, str | float | None]]:
    """Horizontal lines of a chart: limits of the rules in force and of the standard."""
    found: list[dict[str, str | float | None]] = []
    for rule in services.rules:
        if rule.indicator == code and kind_of(rule).of_values and rule.scope.names(station):
            found += [_rule_line(services, limit) for limit in rule.limits]
    standard = _standard_limit(services, station, code)
    if standard and standard[1] not in [line["value"] for line in found]:
        found.append({"name": standard[0], "value": standard[1], "level": "standard"})
    return found


def clock_off(services: Services, station: Station) -> str:
    """That a station's clock is wrong, and by how much; nothing where it is not."""
    return _off(services, "station.clock", services.centre.station(station.id).behind_ms)


def _off(services: Services, key: str, behind_ms: int | None) -> str:
    """In the words of a key, where it is so."""
    if behind_ms is None or not clock_is_off(behind_ms):
        return ""
    way = "behind" if behind_ms > 0 else "ahead"
    return services.words(f"{key}-{way}", by=services.wording.duration(abs(behind_ms)))


def equipment(services: Services, station: Station) -> Equipment | None:
    """How a station's sensors and instruments are, by its own last report; None before one."""
    report = services.centre.health(station.id)
    if report is None:
        return None
    return Equipment(
        at_ms=report.t,
        stale=services.now_ms() - report.t - (services.centre.station(station.id).behind_ms or 0)
        > REPORT_MS,
        sensors=tuple(
            _sensor(services, code, said)
            for code, said in report.sensors.items()
            if code in INDICATORS
        ),
        declared=tuple(_declaration(services, one) for one in report.declared),
        devices=tuple((_device(services, name), said) for name, said in report.devices.items()),
        loggers=tuple(
            (mn, said.counts, _off(services, "equipment.logger", said.behind_ms))
            for mn, said in report.loggers.items()
        ),
        report=report,
    )


def _sensor(services: Services, code: str, said: SensorHealth) -> Sensor:
    wrong = remedy = ""
    if said.cause != Cause.NORMAL:
        wrong = services.words(f"cause.{_key(said.cause)}")
        key = "line" if said.cause is Cause.LINE_DOWN else "device"
        remedy = services.words(f"equipment.try-{key}") if said.cause in _UNREACHED else ""
    return Sensor(
        name=services.words.indicators[code].name,
        good=said.good,
        late=said.late,
        readings=said.good + said.failed,
        last_good_ms=said.last_good_ms,
        wrong=wrong,
        remedy=remedy,
        last_failed_ms=said.last_failed_ms,
        failure=services.words(f"cause.{_key(said.failure)}"),
    )


def _device(services: Services, name: str) -> str:
    """An instrument's name in a report, make@unit or make@unit@line, for people."""
    make_id, _, place = name.partition("@")
    unit, _, line = place.partition("@")
    make = services.catalogue.instruments.get(make_id)
    name_of = services.words.name
    title = f"{name_of(make.make)} {name_of(make.model)}" if make else make_id
    if line:
        return services.words("equipment.device-on", name=title, unit=unit, line=line)
    return services.words("equipment.device", name=title, unit=unit)


def _declaration(services: Services, said: Declared) -> Declaration:
    if said.instrument == "all":
        what = services.words("equipment.everything")
    elif "@" in said.instrument:
        what = _device(services, said.instrument)
    else:
        what = services.words("equipment.logger", mn=said.instrument)
    state = services.words(f"cause.{_key(said.state)}")
    return Declaration(what, state, said.since_ms, said.until_ms, said.by)


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


def flags(services: Services) -> dict[int, str]:
    """Each quality flag in a word."""
    return {flag: services.words(f"quality.{_key(flag)}") for flag in Quality}


def causes(services: Services) -> dict[int, str]:
    """Each cause of a flag in words."""
    return {cause: services.words(f"cause.{_key(cause)}") for cause in Cause}


def _key(member: IntEnum) -> str:
    return member.name.lower().replace("_", "-")


def averages(services: Services, station: Station) -> list[Averages]:
    """Of each item of an AQI its newest means, with how complete they are; of water none."""
    if station.kind != "air":
        return []
    hour = services.now_ms() // HOUR_MS * HOUR_MS
    today = bucket_ms(hour, 24)
    codes = [code for code in air_items() if code in services.catalogue.plans[station.id]]
    means: dict[str, list[Mean]] = {f"{station.id}/{code}": [] for code in codes}
    for row in services.store.means(list(means), today - DAY_MS, hour):
        means[row.series].append(row)
    found = []
    for code, (series, rows) in zip(codes, means.items(), strict=True):
        hours = hours_of(rows, station.cadence_ms, partial(services.store.good, series))
        ozone = code == OZONE
        days = daily_8h_max(hours, hour) if ozone else daily(hours)
        unit, of = ("windows", OZONE_WINDOWS) if ozone else ("hours", 24)
        found.append(
            Averages(
                services.words.indicators[code],
                services.words("station.largest-8h") if ozone else "",
                _average(services, code, hourly(hours), hour - HOUR_MS, ("minutes", 60)),
                _average(services, code, days, today, (unit, of)),
                _average(services, code, days, today - DAY_MS, (unit, of)),
            )
        )
    return found


def _average(
    services: Services, code: str, means: Means, begin_ms: int, of: tuple[str, int]
) -> Average:
    unit, whole = of
    at = int(np.searchsorted(means.begin_ms, begin_ms))
    there = at < len(means) and means.begin_ms[at] == begin_ms
    share = float(means.share[at]) if there else 0.0
    complete = services.words(f"station.complete-{unit}", n=round(share * whole), of=whole)
    if not there or np.isnan(means.value[at]):
        return Average("—", complete, valid=False)
    value = figure(float(means.value[at]), INDICATORS[code])
    return Average(value, complete, bool(means.valid[at]))


def _rule_line(services: Services, limit: Limit) -> dict[str, str | float | None]:
    level = limit.level.name.lower()
    name = services.words("station.alert-limit", level=services.words(f"level.{level}"))
    return {"name": name, "value": limit.limit, "level": level}


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


def _standard_limit(services: Services, station: Station, code: str) -> tuple[str, float] | None:
    on = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).date()
    if station.kind == "air":
        found = air_limit(code, on=on, averaging="hourly")
        if found is None:
            return None
        standard = standard_name(services, found[0])
        return services.words("station.hour-limit", standard=standard), found[1]
    if station.target is None:
        return None
    limit = water_limit(code, station.target, on=on)
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
            beyond = row.value < limit[1] if lower else row.value > limit[1]
    if row is None:
        return Shown(indicator, "—", None, words, False, services.words("quality.none"), False)
    good = row.quality is Quality.GOOD
    quality = "" if good else services.words(f"cause.{_key(row.cause)}")
    value = "—" if row.value is None else figure(row.value, indicator)
    return Shown(indicator, value, row.t_ms, words, beyond, quality, good)


def _is_lower(services: Services, code: str) -> bool:
    on = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).date()
    return water_limit_is_lower(code, on=on)
