"""Which columns of a CSV file hold instants and indicators, as a person named them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import SHANGHAI
from tabular import cells
from tabular.lines import header


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an indicator: its name and place in a line. A cell times ``factor`` is in the
    indicator's unit.
    """

    name: str
    position: int
    code: str
    factor: float


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has the columns which were asked for. ``names`` is its header; ``time`` is the
    place in a line of the instant, which without an offset is the zone's.
    """

    file: Path
    delimiter: str
    names: tuple[str, ...]
    time: int
    zone: ZoneInfo
    columns: tuple[Column, ...]

    @property
    def time_name(self) -> str:
        """The column of the instant."""
        return self.names[self.time]

    @property
    def width(self) -> int:
        """Cells of a line."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One ``column=code[:unit]``, taken apart."""

    text: str
    column: str
    code: str
    unit: str

    @property
    def where(self) -> str:
        """The place that its faults name."""
        return f"--map {self.text if self.text.isprintable() else repr(self.text)}"


def add_columns(parser: ArgumentParser, *, required: bool) -> None:
    """Options that name the columns of a file."""
    parser.add_argument("--time", required=required, metavar="COLUMN", help="when it was measured")
    parser.add_argument(
        "--map",
        required=required,
        nargs="+",
        action="extend",
        default=[],
        metavar="COLUMN=CODE[:UNIT]",
        help="what was measured; a unit that is not the indicator's own is converted",
    )
    parser.add_argument("--zone", default=SHANGHAI, help="of times without offset")


def mapping(text: str) -> Mapping:
    """A ``--map`` in its parts, which may be empty."""
    column, _, rest = text.rpartition("=")
    code, _, unit = rest.partition(":")
    return Mapping(text, column.strip(), code.strip(), unit.strip())


def table_of(
    file: Path, time: str, maps: Sequence[str], zone: str, known: Iterable[str] = INDICATORS
) -> Table:
    """The columns of a file; ``known`` are the codes to choose from.

    Raises:
        FaultyInput: with every fault of the options, the file's header among them.
    """
    mappings = [mapping(text) for text in maps]
    faults = [fault for one in mappings for fault in _of_a_mapping(one, known)]
    faults += _of_repeats(mappings)
    at = _zone(zone)
    if at is None:
        faults.append(Fault("--zone", f"unknown {zone!r}", "write it as Asia/Shanghai"))
    try:
        delimiter, names = header(file, [time, *(one.column for one in mappings)])
    except FaultyInput as error:
        raise FaultyInput([*faults, *error.faults]) from error
    faults += _of_a_name("--time", time, names, file)
    for one in mappings:
        faults += _of_a_name(one.where, one.column, names, file) if one.column else ()
    if faults or at is None:
        raise FaultyInput(faults)
    columns = tuple(_column(one, names) for one in mappings)
    return Table(file, delimiter, tuple(names), names.index(time), at, columns)


def _column(one: Mapping, names: list[str]) -> Column:
    own = INDICATORS[one.code].unit
    factor = cells.factor(one.unit or own, own)
    assert factor is not None, "looked over before"
    return Column(one.column, names.index(one.column), one.code, factor)


def _of_a_mapping(one: Mapping, known: Iterable[str]) -> Iterator[Fault]:
    if not one.column or not one.code or not one.text.isprintable():
        yield Fault(one.where, "is not column=code", "write e.g. PM2.5=a34004")
    elif one.code not in INDICATORS:
        remedy = f"use one of {', '.join(known)}"
        yield Fault(one.where, f"unknown indicator {one.code!r}", remedy)
    elif one.unit and cells.factor(one.unit, INDICATORS[one.code].unit) is None:
        own = INDICATORS[one.code].unit
        others = "".join(f", or in {unit}" for unit in cells.convertible(own))
        remedy = f"it is taken in {own or 'a number without unit'}{others}"
        yield Fault(one.where, f"wrong unit {one.unit} of {one.code}", remedy)


def _of_repeats(mappings: Sequence[Mapping]) -> Iterator[Fault]:
    codes = [one.code for one in mappings]
    for position, one in enumerate(mappings):
        if one.code and one.code in codes[:position]:
            what = f"{one.code} is mapped from {mappings[codes.index(one.code)].column!r} already"
            yield Fault(one.where, what, "leave one of them out")


def _of_a_name(where: str, name: str, names: list[str], file: Path) -> Iterator[Fault]:
    if name not in names:
        remedy = f"its header has {', '.join(names) or 'no column'}"
        yield Fault(where, f"no column {name!r} in {file.name}", remedy)
    elif names.count(name) > 1:
        what = f"column {name!r} stands {names.count(name)} times in {file.name}"
        yield Fault(where, what, "give each a name of its own")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # not found is a KeyError; a folder an OSError
        return None
