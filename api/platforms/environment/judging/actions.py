"""How the readings of a station are judged, in words; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from alerting.formats import water_class
from api.platforms.environment.judging.records import (
    Basis,
    Check,
    Judging,
    Table,
    confidence_key,
    table_number,
)
from api.platforms.environment.standards_wording import changed, plain, standard_name
from api.services import Services
from config.catalogue.quality import Attenuated, Checks, Erratic, Flat
from config.catalogue.shapes import Station
from config.vocabulary.indicators import Indicator
from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import ZONE
from ingest.standards.limits import (
    AirLimits,
    Completeness,
    Source,
    WaterLimits,
    completeness,
    limits_of,
)


def judging(services: Services, station: Station) -> list[Judging]:
    """How each indicator of a station is judged today."""
    on = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).date()
    return [
        _judging(services, station, row, on) for row in services.catalogue.indicators(station.id)
    ]


def sources(services: Services, rows: Iterable[Judging]) -> list[tuple[str, str]]:
    """How sure the figures of the standards are, each once: standards and confidence."""
    found: dict[str, dict[str, None]] = {}
    for basis in (basis for row in rows for basis in row.bases):
        found.setdefault(basis.confidence, {})[basis.standard] = None
    return [
        (services.words.listed(standards), confidence) for confidence, standards in found.items()
    ]


def complete(services: Services) -> list[str]:
    """The demands on a mean, a sentence each."""
    asked = completeness()
    figures = {name: getattr(asked, name) for name in Completeness.__slots__}
    said = ("hour", "day", "ozone", "month", "year", "source")
    return [services.words(f"judging.complete-{name}", **figures) for name in said]


def checks(services: Services, station: Station, code: str) -> list[Check]:
    """Which checks the readings of an indicator go through, from the strictest flag down."""
    asked, row = services.catalogue.checks[station.id][code], services.words.indicators[code]
    possible = (Cause.RANGE, _span(services, row.low, row.high, row.unit))
    return [
        Check(
            services.words(f"cause.{cause.name.lower().replace('_', '-')}"),
            asks,
            services.words(f"quality.{quality_of(cause).name.lower()}"),
        )
        for cause, asks in (possible, *_asked(services, asked, row), (Cause.CLOCK, ""))
    ]


def _judging(services: Services, station: Station, indicator: Indicator, on: date) -> Judging:
    found = limits_of(indicator.code, on)
    limit, note = "", services.words("judging.unjudged")
    bases: tuple[Basis, ...] = ()
    tables: tuple[Table, ...] = ()
    if isinstance(found, AirLimits):
        limit, note = (
            _air_limit(services, found, indicator),
            services.words("judging.worse-higher"),
        )
        bases = (_basis(services, found.limits_from), _basis(services, found.index_from))
        tables = tuple(_air_tables(services, found, indicator))
    elif found and (found.within or found.limits_in(lake=station.lake)):
        limit, note = (
            _water_limit(services, found, station, indicator),
            _water_note(services, found),
        )
        bases = (_basis(services, found.limits_from),)
        tables = tuple(_water_tables(services, found, station, indicator))
    moved, asked = changed(services, indicator.code), checks(services, station, indicator.code)
    return Judging(indicator, limit, note, bases, tables, tuple(moved), tuple(asked))


def _basis(services: Services, source: Source) -> Basis:
    number = table_number(source)
    table = (
        services.words("judging.table", n=number) if number else services.words("judging.no-table")
    )
    since = source.since.isoformat() if source.since else "—"
    sure = services.words(f"confidence.{confidence_key(source)}")
    return Basis(standard_name(services.words, source.standard), table, since, sure)


def _air_limit(services: Services, found: AirLimits, indicator: Indicator) -> str:
    spans = [
        f"{services.words(f'averaging.{column}')} ≤ {plain(limits[1])} {indicator.unit}"
        for column, limits in found.limits.items()
    ]
    return services.words.clauses(spans)


def _air_tables(services: Services, found: AirLimits, indicator: Indicator) -> Iterator[Table]:
    unit = indicator.unit
    yield Table(
        services.words("judging.limits", unit=unit),
        tuple(services.words(f"judging.head-{head}") for head in ("averaging", "first", "second")),
        tuple(
            (services.words(f"averaging.{column}"), *map(plain, limits))
            for column, limits in found.limits.items()
        ),
    )
    columns = list(found.index.items())
    yield Table(
        services.words("judging.index", unit=unit),
        ("IAQI", *(services.words(f"averaging.{column}") for column, _ in columns)),
        tuple(
            (str(index), *(plain(dict(enumerate(points)).get(i)) for _, points in columns))
            for i, index in enumerate(found.scale)
        ),
    )


def _water_limit(
    services: Services, found: WaterLimits, station: Station, indicator: Indicator
) -> str:
    if found.within:
        return _span(services, *found.within, indicator.unit)
    if station.target is None:
        return ""
    name = services.words("station.class-limit", name=water_class(services.words, station.target))
    limit = found.limits_in(lake=station.lake)[found.classes.index(station.target)]
    return f"{name} {'≥' if found.lower else '≤'} {plain(limit)} {indicator.unit}"


def _water_note(services: Services, found: WaterLimits) -> str:
    worse = "outside" if found.within else "lower" if found.lower else "higher"
    note = services.words(f"judging.worse-{worse}")
    return note if found.counts else services.words("judging.not-counted", note=note)


def _water_tables(
    services: Services, found: WaterLimits, station: Station, indicator: Indicator
) -> Iterator[Table]:
    limits = found.limits_in(lake=station.lake)
    if not limits:
        return
    sign = "≥" if found.lower else "≤"
    names = [water_class(services.words, name) for name in found.classes]
    target = station.target and water_class(services.words, station.target)
    yield Table(
        services.words("judging.classes", unit=indicator.unit),
        (services.words("judging.head-class"), services.words("judging.head-limit")),
        tuple((name, f"{sign} {plain(limit)}") for name, limit in zip(names, limits, strict=True)),
        target or "",
    )


def _asked(services: Services, asked: Checks, row: Indicator) -> list[tuple[Cause, str]]:
    """The checks that are set for an indicator, each with what it asks."""

    def hours(rule: Flat | Attenuated | Erratic | None) -> str:
        return services.words("duration.hours", n=plain(rule.hours)) if rule else ""

    usual = _span(services, *asked.usual, row.unit) if asked.usual else ""
    detection = f"< {plain(asked.detection)} {row.unit}"
    crossed = asked.at_most or asked.saturation or asked.ozone_and_nitrogen_dioxide
    others = services.words.listed(services.words.indicators[code].name for code in asked.at_most)
    numbers = services.words.listed(plain(number) for number in asked.placeholders)
    table = (
        (Cause.UNUSUAL, asked.usual or asked.seasonal, usual),
        (Cause.BELOW_DETECTION, asked.detection is not None, detection),
        (Cause.SPIKE, asked.spike or asked.excursion or asked.surge, ""),
        (Cause.RATE, asked.rate or asked.excursion, ""),
        (Cause.FLAT_LINE, asked.flat or asked.held, hours(asked.flat)),
        (Cause.ATTENUATED, asked.attenuated, hours(asked.attenuated)),
        (Cause.ERRATIC, asked.erratic, hours(asked.erratic)),
        (Cause.CROSS_CHECK, crossed, others),
        (Cause.NEIGHBOURS, asked.neighbours, ""),
        (Cause.OUT_OF_WATER, asked.sonde or asked.dry, ""),
        (Cause.PLACEHOLDER, asked.placeholders, numbers),
    )
    return [(cause, asks) for cause, is_set, asks in table if is_set]


def _span(services: Services, low: float, high: float, unit: str) -> str:
    return services.words("judging.span", low=plain(low), high=plain(high), unit=unit).strip()
