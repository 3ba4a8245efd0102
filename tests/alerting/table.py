"""Rows of a table: a rule, what arrives, and the alerts that are on record in the end.

Readings are written in the shorthand of rule files (``alerting/shorthand.py``), alerts as
"level began fired resolved peak", times counted from the first reading; ``-`` for one that stands,
``lost`` behind one whose data stay away. A peak that is left out is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from alerting import documents, kinds
from alerting.alert import Alert
from alerting.rules import Rule
from alerting.shorthand import BEGIN_MS, district, kind_of, readings
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault
from tests.alerting.centre import Centre, Reading

AMMONIA, OXYGEN, PARTICLES = "w21003", "w01009", "a34004"


@dataclass(frozen=True)
class Row:
    """What is said, and how it is shown.

    ``values`` of an indicator, or of several by code, ``upstream/`` before one of the station
    above; ``then`` arrives behind all others and begins at an instant; ``now`` is what the checks
    make of ``values`` once all has arrived. ``upto`` is how far silence is known, by default up to
    where the next reading would stand. ``next`` is a version that takes the rule's place at an
    instant.
    """

    says: str
    rule: str
    values: str | Mapping[str, str]
    expect: Sequence[str] = ()
    every: str = "10m"
    cadence: str = ""
    upto: str = ""
    then: tuple[str, str] | None = None
    now: str | Mapping[str, str] | None = None
    next: tuple[str, str] | None = None


def rows(*of: Row) -> pytest.MarkDecorator:
    """A table as the parameter ``row`` of a test."""
    return pytest.mark.parametrize("row", of, ids=lambda row: row.says)


def holds(row: Row, folder: Path) -> None:
    """However its readings come, a row's alerts are on record in the end."""
    for way, found in _records(row, folder):
        assert found == _expected(row, found), way


def _records(row: Row, folder: Path) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """The record of each way in which the same readings may come."""
    every_ms, texts = _ms(row.every), _texts(row.values)
    catalogue = _district(texts, _ms(row.cadence or row.every))
    rules = _versions(row, catalogue, folder)
    came = _readings(texts, every_ms)
    if row.then:
        came += _readings(_texts(row.then[1]), every_ms, _ms(row.then[0]))
    upto_ms = BEGIN_MS + (_ms(row.upto) if row.upto else _length(texts) * every_ms)

    def record(batches: Sequence[Sequence[Reading]], *, restarts: bool = False) -> list[Alert]:
        centre = Centre(rules, catalogue)
        for batch in batches:
            if restarts:
                centre.restart()
            centre.hear(batch)
        centre.hear([], upto_ms)
        if row.now is not None:
            _judge(centre, _readings(_texts(row.now), every_ms))
        return centre.standing()

    first = list({(one.series, one.t_ms): one for one in reversed(came)}.values())
    first.sort(key=lambda one: one.t_ms)
    yield "one by one", _told(record([[one] for one in came]))
    yield "all at once", _told(record([first]))
    yield "the last one first", _told(record([[one] for one in reversed(first)]))
    yield "each one twice", _told(record([[one] for one in first for _ in range(2)]))
    yield "restarted before each", _told(record([[one] for one in first], restarts=True))
    if row.next:
        yield "the version is saved behind all", _told(_changed(rules, catalogue, first, upto_ms))


def _changed(
    rules: Sequence[Rule], catalogue: Catalogue, came: Sequence[Reading], upto_ms: int
) -> list[Alert]:
    """The second version comes to be known when everything is there."""
    alone = replace(rules[0], valid_until_ms=1 << 62)
    centre = Centre([alone], catalogue)
    centre.hear(came, upto_ms)
    centre.rules = rules
    centre.restart()
    for rule in rules:
        for series in rule.series(catalogue):
            centre.engine.rebind(series, rules[1].valid_from_ms)
    centre.hear([])
    return centre.standing()


def _judge(centre: Centre, judged: Sequence[Reading]) -> None:
    """Another word on readings that are there already."""
    new = {(one.series, one.t_ms): one for one in judged}
    old, centre.known = centre.known, [new[one.series, one.t_ms] for one in centre.known]
    for before, after in zip(old, centre.known, strict=True):
        if before.cause != after.cause:
            centre.engine.doubt_fed(after.series, after.t_ms, after.t_ms + 1)
    centre.hear([])


def _versions(row: Row, catalogue: Catalogue, folder: Path) -> list[Rule]:
    rule = _rule(row.rule, catalogue, folder)
    if row.next is None:
        return [rule]
    at_ms = BEGIN_MS + _ms(row.next[0])
    after = replace(_rule(row.next[1], catalogue, folder), version=2, valid_from_ms=at_ms)
    return [replace(rule, version=1, valid_until_ms=at_ms), after]


def _rule(text: str, catalogue: Catalogue, folder: Path) -> Rule:
    file = folder / "rules.toml"
    file.write_text(f'[[rule]]\nid = "r"\nname = "r"\nreason = "r"\n{text}\n', encoding="utf-8")
    (rule,) = documents.load(file, catalogue)
    return rule


def _texts(values: str | Mapping[str, str]) -> dict[str, str]:
    """The shorthand by "station/indicator", the rule's own station first."""
    given = {AMMONIA: values} if isinstance(values, str) else values
    named = {code if "/" in code else f"station/{code}": text for code, text in given.items()}
    return dict(sorted(named.items(), key=lambda row: row[0].startswith("upstream/")))


def _district(texts: Mapping[str, str], cadence_ms: int) -> Catalogue:
    codes: dict[str, list[str]] = {}
    for series in texts:
        station, _, code = series.partition("/")
        codes.setdefault(station, []).append(code)
    return district(codes, kind_of(codes["station"][0]), cadence_ms)


def _readings(texts: Mapping[str, str], every_ms: int, from_ms: int = 0) -> list[Reading]:
    faults: list[Fault] = []
    found = [
        Reading(series, BEGIN_MS + from_ms + one.place * every_ms, one.value, one.cause)
        for series, text in texts.items()
        for one in readings(text, series, "table", faults)
    ]
    assert not faults
    return sorted(found, key=lambda one: one.t_ms)


def _length(texts: Mapping[str, str]) -> int:
    """How many readings the longest shorthand has room for, missing ones too."""
    faults: list[Fault] = []
    ends = [[*readings(f"{text} 0", "", "table", faults)][-1].place for text in texts.values()]
    return max(ends)


def _ms(text: str) -> int:
    faults: list[Fault] = []
    found = kinds.milliseconds(text, "table", faults)
    assert not faults
    return found


def _told(record: Sequence[Alert]) -> list[tuple[object, ...]]:
    return sorted(
        (
            alert.level.name.lower(),
            alert.began_ms - BEGIN_MS,
            alert.fired_ms - BEGIN_MS,
            None if alert.resolved_ms is None else alert.resolved_ms - BEGIN_MS,
            alert.data_lost,
            alert.peak,
        )
        for alert in record
    )


def _expected(row: Row, found: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """What a row expects; where it is silent on a peak, that which was found."""
    wanted = []
    for line, alike in zip(
        sorted(row.expect), [*found, *[(None,) * 6] * len(row.expect)], strict=False
    ):
        level, began, fired, resolved, *more = line.split()
        lost, peaks = "lost" in more, [float(word) for word in more if word != "lost"]
        peak = pytest.approx(peaks[0], abs=1e-9) if peaks else alike[5]
        end = None if resolved == "-" else _ms(resolved)
        wanted.append((level, _ms(began), _ms(fired), end, lost, peak))
    return sorted(wanted, key=lambda one: one[:2])
