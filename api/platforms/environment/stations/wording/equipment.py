"""Sensors, instruments and clock of a station in words."""

from __future__ import annotations

from alerting.formats import exact_duration, instant
from api.platforms.environment.stations.records import Declaration, Equipment, Sensor
from api.platforms.environment.stations.wording import causes
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.health import (
    ClockHealth,
    Declared,
    Health,
    LoggerHealth,
    SensorHealth,
)
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, clock_is_off
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS

REPORT_MS = 180_000
"""A station reports each minute; what is older is no longer so."""
_UNREACHED = (Cause.TIMEOUT, Cause.LINE_DOWN, Cause.DEVICE_REFUSED)


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
        stale=_is_stale(services, station, report),
        sensors=tuple(
            _sensor(services, code, said)
            for code, said in report.sensors.items()
            if code in INDICATORS
        ),
        declared=tuple(_declaration(services, one) for one in report.declared),
        devices=tuple((_device(services, name), said) for name, said in report.devices.items()),
        loggers=tuple(
            (mn, said.counts, _troubles(services, said)) for mn, said in report.loggers.items()
        ),
        clock=_clock(services, report.clock),
        room=_room(services, report.days_left),
        report=report,
    )


def _is_stale(services: Services, station: Station, report: Health) -> bool:
    """Whether a report tells of the past; of one by a clock that was never set nobody knows."""
    behind_ms = services.centre.station(station.id).behind_ms or 0
    age_ms = services.now_ms() - report.t - behind_ms
    return report.clock.state is not Clock.NEVER_SET and age_ms > REPORT_MS


def _clock(services: Services, said: ClockHealth) -> str:
    found = []
    if said.set_ms is not None:
        time = instant(services.words, said.set_ms, services.now_ms())
        by = services.wording.duration(abs(said.set_by_ms))
        if said.set_by_ms > 0:
            found.append(services.words("equipment.clock-set-ahead", time=time, by=by))
        else:
            found.append(services.words("equipment.clock-set-back", time=time, by=by))
    if said.redated:
        found.append(services.words("equipment.clock-redated", n=said.redated))
    if said.unknown:
        found.append(services.words("equipment.clock-unknown", n=said.unknown))
    return services.words("equipment.and").join(found)


def _room(services: Services, days: float | None) -> str:
    """In whole days, below two of them in hours, below two of these in minutes; never more than
    there is.
    """
    if days is None:
        return ""
    left_ms = days * DAY_MS
    units = [of for of in (DAY_MS, HOUR_MS, MINUTE_MS) if left_ms >= 2 * of] or [MINUTE_MS]
    span_ms = int(left_ms // units[0]) * units[0]
    if not span_ms:
        return services.words("equipment.no-room")
    span = exact_duration(services.words, span_ms)
    return services.words("equipment.room", span=span)


def _sensor(services: Services, code: str, said: SensorHealth) -> Sensor:
    wrong = remedy = ""
    if said.cause != Cause.NORMAL:
        wrong = causes.cause(services, said.cause)
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
        failure=causes.cause(services, said.failure),
    )


def _troubles(services: Services, said: LoggerHealth) -> str:
    """Troubles of a logger beyond its packets, each with its remedy."""
    found = [_off(services, "equipment.logger", said.behind_ms)]
    hours = abs(said.data_time_behind_ms) // HOUR_MS
    if hours:
        way = "behind" if said.data_time_behind_ms > 0 else "ahead"
        found.append(services.words(f"equipment.logger-data-time-{way}", n=hours))
    if said.senders:
        found.append(services.words("equipment.logger-senders", who=" / ".join(said.senders)))
    return services.words("equipment.and").join(one for one in found if one)


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
    state = causes.cause(services, said.state)
    return Declaration(what, state, said.since_ms, said.until_ms, said.by)
