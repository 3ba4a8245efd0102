"""Rules' own small tests: series in shorthand and the alerts that they should raise.

Readings arrive one by one, those that are marked as late behind all others, and pass through the
engine as they would live; so a test speaks of the record as amended in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct, field

from alerting.alert import Alert, State, Transition
from alerting.backtest.test_series import BEGIN_MS, Reading, columns, district, kind_of, readings
from alerting.evaluation.engine import Engine
from alerting.evaluation.history import series_of
from alerting.rules import documents
from alerting.rules.conditions.signal import ANY, Readings
from alerting.rules.durations import duration, milliseconds
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Quality, quality_of
from ingest.journal.columns import Columns, compared


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """An expected alert. A field that is left out is not compared, but for ``resolved``: then it
    stands.
    """

    level: str | None = None
    began: str | None = None
    fired: str | None = None
    resolved: str | None = None
    peak: float | None = None


class Test(Struct, frozen=True, forbid_unknown_fields=True):
    """One test of a rule file. ``values`` are those of the rule's indicator, or by indicator;
    ``upstream/`` before one: of the station above.
    """

    __test__ = False  # pytest would take it for one of its own

    name: Annotated[str, Meta(min_length=1)]
    rule: str
    every: str
    values: str | dict[str, str]
    expect: list[Expected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a test: nothing in ``differs`` is as it should be."""

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
        what, _, target = str(error).partition(" - at ")
        at = where + target.strip("`").removeprefix("$")
        raise FaultyInput([Fault(at, what, "see docs/rules.md")]) from error
    faults: list[Fault] = []
    every_ms = milliseconds(test.every, f"{where}.every", faults)
    if not every_ms and not faults:
        faults.append(Fault(f"{where}.every", "is no time at all", 'write e.g. "1h"'))
    expected = [_expected(alert, f"{where}.expect[{at}]", faults)
                for at, alert in enumerate(test.expect, 1)]  # fmt: skip
    found = _document(path, test, where)
    station = found.get("stations", {}).get("id") or "station"
    given = _given(test, found, station, where, faults)
    if faults:
        raise FaultyInput(faults)
    rows = [
        reading
        for series, text in given.items()
        for reading in readings(text, series, f"{where}.values", faults)
    ]
    if faults:
        raise FaultyInput(faults)
    rule, catalogue = _rule(path, test, where, given, every_ms)
    alerts = rehearsed(rule, catalogue, rows, every_ms)
    return Result(test.name, tuple(_differing(alerts, expected)))


def _document(path: Path, test: Test, where: str) -> dict[str, Any]:
    """The rule of a test as it is written."""
    rows = [row for row in documents.document(path).get("rule", []) if isinstance(row, dict)]
    found = next((row for row in rows if row.get("id") == test.rule), None)
    if found is None:
        known = ", ".join(str(row.get("id")) for row in rows)
        fault = Fault(f"{where}.rule", f"unknown rule {test.rule!r}", f"use one of {known}")
        raise FaultyInput([fault])
    return found


def _given(
    test: Test, rule: dict[str, Any], station: str, where: str, faults: list[Fault]
) -> dict[str, str]:
    """The shorthand of each series; those of the rule's own station first."""
    if isinstance(test.values, str):
        code = rule.get("indicator")
        air = rule.get("stations", {}).get("kind") == "air"
        usual = "a34004" if air else "w21003"
        return {f"{station}/{code if code in INDICATORS else usual}": test.values}
    found = {}
    for name, text in sorted(test.values.items(), key=lambda row: "/" in row[0]):
        target, _, code = name.rpartition("/")
        if code not in INDICATORS or target not in ("", "upstream"):
            remedy = 'name an indicator, or one of the station above: "upstream/w21003"'
            faults.append(Fault(f"{where}.values", f"unknown series {name!r}", remedy))
        found[f"{target or station}/{code}"] = text
    return found


def _rule(
    path: Path, test: Test, where: str, given: dict[str, str], every_ms: int
) -> tuple[Rule, Catalogue]:
    """The rule of a test, and stations that it fits."""
    codes: dict[str, list[str]] = {}
    for series in given:
        station, _, code = series.partition("/")
        codes.setdefault(station, []).append(code)
    kind = kind_of(next(iter(codes.values()))[0])
    catalogue = district(codes, kind, every_ms)
    for rule in documents.load(path, catalogue, elsewhere=True):
        if rule.id == test.rule and rule.targets(catalogue):
            return rule, catalogue
    remedy = "give values of every indicator that it names"
    raise FaultyInput([Fault(f"{where}.values", "do not fit the rule", remedy)])


def rehearsed(
    rule: Rule, catalogue: Catalogue, rows: Sequence[Reading], every_ms: int
) -> list[Alert]:
    """The record of a rule, by beginning, after all readings came one by one and silence is known
    up to the last.
    """
    engine = Engine([rule], catalogue)
    record: dict[str, Alert] = {}
    arrived: list[Reading] = []
    end_ms = BEGIN_MS + max((row.target for row in rows), default=0) * every_ms
    for reading in sorted(rows, key=lambda row: (row.late, row.target)):
        arrived.append(reading)
        _note(record, engine.feed(columns(reading, every_ms)))
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
    """The changes by a late reading, as the rule worker would amend them."""
    for target in list(engine.state.late):
        for instance in engine.rule_instances[target]:
            members = [_history(name, arrived, every_ms) for name in instance.members]
            known = [
                [
                    alert
                    for alert in record.values()
                    if (alert.level, series_of(alert)) == (binding.limit.level, instance.series)
                    and alert.state is not State.WITHDRAWN
                ]
                for binding in instance.bindings
            ]
            _note(record, engine.amend(instance, members, [(rows, None) for rows in known]))
    engine.state.late, engine.state.reach = {}, {}


def _history(name: str, arrived: Sequence[Reading], every_ms: int) -> Readings:
    """The readings of a series that have arrived."""
    of = [row for row in arrived if row.series == name.removesuffix(ANY)]
    if not name.endswith(ANY):
        of = [row for row in of if quality_of(row.cause) is Quality.GOOD]
    of.sort(key=lambda row: row.target)
    t = BEGIN_MS + np.array([row.target for row in of], np.int64) * every_ms
    cause = np.array([row.cause for row in of], np.uint8)
    if name.endswith(ANY):
        return t, cause.astype(np.float64)
    return t, compared(np.array([row.value for row in of], np.float64), cause)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An alert to be, as instants; what is not compared is absent from ``given``."""

    given: dict[str, object]


def _expected(alert: Expected, where: str, faults: list[Fault]) -> _Wanted:
    given: dict[str, object] = {"resolved": None}
    for name in ("began", "fired", "resolved"):
        text = getattr(alert, name)
        if text is not None:
            given[name] = BEGIN_MS + milliseconds(text, f"{where}.{name}", faults)
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
    return duration(value - BEGIN_MS)
