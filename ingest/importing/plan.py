"""What is asked of an import, looked over: every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from tabular import cells
from tabular.columns import Table, mapping, table_of


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
class Plan:
    """An order that holds together."""

    table: Table
    site: str
    station: str
    missing: frozenset[str]
    missing_numbers: frozenset[float]

    @property
    def identity(self) -> list[object]:
        """All that decides what the lines of a file become."""
        table = self.table
        columns = sorted((column.code, column.name, column.factor) for column in table.columns)
        where: list[object] = [self.site, self.station, table.time_name]
        return [*where, columns, table.zone.key, sorted(self.missing)]


def planned(order: Order, catalogue: Catalogue) -> Plan:
    """What to do with the lines of a file.

    Raises:
        FaultyInput: with every fault of the order, the file's header among them.
    """
    measured = catalogue.plans.get(order.station)
    faults = [*_of_the_station(order, catalogue), *_of_what_it_measures(order, measured)]
    try:
        known = measured or INDICATORS
        table = table_of(order.file, order.time, order.maps, order.zone, known)
    except FaultyInput as error:
        raise FaultyInput([*faults, *error.faults]) from error
    if faults:
        raise FaultyInput(faults)
    missing = frozenset(mark.strip() for mark in order.missing)
    return Plan(table, catalogue.site.id, order.station, missing, cells.numbers_of(missing))


def _of_the_station(order: Order, catalogue: Catalogue) -> Iterator[Fault]:
    if order.station not in catalogue.stations:
        known = f"use one of {', '.join(catalogue.stations)}"
        yield Fault("--station", f"unknown station {order.station!r}", known)


def _of_what_it_measures(order: Order, measured: Collection[str] | None) -> Iterator[Fault]:
    for one in map(mapping, order.maps):
        if measured is not None and one.code in INDICATORS and one.code not in measured:
            what = f"{order.station} does not measure {one.code} ({INDICATORS[one.code].name})"
            yield Fault(one.where, what, f"use one of {', '.join(measured)}")
