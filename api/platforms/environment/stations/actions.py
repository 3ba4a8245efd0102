"""What a person may see of stations; pages and routes both call these."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from functools import partial

import numpy as np

from alerting.alert import State
from alerting.dates import ZONE
from alerting.limit import Limit
from alerting.phrases import ROMAN
from alerting.wording import figure
from api.parts import Parts
from api.platforms.environment.judging.actions import changed, standard_name
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
from config.catalogue.shapes import Station
from config.vocabulary.health import Declared, SensorHealth
from config.vocabulary.indicators import INDICATORS, Indicator
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import clock_is_off
from ingest.aggregates import Means, daily, daily_8h_max, hourly, hours_of
from ingest.standards import (
    air_items,
    air_limit,
    water_limit,
    water_limit_is_lower,
)
from ingest.store.protocol import Latest, Mean, bucket_ms

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
OZONE, OZONE_WINDOWS = "a05024", 17
"""Its day is the largest of so many 8 h means."""
REPORT_MS = 180_000
"""A station reports each minute; what is older is no longer so."""
_UNREACHED = (Cause.TIMEOUT, Cause.LINE_DOWN, Cause.DEVICE_REFUSED)


def overview(parts: Parts) -> list[Overview]:
    """Every station with its judgement, in the catalogue's order."""
    by_station: dict[str, dict[str, Latest]] = {}
    for row in parts.store.latest():
        name, _, code = row.series.partition("/")
        by_station.setdefault(name, {})[code] = row
    firing = parts.alerts.listing(state=State.FIRING)
    means = _hour_means(parts)
    found = []
    for station in parts.catalogue.stations.values():
        latest = by_station.get(station.id, {})
        latest_ms = newest(row.t_ms for row in latest.values())
        alerts = [kept.alert for kept in firing if kept.alert.station == station.id]
        found.append(
            Overview(
                station=station,
                judged=wording.judged(parts, station, latest, means),
                latest_ms=latest_ms,
                late=_is_late(parts, station, latest_ms),
                valid=any(
                    value is not None for value in wording.values(parts, station, latest).values()
                ),
                firing=len(alerts),
                pollution=any(alert.about == "pollution" for alert in alerts),
            )
        )
    return found


def readings(parts: Parts, station: Station) -> list[Shown]:
    """The newest reading of each indicator of a station, beside its limit."""
    latest = {row.series: row for row in parts.store.latest()}
    return [
        _shown(parts, station, code, latest.get(f"{station.id}/{code}"))
        for code in parts.catalogue.plans[station.id]
    ]


def charted(parts: Parts, station: Station) -> list[Indicator]:
    """What a station measures, those that a rule watches first."""
    watched = [rule.indicator for rule in parts.rules if rule.scope.names(station)]
    return sorted(
        parts.catalogue.indicators(station.id),
        key=lambda row: watched.index(row.code) if row.code in watched else len(watched),
    )


def lines(parts: Parts, station: Station, code: str) -> list[dict[str, str | float | None]]:
    """Horizontal lines of a chart: limits of the rules in force and of the standard."""
    found: list[dict[str, str | float | None]] = []
    for rule in parts.rules:
        if rule.indicator == code and rule.of_values and rule.scope.names(station):
            found += [_rule_line(parts, limit) for limit in rule.limits]
    standard = _standard_limit(parts, station, code)
    if standard and standard[1] not in [line["value"] for line in found]:
        found.append({"name": standard[0], "value": standard[1], "level": "standard"})
    return found


def clock_off(parts: Parts, station: Station) -> str:
    """That a station's clock is wrong, and by how much; nothing where it is not."""
    return _off(parts, "station.clock", parts.centre.station(station.id).behind_ms)


def _off(parts: Parts, key: str, behind_ms: int | None) -> str:
    """In the words of a key, where it is so."""
    if behind_ms is None or not clock_is_off(behind_ms):
        return ""
    way = "behind" if behind_ms > 0 else "ahead"
    return parts.words(f"{key}-{way}", by=parts.wording.duration(abs(behind_ms)))


def equipment(parts: Parts, station: Station) -> Equipment | None:
    """How a station's sensors and instruments are, by its own last report; None before one."""
    report = parts.centre.health(station.id)
    if report is None:
        return None
    return Equipment(
        at_ms=report.t,
        stale=parts.now_ms() - report.t - (parts.centre.station(station.id).behind_ms or 0)
        > REPORT_MS,
        sensors=tuple(
            _sensor(parts, code, said)
            for code, said in report.sensors.items()
            if code in INDICATORS
        ),
        declared=tuple(_declaration(parts, one) for one in report.declared),
        devices=tuple((_device(parts, name), said) for name, said in report.devices.items()),
        loggers=tuple(
            (mn, said.counts, _off(parts, "equipment.logger", said.behind_ms))
            for mn, said in report.loggers.items()
        ),
        report=report,
    )


def _sensor(parts: Parts, code: str, said: SensorHealth) -> Sensor:
    wrong = remedy = ""
    if said.cause != Cause.NORMAL:
        wrong = parts.words(f"cause.{_key(said.cause)}")
        key = "line" if said.cause is Cause.LINE_DOWN else "device"
        remedy = parts.words(f"equipment.try-{key}") if said.cause in _UNREACHED else ""
    return Sensor(
        name=INDICATORS[code].name,
        good=said.good,
        late=said.late,
        readings=said.good + said.failed,
        last_good_ms=said.last_good_ms,
        wrong=wrong,
        remedy=remedy,
        last_failed_ms=said.last_failed_ms,
        failure=parts.words(f"cause.{_key(said.failure)}"),
    )


def _device(parts: Parts, name: str) -> str:
    """An instrument's name in a report, make@unit or make@unit@line, for people."""
    make_id, _, place = name.partition("@")
    unit, _, line = place.partition("@")
    make = parts.catalogue.instruments.get(make_id)
    title = f"{make.make} {make.model}" if make else make_id
    if line:
        return parts.words("equipment.device-on", name=title, unit=unit, line=line)
    return parts.words("equipment.device", name=title, unit=unit)


def _declaration(parts: Parts, said: Declared) -> Declaration:
    if said.instrument == "all":
        what = parts.words("equipment.everything")
    elif "@" in said.instrument:
        what = _device(parts, said.instrument)
    else:
        what = parts.words("equipment.logger", mn=said.instrument)
    state = parts.words(f"cause.{_key(said.state)}")
    return Declaration(what, state, said.since_ms, said.until_ms, said.by)


def new_standards(parts: Parts, code: str, from_ms: int, to_ms: int) -> list[dict[str, str | int]]:
    """Instants within a span at which an indicator came to be judged otherwise, and why."""
    return [
        {
            "t": row.t_ms,
            "words": parts.words("station.new-standard", date=row.on),
            "why": parts.words(
                "station.new-standard-why",
                date=row.on,
                standards=row.standards,
                lines="；".join(row.lines),
            ),
        }
        for row in changed(parts, code)
        if from_ms < row.t_ms < to_ms
    ]


def flags(parts: Parts) -> dict[int, str]:
    """Each quality flag in a word."""
    return {flag: parts.words(f"quality.{_key(flag)}") for flag in Quality}


def causes(parts: Parts) -> dict[int, str]:
    """Each cause of a flag in words."""
    return {cause: parts.words(f"cause.{_key(cause)}") for cause in Cause}


def _key(member: IntEnum) -> str:
    return member.name.lower().replace("_", "-")


def averages(parts: Parts, station: Station) -> list[Averages]:
    """Of each item of an AQI its newest means, with how complete they are; of water none."""
    if station.kind != "air":
        return []
    hour = parts.now_ms() // HOUR_MS * HOUR_MS
    today = bucket_ms(hour, 24)
    codes = [code for code in air_items() if code in parts.catalogue.plans[station.id]]
    means: dict[str, list[Mean]] = {f"{station.id}/{code}": [] for code in codes}
    for row in parts.store.means(list(means), today - DAY_MS, hour):
        means[row.series].append(row)
    found = []
    for code, (series, rows) in zip(codes, means.items(), strict=True):
        hours = hours_of(rows, station.cadence_ms, partial(parts.store.good, series))
        ozone = code == OZONE
        days = daily_8h_max(hours, hour) if ozone else daily(hours)
        unit, of = ("windows", OZONE_WINDOWS) if ozone else ("hours", 24)
        found.append(
            Averages(
                INDICATORS[code],
                parts.words("station.largest-8h") if ozone else "",
                _average(parts, code, hourly(hours), hour - HOUR_MS, ("minutes", 60)),
                _average(parts, code, days, today, (unit, of)),
                _average(parts, code, days, today - DAY_MS, (unit, of)),
            )
        )
    return found


def _average(parts: Parts, code: str, means: Means, begin_ms: int, of: tuple[str, int]) -> Average:
    unit, whole = of
    at = int(np.searchsorted(means.begin_ms, begin_ms))
    there = at < len(means) and means.begin_ms[at] == begin_ms
    share = float(means.share[at]) if there else 0.0
    complete = parts.words(f"station.complete-{unit}", n=round(share * whole), of=whole)
    if not there or np.isnan(means.value[at]):
        return Average("—", complete, valid=False)
    value = figure(float(means.value[at]), INDICATORS[code])
    return Average(value, complete, bool(means.valid[at]))


def _rule_line(parts: Parts, limit: Limit) -> dict[str, str | float | None]:
    level = limit.level.name.lower()
    name = parts.words("station.alert-limit", level=parts.words(f"level.{level}"))
    return {"name": name, "value": limit.limit, "level": level}


def _is_late(parts: Parts, station: Station, latest_ms: int | None) -> bool:
    return latest_ms is None or parts.now_ms() - latest_ms > station.late_after_ms


def _hour_means(parts: Parts) -> dict[str, Mean]:
    """Of every air series the mean of the last full hour."""
    hour = parts.now_ms() // HOUR_MS * HOUR_MS
    series = [
        f"{station.id}/{code}"
        for station in parts.catalogue.stations.values()
        if station.kind == "air"
        for code in parts.catalogue.plans[station.id]
    ]
    return {row.series: row for row in parts.store.means(series, hour - HOUR_MS, hour)}


def _standard_limit(parts: Parts, station: Station, code: str) -> tuple[str, float] | None:
    on = datetime.fromtimestamp(parts.now_ms() / 1000, ZONE).date()
    if station.kind == "air":
        found = air_limit(code, on=on, averaging="hourly")
        if found is None:
            return None
        standard = standard_name(parts, found[0])
        return parts.words("station.hour-limit", standard=standard), found[1]
    if station.target is None:
        return None
    limit = water_limit(code, station.target, on=on)
    if limit is None:
        return None
    return parts.words("station.class-limit", name=ROMAN[station.target]), limit


def _shown(parts: Parts, station: Station, code: str, row: Latest | None) -> Shown:
    indicator = INDICATORS[code]
    limit = _standard_limit(parts, station, code)
    lower = station.kind == "water" and _is_lower(parts, code)
    beyond = False
    words = ""
    if limit:
        sign = "≥" if lower else "≤"
        words = f"{limit[0]} {sign} {limit[1]:g}"
        if row and row.value is not None and row.quality is Quality.GOOD:
            beyond = row.value < limit[1] if lower else row.value > limit[1]
    if row is None:
        return Shown(indicator, "—", None, words, False, parts.words("quality.none"), False)
    good = row.quality is Quality.GOOD
    quality = "" if good else parts.words(f"cause.{_key(row.cause)}")
    value = "—" if row.value is None else figure(row.value, indicator)
    return Shown(indicator, value, row.t_ms, words, beyond, quality, good)


def _is_lower(parts: Parts, code: str) -> bool:
    on = datetime.fromtimestamp(parts.now_ms() / 1000, ZONE).date()
    return water_limit_is_lower(code, on=on)
