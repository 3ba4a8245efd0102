"""How the readings of a station are judged, in words; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from alerting.dates import ZONE
from alerting.phrases import ROMAN
from api.parts import Parts
from api.platforms.environment.judging.records import (
    Basis,
    Changed,
    Check,
    Judging,
    Table,
    confidence_key,
    plain,
    table_number,
)
from config.catalogue.quality import Attenuated, Checks, Erratic, Flat
from config.catalogue.shapes import Station
from config.vocabulary.indicators import INDICATORS, Indicator
from config.vocabulary.quality import Cause, quality_of
from ingest.standards import (
    AirLimits,
    Change,
    Completeness,
    Source,
    WaterLimits,
    changes,
    completeness,
    limits_of,
)


def judging(parts: Parts, station: Station) -> list[Judging]:
    """How each indicator of a station is judged today."""
    on = datetime.fromtimestamp(parts.now_ms() / 1000, ZONE).date()
    return [_judging(parts, station, row, on) for row in parts.catalogue.indicators(station.id)]


def sources(rows: Iterable[Judging]) -> list[tuple[str, str]]:
    """How sure the figures of the standards are, each once: standards and confidence."""
    found: dict[str, dict[str, None]] = {}
    for basis in (basis for row in rows for basis in row.bases):
        found.setdefault(basis.confidence, {})[basis.standard] = None
    return [("、".join(standards), confidence) for confidence, standards in found.items()]


def complete(parts: Parts) -> list[str]:
    """What is asked of a mean, a sentence each."""
    asked = completeness()
    figures = {name: getattr(asked, name) for name in Completeness.__slots__}
    said = ("hour", "day", "ozone", "month", "year", "source")
    return [parts.words(f"judging.complete-{name}", **figures) for name in said]


def changed(parts: Parts, code: str) -> list[Changed]:
    """When the figures of an indicator changed or will change, and how."""
    found = []
    for on, of in groupby(changes(code), key=lambda change: change.on):
        rows = list(of)
        lines = tuple(line for row in rows if (line := _line(parts, row, INDICATORS[code])))
        names = "、".join(dict.fromkeys(standard_name(parts, row.standard) for row in rows))
        midnight = datetime(on.year, on.month, on.day, tzinfo=ZONE)
        found.append(Changed(int(midnight.timestamp() * 1000), on.isoformat(), names, lines))
    return [row for row in found if row.lines]


def checks(parts: Parts, station: Station, code: str) -> list[Check]:
    """Which checks the readings of an indicator go through, from the strictest flag down."""
    asked, row = parts.catalogue.checks[station.id][code], INDICATORS[code]
    possible = (Cause.RANGE, _span(parts, row.low, row.high, row.unit))
    return [
        Check(
            parts.words(f"cause.{cause.name.lower().replace('_', '-')}"),
            asks,
            parts.words(f"quality.{quality_of(cause).name.lower()}"),
        )
        for cause, asks in (possible, *_asked(parts, asked, row), (Cause.CLOCK, ""))
    ]


def standard_name(parts: Parts, name: str) -> str:
    """A set's name as people read it."""
    return name.replace(" (transition)", parts.words("station.transition"))


def _judging(parts: Parts, station: Station, indicator: Indicator, on: date) -> Judging:
    found = limits_of(indicator.code, on)
    limit, note = "", parts.words("judging.unjudged")
    bases: tuple[Basis, ...] = ()
    tables: tuple[Table, ...] = ()
    if isinstance(found, AirLimits):
        limit, note = _air_limit(parts, found, indicator), parts.words("judging.worse-higher")
        bases = (_basis(parts, found.limits_from), _basis(parts, found.index_from))
        tables = tuple(_air_tables(parts, found, indicator))
    elif found and (found.limits or found.within):
        limit, note = _water_limit(parts, found, station, indicator), _water_note(parts, found)
        bases = (_basis(parts, found.limits_from),)
        tables = tuple(_water_tables(parts, found, station, indicator))
    moved, asked = changed(parts, indicator.code), checks(parts, station, indicator.code)
    return Judging(indicator, limit, note, bases, tables, tuple(moved), tuple(asked))


def _basis(parts: Parts, source: Source) -> Basis:
    number = table_number(source)
    table = parts.words("judging.table", n=number) if number else parts.words("judging.no-table")
    since = source.since.isoformat() if source.since else "—"
    sure = parts.words(f"confidence.{confidence_key(source)}")
    return Basis(standard_name(parts, source.standard), table, since, sure)


def _air_limit(parts: Parts, found: AirLimits, indicator: Indicator) -> str:
    spans = [
        f"{parts.words(f'averaging.{column}')} ≤ {plain(limits[1])} {indicator.unit}"
        for column, limits in found.limits.items()
    ]
    return "；".join(spans)


def _air_tables(parts: Parts, found: AirLimits, indicator: Indicator) -> Iterator[Table]:
    unit = indicator.unit
    yield Table(
        parts.words("judging.limits", unit=unit),
        tuple(parts.words(f"judging.head-{head}") for head in ("averaging", "first", "second")),
        tuple(
            (parts.words(f"averaging.{column}"), *map(plain, limits))
            for column, limits in found.limits.items()
        ),
    )
    columns = list(found.index.items())
    yield Table(
        parts.words("judging.index", unit=unit),
        ("IAQI", *(parts.words(f"averaging.{column}") for column, _ in columns)),
        tuple(
            (str(index), *(plain(dict(enumerate(points)).get(i)) for _, points in columns))
            for i, index in enumerate(found.scale)
        ),
    )


def _water_limit(parts: Parts, found: WaterLimits, station: Station, indicator: Indicator) -> str:
    if found.within:
        return _span(parts, *found.within, indicator.unit)
    if station.target is None:
        return ""
    name = parts.words("station.class-limit", name=ROMAN[station.target])
    limit = found.limits[found.classes.index(station.target)]
    return f"{name} {'≥' if found.lower else '≤'} {plain(limit)} {indicator.unit}"


def _water_note(parts: Parts, found: WaterLimits) -> str:
    worse = "outside" if found.within else "lower" if found.lower else "higher"
    note = parts.words(f"judging.worse-{worse}")
    return note if found.counts else note + parts.words("judging.not-counted")


def _water_tables(
    parts: Parts, found: WaterLimits, station: Station, indicator: Indicator
) -> Iterator[Table]:
    if not found.limits:
        return
    sign = "≥" if found.lower else "≤"
    names = [parts.words("station.water-class", name=ROMAN[name]) for name in found.classes]
    target = station.target and parts.words("station.water-class", name=ROMAN[station.target])
    yield Table(
        parts.words("judging.classes", unit=indicator.unit),
        (parts.words("judging.head-class"), parts.words("judging.head-limit")),
        tuple(
            (name, f"{sign} {plain(limit)}")
            for name, limit in zip(names, found.limits, strict=True)
        ),
        target or "",
    )


def _line(parts: Parts, change: Change, indicator: Indicator) -> str:
    """A moved figure in words; the limits of class 1 areas concern no station of a district."""
    if change.kind == "limit" and change.place == "1":
        return ""
    kind = "beyond" if change.place == "beyond" else change.kind
    values = {
        "column": parts.words(f"averaging.{change.column}") if change.kind != "class" else "",
        "place": ROMAN.get(change.place, change.place),
        "old": plain(change.old),
        "new": plain(change.new),
        "unit": indicator.unit,
    }
    return parts.words(f"judging.change-{kind}", **values)


def _asked(parts: Parts, asked: Checks, row: Indicator) -> list[tuple[Cause, str]]:
    """The checks that are set for an indicator, each with what it asks."""

    def hours(rule: Flat | Attenuated | Erratic | None) -> str:
        return parts.words("duration.hours", n=plain(rule.hours)) if rule else ""

    usual = _span(parts, *asked.usual, row.unit) if asked.usual else ""
    detection = f"< {plain(asked.detection)} {row.unit}"
    crossed = asked.at_most or asked.saturation or asked.ozone_and_nitrogen_dioxide
    others = "、".join(INDICATORS[code].name for code in asked.at_most)
    table = (
        (Cause.UNUSUAL, asked.usual or asked.seasonal, usual),
        (Cause.BELOW_DETECTION, asked.detection is not None, detection),
        (Cause.SPIKE, asked.spike or asked.excursion, ""),
        (Cause.RATE, asked.rate or asked.excursion, ""),
        (Cause.FLAT_LINE, asked.flat or asked.held, hours(asked.flat)),
        (Cause.ATTENUATED, asked.attenuated, hours(asked.attenuated)),
        (Cause.ERRATIC, asked.erratic, hours(asked.erratic)),
        (Cause.CROSS_CHECK, crossed, others),
        (Cause.NEIGHBOURS, asked.neighbours, ""),
    )
    return [(cause, asks) for cause, is_set, asks in table if is_set]


def _span(parts: Parts, low: float, high: float, unit: str) -> str:
    return parts.words("judging.span", low=plain(low), high=plain(high), unit=unit).strip()
