"""What is asked of an import, looked over: every fault at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from tabular import cells
from tabular.lines import header


@dataclass(frozen=True, slots=True)
class Order:
    """What a person typed; ``maps`` are ``column=code[:unit]``."""

    file: Path
    station: str
    time: str
    maps: tuple[str, ...]
    zone: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is taken: its place in a line; a value times ``factor`` is in the
    indicator's unit.
    """

    name: str
    position: int
    code: str
    factor: float


@dataclass(frozen=True, slots=True)
class Plan:
    """An order that holds together."""

    file: Path
    site: str
    station: str
    delimiter: str
    width: int
    """Fields of the header."""
    time: Column
    columns: tuple[Column, ...]
    zone: ZoneInfo
    missing: frozenset[str]
    missing_numbers: frozenset[float]

    @property
    def identity(self) -> list[object]:
        """All that decides what the lines of a file become."""
        columns = sorted((column.code, column.name, column.factor) for column in self.columns)
        where: list[object] = [self.site, self.station, self.time.name]
        return [*where, columns, self.zone.key, sorted(self.missing)]


@dataclass(frozen=True, slots=True)
class _Map:
    """One ``--map``, taken apart."""

    text: str
    column: str
    code: str
    unit: str

    @property
    def where(self) -> str:
        """What a fault of it is called."""
        return f"--map {self.text}"


def planned(order: Order, catalogue: Catalogue) -> Plan:
    """What to do with the lines of a file.

    Raises:
        FaultyInput: with every fault of the order, the file's header among them.
    """
    faults: list[Fault] = []
    maps = [_taken_apart(text) for text in order.maps]
    faults += _of_the_station(order, catalogue)
    for one in maps:
        faults += _of_a_map(one, order.station, catalogue)
    faults += _of_repeats(maps)
    zone = _zone(order.zone)
    if zone is None:
        faults.append(Fault("--zone", f"unknown {order.zone!r}", "write it as Asia/Shanghai"))
    delimiter, names = ",", list[str]()
    try:
        delimiter, names = header(order.file, [order.time, *(one.column for one in maps)])
        faults += _of_the_header(order, maps, names)
    except FaultyInput as error:
        faults += error.faults
    if faults or zone is None:
        raise FaultyInput(faults)
    missing = frozenset(mark.strip() for mark in order.missing)
    return Plan(
        order.file,
        catalogue.site.id,
        order.station,
        delimiter,
        len(names),
        Column(order.time, names.index(order.time), "", 1.0),
        tuple(_column(one, names) for one in maps),
        zone,
        missing,
        cells.numbers_of(missing),
    )


def _taken_apart(text: str) -> _Map:
    column, _, rest = text.rpartition("=")
    code, _, unit = rest.partition(":")
    return _Map(text, column.strip(), code.strip(), unit.strip())


def _column(one: _Map, names: list[str]) -> Column:
    own = INDICATORS[one.code].unit
    factor = cells.factor(one.unit or own, own)
    assert factor is not None, "looked over before"
    return Column(one.column, names.index(one.column), one.code, factor)


def _of_the_station(order: Order, catalogue: Catalogue) -> Iterator[Fault]:
    if order.station not in catalogue.stations:
        known = f"use one of {', '.join(catalogue.stations)}"
        yield Fault("--station", f"unknown station {order.station!r}", known)


def _of_a_map(one: _Map, station: str, catalogue: Catalogue) -> Iterator[Fault]:
    if not one.column or not one.code:
        yield Fault(one.where, "is not column=code", "write e.g. PM2.5=a34004")
        return
    plan = catalogue.plans.get(station)
    indicator = INDICATORS.get(one.code)
    if indicator is None:
        known = f"use one of {', '.join(plan or INDICATORS)}"
        yield Fault(one.where, f"unknown indicator {one.code!r}", known)
        return
    if plan is not None and one.code not in plan:
        what = f"{station} does not measure {one.code} ({indicator.name})"
        yield Fault(one.where, what, f"use one of {', '.join(plan)}")
    if one.unit and cells.factor(one.unit, indicator.unit) is None:
        own = indicator.unit or "a number without unit"
        others = "".join(f", or in {unit}" for unit in cells.convertible(indicator.unit))
        what = f"wrong unit {one.unit} of {one.code}"
        yield Fault(one.where, what, f"it is taken in {own}{others}")


def _of_repeats(maps: list[_Map]) -> Iterator[Fault]:
    codes = [one.code for one in maps]
    for position, one in enumerate(maps):
        if one.code and one.code in codes[:position]:
            other = maps[codes.index(one.code)]
            remedy = "leave one of them out"
            yield Fault(one.where, f"{one.code} is mapped from {other.column!r} already", remedy)


def _of_the_header(order: Order, maps: list[_Map], names: list[str]) -> Iterator[Fault]:
    for where, column in [("--time", order.time), *((one.where, one.column) for one in maps)]:
        if column and column not in names:
            remedy = f"its header has {', '.join(names) or 'no column'}"
            yield Fault(where, f"no column {column!r} in {order.file.name}", remedy)
        elif names.count(column) > 1:
            what = f"column {column!r} stands {names.count(column)} times in {order.file.name}"
            yield Fault(where, what, "give each a name of its own")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # not found is a KeyError; a folder an OSError
        return None
