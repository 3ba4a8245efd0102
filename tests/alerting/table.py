"""Rows of a table: a rule, what arrives, and the alerts that are on record in the end.

Readings are written in the shorthand of rule files (``alerting/backtest/test_series.py``), alerts as
"level began fired resolved peak", times counted from the first reading; ``-`` for one that stands,
``lost`` behind one whose data stay away. A peak that is left out is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from alerting.backtest.test_series import BEGIN_MS, district, kind_of, readings
from alerting.rules import documents
from alerting.rules.durations import milliseconds
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault
from config.vocabulary.quality import Cause
from tests.alerting.centre import Centre, Reading

AMMONIA, OXYGEN, PARTICLES = "w21003", "w01009", "a34004"


@dataclass(frozen=True)
class Row:
    """What is said, and how it is shown.

    ``values`` of an indicator, or of several by code, ``upstream/`` before one of the station
    above; ``then`` arrives behind all others and begins at an instant; ``now`` is what the checks
    and people make of ``values`` once all has arrived. ``upto`` is how far silence is known, by
    default up to where the next reading would stand. ``next`` is a version that takes the rule's
    place at an instant. ``at_first`` is what is on record before ``then``, ``now`` and ``next``
    are known, and silence up to ``known``, by default up to ``upto``. ``doubt`` is why a reading
    with a ``?`` is not good.
    """

    says: str
    rule: str
    values: str | Mapping[str, str]
    expect: Sequence[str] = ()
    every: str = "10m"
    cadence: str = ""
    upto: str = ""
    then: tuple[str, str | Mapping[str, str]] | None = None
    now: str | Mapping[str, str] | None = None
    next: tuple[str, str] | None = None
    at_first: Sequence[str] | None = None
    known: str = ""
    doubt: Cause = Cause.UNUSUAL


def rows(*of: Row) -> pytest.MarkDecorator:
    """A table as the parameter ``row`` of a test."""
    return pytest.mark.parametrize("row", of, ids=lambda row: row.says)


def holds(row: Row, folder: Path) -> None:
    """However its readings come, a row's alerts are on record in the end."""
    given = _Given.of(row, folder)
    for way, found in _records(given):
        assert found == _expected(row.expect, found), way
    if row.at_first is not None:
        first, found = _stages(given)
        assert first == _expected(row.at_first, first), "at first"
        assert found == _expected(row.expect, found), "in the end"


NoticeKind = list[tuple[object, ...]]


@dataclass(frozen=True)
class _Given:
    """A row's parts, as a centre takes them."""

    rules: list[Rule]
    catalogue: Catalogue
    values: list[Reading]
    then: list[Reading]
    now: list[Reading] | None
    known_ms: int
    upto_ms: int

    @classmethod
    def of(cls, row: Row, folder: Path) -> _Given:
        every_ms, texts = _ms(row.every), _texts(row.values)
        catalogue = _district(texts, _ms(row.cadence or row.every))
        end_ms = _ms(row.upto) if row.upto else _length(texts) * every_ms

        def read(values: str | Mapping[str, str], from_ms: int = 0) -> list[Reading]:
            found = _readings(_texts(values), every_ms, from_ms)
            doubted = Cause.UNUSUAL
            return [replace(r, cause=row.doubt) if r.cause is doubted else r for r in found]

        return cls(
            rules=_versions(row, catalogue, folder),
            catalogue=catalogue,
            values=read(row.values),
            then=read(row.then[1], _ms(row.then[0])) if row.then else [],
            now=None if row.now is None else read(row.now),
            known_ms=BEGIN_MS + (_ms(row.known) if row.known else end_ms),
            upto_ms=BEGIN_MS + end_ms,
        )


def _records(given: _Given) -> Iterator[tuple[str, NoticeKind]]:
    """The record of each way in which the same readings may come."""
    came = given.values + given.then

    def record(batches: Sequence[Sequence[Reading]], *, restarts: bool = False) -> NoticeKind:
        centre = Centre(given.rules, given.catalogue)
        for batch in batches:
            if restarts:
                centre.restart()
            centre.hear(batch)
        centre.hear([], given.upto_ms)
        if given.now is not None:
            _judge(centre, given.now)
        return _notified(centre)

    first = list({(one.series, one.t_ms): one for one in reversed(came)}.values())
    first.sort(key=lambda one: one.t_ms)
    yield "one by one", record([[one] for one in came])
    yield "all at once", record([first])
    yield "the last one first", record([[one] for one in reversed(first)])
    yield "each one twice", record([[one] for one in first for _ in range(2)])
    yield "restarted before each", record([[one] for one in first], restarts=True)
    if len(given.rules) > 1:
        yield "the version is saved behind all", _changed(given, first)


def _stages(given: _Given) -> tuple[NoticeKind, NoticeKind]:
    """What is on record at first, and what becomes of it: a version comes when it begins, what is
    said of readings when all have come.
    """
    *before, last = given.rules
    begins_ms = last.valid_from_ms if before else given.known_ms + 1
    centre = Centre([replace(given.rules[0], valid_until_ms=1 << 62)], given.catalogue)
    centre.hear([one for one in given.values if not before or one.t_ms < begins_ms])
    centre.hear([], min(given.known_ms, begins_ms - 1))
    first = _notified(centre)
    if before:
        _change(centre, given.rules)
        centre.hear([one for one in given.values if one.t_ms >= begins_ms])
    centre.hear(given.then, given.upto_ms)
    if given.now is not None:
        _judge(centre, given.now)
    return first, _notified(centre)


def _changed(given: _Given, came: Sequence[Reading]) -> NoticeKind:
    """The second version comes to be known when everything is there."""
    centre = Centre([replace(given.rules[0], valid_until_ms=1 << 62)], given.catalogue)
    centre.hear(came, given.upto_ms)
    _change(centre, given.rules)
    return _notified(centre)


def _change(centre: Centre, rules: Sequence[Rule]) -> None:
    """The last of these comes to be known."""
    centre.rules = rules
    centre.restart()
    for series in rules[-1].series(centre.catalogue):
        centre.engine.rebind(series, rules[-1].valid_from_ms)
    centre.hear([])


def _judge(centre: Centre, judged: Sequence[Reading]) -> None:
    """Another word on readings that are there already."""
    new = {(one.series, one.t_ms): one for one in judged}
    old, centre.known = centre.known, [new[one.series, one.t_ms] for one in centre.known]
    for before, after in zip(old, centre.known, strict=True):
        if before != after:
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
        Reading(series, BEGIN_MS + from_ms + one.target * every_ms, one.value, one.cause)
        for series, text in texts.items()
        for one in readings(text, series, "table", faults)
    ]
    assert not faults
    return sorted(found, key=lambda one: one.t_ms)


def _length(texts: Mapping[str, str]) -> int:
    """How many readings the longest shorthand has room for, missing ones too."""
    faults: list[Fault] = []
    ends = [[*readings(f"{text} 0", "", "table", faults)][-1].target for text in texts.values()]
    return max(ends)


def _ms(text: str) -> int:
    faults: list[Fault] = []
    found = milliseconds(text, "table", faults)
    assert not faults
    return found


def _notified(centre: Centre) -> NoticeKind:
    """The record, with the peaks that standing alerts have come to."""
    runs = dict(centre.engine.standing())
    return sorted(
        (
            alert.level.name.lower(),
            alert.began_ms - BEGIN_MS,
            alert.fired_ms - BEGIN_MS,
            None if alert.resolved_ms is None else alert.resolved_ms - BEGIN_MS,
            alert.data_lost,
            runs[alert.id].peak if alert.id in runs else alert.peak,
        )
        for alert in centre.standing()
    )


def _expected(expect: Sequence[str], found: NoticeKind) -> NoticeKind:
    """What is expected; where that is silent on a peak, the one which was found."""
    wanted = []
    for line, alike in zip(
        sorted(expect, key=_began), [*found, *[(None,) * 6] * len(expect)], strict=False
    ):
        level, began, fired, resolved, *more = line.split()
        lost, peaks = "lost" in more, [float(word) for word in more if word != "lost"]
        peak = pytest.approx(peaks[0], abs=1e-9) if peaks else alike[5]
        end = None if resolved == "-" else _ms(resolved)
        wanted.append((level, _ms(began), _ms(fired), end, lost, peak))
    return sorted(wanted, key=lambda one: one[:2])


def _began(line: str) -> tuple[str, int]:
    level, began, *_ = line.split()
    return level, _ms(began)
