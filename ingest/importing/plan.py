"""An import's options, checked: every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from tabular.columns import Table, mapping, table_of
from tabular.options import Choice


@dataclass(frozen=True, slots=True)
class Order:
    """The file, the station whose records it has, and a person's word on it."""

    file: Path
    station: str
    choice: Choice
    cadence_ms: int | None = None
    """Of all that the file holds, where a person names it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An order that holds together. What only the lines tell, the cadence of the file above all,
    is in the ``Survey``.
    """

    table: Table
    site: str
    station: str
    choice: Choice
    cadence_ms: int | None = None

    @property
    def identity(self) -> list[object]:
        """All that decides what the lines of a file become."""
        table = self.table
        columns = sorted((of.code, of.name, of.factor, of.limit or 0) for of in table.columns)
        said = [self.choice.decimal, self.choice.stamps, table.order]
        said += [self.choice.item, self.choice.value, self.choice.sheet]
        where: list[object] = [self.site, self.station, table.time_name]
        return [*where, columns, table.zone.key, sorted(table.marks.words), said]


def planned(order: Order, catalogue: Catalogue) -> Plan:
    """The plan for the lines of a file.

    Raises:
        FaultyInput: with every fault of the order, the file's header among them.
    """
    measured = catalogue.plans.get(order.station)
    faults = [*_of_the_station(order, catalogue), *_of_what_it_measures(order, measured)]
    try:
        checks = catalogue.checks.get(order.station)
        table = table_of(order.file, order.choice, measured or INDICATORS, checks)
    except FaultyInput as error:
        raise FaultyInput([*faults, *error.faults]) from error
    if faults:
        raise FaultyInput(faults)
    return Plan(table, catalogue.site.id, order.station, order.choice, order.cadence_ms)


def _of_the_station(order: Order, catalogue: Catalogue) -> Iterator[Fault]:
    if order.station not in catalogue.stations:
        known = f"use one of {', '.join(catalogue.stations)}"
        yield Fault("--station", f"unknown station {order.station!r}", known)


def _of_what_it_measures(order: Order, measured: Collection[str] | None) -> Iterator[Fault]:
    for one in map(mapping, order.choice.maps):
        if measured is not None and one.code in INDICATORS and one.code not in measured:
            what = f"{order.station} does not measure {one.code} ({INDICATORS[one.code].name})"
            yield Fault(one.where, what, f"use one of {', '.join(measured)}")
