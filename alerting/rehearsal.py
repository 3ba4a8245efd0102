"""Rules' own small tests: a series in shorthand and the alerts that it should raise.

Readings arrive one by one, those that are marked as late behind all others, and pass through the
engine as they would live; so a test speaks of the record as amended in the end.

Shorthand, with blanks between: ``160`` a value, ``_`` a missing one, ``100+5`` the first of
values that rise by 5 (``100-5``: that fall); ``x3`` behind it: three of them; ``?`` in the end:
not good; ``!``: late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct, field

from alerting import rules as documents
from alerting.alert import Alert, State, Transition
from alerting.engine import Engine
from alerting.rules import Rule
from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS, Kind
from config.vocabulary.quality import Cause, Quality
from ingest.journal import Columns

BEGIN_MS = 1_767_225_600_000
"""When every series begins; a test tells times as durations from here."""
MOST_READINGS = 100_000
_TOKEN = re.compile(
    r"(?:(?P<missing>_)|(?P<value>-?\d+(?:\.\d+)?)(?P<step>[+-]\d+(?:\.\d+)?)?)"
    r"(?:x(?P<times>\d+))?(?P<marks>[?!]*)"
)


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """An alert to be. What is left out is not compared, but for ``resolved``: then it stands."""

    level: str | None = None
    began: str | None = None
    fired: str | None = None
    resolved: str | None = None
    peak: float | None = None


class Test(Struct, frozen=True, forbid_unknown_fields=True):
    """One test of a rule file."""

    __test__ = False  # pytest would take it for one of its own

    name: Annotated[str, Meta(min_length=1)]
    rule: str
    every: str
    values: str
    expect: list[Expected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """One of a series: its place in it, its value, and how it arrives."""

    place: int
    value: float
    good: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a test: nothing in ``differs`` is as it should be."""

    name: str
    differs: tuple[str, ...]


def tested(path: Path) -> list[Result]:
    """Every test of a rule file.

    Raises:
        FaultyInput: the file has faults, or no test.
    """
    given = documents.document(path).get("test", [])
    if not isinstance(given, list) or not given:
        fault = Fault(f"{path.name}: test", "is missing", "add a [[test]]; see docs/rules.md")
        raise FaultyInput([fault])
    return [_result(path, row, f"{path.name}: test[{at}]") for at, row in enumerate(given, 1)]


def _result(path: Path, row: Any, where: str) -> Result:
    try:
        test = msgspec.convert(row, Test)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        at = where + place.strip("`").removeprefix("$")
        raise FaultyInput([Fault(at, what, "see docs/rules.md")]) from error
    faults: list[Fault] = []
    every_ms = documents.milliseconds(test.every, f"{where}.every", faults)
    if not every_ms and not faults:
        faults.append(Fault(f"{where}.every", "is no time at all", 'write e.g. "1h"'))
    readings = list(_readings(test.values, f"{where}.values", faults))
    expected = [_expected(alert, f"{where}.expect[{at}]", faults)
                for at, alert in enumerate(test.expect, 1)]  # fmt: skip
    if faults:
        raise FaultyInput(faults)
    rule, catalogue = _rule(path, test, where, every_ms)
    alerts = rehearsed(rule, catalogue, readings, every_ms)
    return Result(test.name, tuple(_differing(alerts, expected)))


def _rule(path: Path, test: Test, where: str, every_ms: int) -> tuple[Rule, Catalogue]:
    """The rule of a test, and a station that it fits."""
    rows = [row for row in documents.document(path).get("rule", []) if isinstance(row, dict)]
    found = next((row for row in rows if row.get("id") == test.rule), None)
    if found is None:
        known = ", ".join(str(row.get("id")) for row in rows)
        fault = Fault(f"{where}.rule", f"unknown rule {test.rule!r}", f"use one of {known}")
        raise FaultyInput([fault])
    scope = found.get("stations", {})
    code = found.get("indicator")
    code = code if code in INDICATORS else "w21003"
    kind = scope.get("kind") or INDICATORS[code].kind
    name = scope.get("id") or "station"
    catalogue = place(code, kind, name, every_ms)
    rules = documents.load(path, catalogue, elsewhere=True)
    return next(rule for rule in rules if rule.id == test.rule), catalogue


def place(code: str, kind: Kind, name: str, cadence_ms: int) -> Catalogue:
    """A district of one station that measures one indicator."""
    register = Register(code, 0, "float32")
    make = Instrument("it", "it", "it", "holding", 0, "ABCD", [register])
    at = [Placement("it", 1, "localhost", 1)]
    station = Station(name, name, kind, (0.0, 0.0), name, cadence_ms, at)
    return Catalogue(Site("it", "it"), {}, {name: station}, {"it": make})


def _readings(text: str, where: str, faults: list[Fault]) -> Iterator[Reading]:
    place = 0
    for token in text.split():
        found = _TOKEN.fullmatch(token)
        times = int(found["times"] or 1) if found else 0
        if not found or not 0 < times <= MOST_READINGS - place:
            what = f"{token!r} is no value of the shorthand"
            faults.append(Fault(where, what, 'write e.g. "100x3 160+5x4 _ 160!"'))
            return
        for step in range(times):
            if not found["missing"]:
                value = float(found["value"]) + step * float(found["step"] or 0)
                marks = found["marks"]
                yield Reading(place, value, "?" not in marks, "!" in marks)
            place += 1


def rehearsed(
    rule: Rule, catalogue: Catalogue, readings: Sequence[Reading], every_ms: int
) -> list[Alert]:
    """The record of a rule at the only station of a catalogue, by beginning, after all readings
    came one by one and silence is known up to the last.
    """
    engine = Engine([rule], catalogue)
    ((station, (code, *_)),) = catalogue.plans.items()
    record: dict[str, Alert] = {}
    arrived: list[Reading] = []
    end_ms = BEGIN_MS + max((r.place for r in readings), default=0) * every_ms
    for reading in sorted(readings, key=lambda r: r.late):
        arrived.append(reading)
        columns = _columns(f"{station}/{code}", reading, every_ms)
        _note(record, engine.feed(columns))
        _mend(engine, record, arrived, every_ms)
    _note(record, engine.feed(Columns.empty(), end_ms))
    for alert_id, run in engine.standing():
        record[alert_id] = replace(record[alert_id], peak=run.peak, peak_ms=run.peak_at)
    kept = [alert for alert in record.values() if alert.state is not State.WITHDRAWN]
    return sorted(kept, key=lambda alert: (alert.began_ms, alert.level))


def _note(record: dict[str, Alert], transitions: Sequence[Transition]) -> None:
    record.update({row.alert.id: row.alert for row in transitions})


def _mend(
    engine: Engine, record: dict[str, Alert], arrived: Sequence[Reading], every_ms: int
) -> None:
    """What a late reading changes, as the watch would have it amended."""
    good = sorted((row for row in arrived if row.good), key=lambda row: row.place)
    t = BEGIN_MS + np.array([row.place for row in good], np.int64) * every_ms
    value = np.array([row.value for row in good], np.float64)
    for series in engine.state.late:
        for binding in engine.bindings[series]:
            of = (binding.rule.id, binding.limit.level)
            known = [
                alert
                for alert in record.values()
                if (alert.rule_id, alert.level) == of and alert.state is not State.WITHDRAWN
            ]
            _note(record, engine.amend(binding, t, value, known, idle_ms=None))
    engine.state.late, engine.state.reach = {}, {}


def _columns(series: str, reading: Reading, every_ms: int) -> Columns:
    return Columns(
        names=(series,),
        series=np.zeros(1, np.uint32),
        t=np.array([BEGIN_MS + reading.place * every_ms], np.int64),
        value=np.array([reading.value]),
        quality=np.array([Quality.GOOD if reading.good else Quality.SUSPECT], np.uint8),
        cause=np.array([Cause.NORMAL if reading.good else Cause.UNUSUAL], np.uint8),
        received=np.zeros(1, np.int64),
        boots=("",),
        boot=np.zeros(1, np.uint16),
        seq=np.zeros(1, np.int64),
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An alert to be, as instants; what is not compared is absent from ``given``."""

    given: dict[str, object]


def _expected(alert: Expected, where: str, faults: list[Fault]) -> _Wanted:
    given: dict[str, object] = {"resolved": None}
    for name in ("began", "fired", "resolved"):
        text = getattr(alert, name)
        if text is not None:
            given[name] = BEGIN_MS + documents.milliseconds(text, f"{where}.{name}", faults)
    if alert.level is not None:
        given["level"] = alert.level
    if alert.peak is not None:
        given["peak"] = alert.peak
    return _Wanted(given)


def _differing(alerts: Sequence[Alert], expected: Sequence[_Wanted]) -> Iterator[str]:
    """In words what is not as it should be, in the order of time."""
    if len(alerts) != len(expected):
        yield f"{len(expected)} alerts expected, {len(alerts)} raised"
    for number, (alert, wanted) in enumerate(zip(alerts, expected, strict=False), 1):
        found = {
            "level": alert.level.name.lower(),
            "began": alert.began_ms,
            "fired": alert.fired_ms,
            "resolved": alert.resolved_ms,
            "peak": alert.peak,
        }
        for name, want in wanted.given.items():
            if found[name] != want:
                yield f"alert {number}: {name} {_said(want)} expected, is {_said(found[name])}"
    for alert in alerts[len(expected) :]:
        yield f"not expected: {alert.level.name.lower()} from {_said(alert.began_ms)}"


def _said(value: object) -> str:
    """An instant as a duration from the beginning, in its largest whole unit."""
    if value is None:
        return "never"
    if not isinstance(value, int):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return documents.duration(value - BEGIN_MS)
