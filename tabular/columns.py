"""Which columns of a file hold instants and indicators, as a person named them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from config.catalogue.quality import Checks, defaults
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from tabular import cells
from tabular.cells import Marks
from tabular.instants import NoInstant, Order, instant, joined
from tabular.lines import Lines, Source, source_of
from tabular.options import Choice

_BELOW_HEADER = 3
"""Lines with units, kinds of columns and the like that loggers write below their header."""
_IN_NAME = re.compile(r"[(（\[]\s*([^()（）\[\]]+?)\s*[)）\]]$")
_OF_COLUMNS = re.compile(r"\d{1,4}[snd]|smp|avg|max|min|tot|std|ts|rn", re.IGNORECASE)
"""Widths of columns as the USGS writes them, processing as Campbell loggers do."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an indicator: its name and position in a line. A cell times ``factor`` is in the
    indicator's unit, ``limit`` its detection limit where one is known.
    """

    name: str
    position: int
    code: str
    factor: float
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that has the columns which were asked for. ``time`` are the positions of what makes
    an instant, which without an offset is the zone's. With ``item`` a line holds one value, of the
    column that has the name which stands there.
    """

    file: Path
    source: Source
    time: tuple[int, ...]
    zone: ZoneInfo
    columns: tuple[Column, ...]
    marks: Marks
    order: Order = "ymd"
    at_end: bool = False
    item: int | None = None
    guards_decimals: bool = True
    """Nobody said which sign stands before decimals."""
    _by_item: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Its header."""
        return self.source.names

    @property
    def time_name(self) -> str:
        """The column of the instant, or several."""
        return ",".join(self.names[position] for position in self.time)

    @property
    def width(self) -> int:
        """Cells of a line."""
        return len(self.names)

    @property
    def delimiter(self) -> str:
        """Between the cells of a line."""
        return self.source.delimiter

    def lines(self) -> Lines:
        """Its lines below the header, from the file anew."""
        return Lines(self.source)

    def stamp(self, fields: Sequence[str]) -> str:
        """The text of a line's instant; empty where the line is too short."""
        if len(self.time) == 1:
            position = self.time[0]
            return fields[position].strip() if len(fields) > position else ""
        if len(fields) <= max(self.time):
            return ""
        return joined([fields[position].strip() for position in self.time])

    def instant(self, stamp: str) -> int | NoInstant:
        """UTC epoch ms as the stamp says, of whichever end."""
        return instant(stamp, self.zone, self.order)

    def held(self, fields: Sequence[str]) -> Sequence[int]:
        """Which of the columns a line holds, by their positions among them."""
        if self.item is None:
            return range(len(self.columns))
        said = fields[self.item].strip() if len(fields) > self.item else ""
        return self._by_item.get(said, ())


@dataclass(frozen=True, slots=True)
class Mapping:
    """One ``column=code[:unit]``, taken apart."""

    text: str
    column: str
    code: str
    unit: str

    @property
    def where(self) -> str:
        """The position that its faults name."""
        return f"--map {self.text if self.text.isprintable() else repr(self.text)}"


def mapping(text: str) -> Mapping:
    """A ``--map`` in its parts, which may be empty."""
    column, _, rest = text.rpartition("=")
    code, _, unit = rest.partition(":")
    return Mapping(text, column.strip(), code.strip(), unit.strip())


def table_of(
    file: Path,
    choice: Choice,
    known: Iterable[str] = INDICATORS,
    checks: dict[str, Checks] | None = None,
) -> Table:
    """The columns of a file; ``known`` are the codes to choose from, ``checks`` those of the
    station, which know detection limits.

    Raises:
        FaultyInput: with every fault of the options, the file's header among them.
    """
    mappings = [mapping(text) for text in choice.maps]
    faults = [fault for one in mappings for fault in _of_a_mapping(one, known)]
    faults += _of_repeats(mappings)
    at = _zone(choice.zone)
    if at is None:
        faults.append(Fault("--zone", f"unknown {choice.zone!r}", "write it as Asia/Shanghai"))
    if bool(choice.item) != bool(choice.value):
        what = "belong together"
        faults.append(Fault("--item and --value", what, "name a column with each"))
    named = [("--item", choice.item), ("--value", choice.value)]
    if not choice.item:
        named = [(one.where, one.column) for one in mappings if one.column]
    times = [part.strip() for part in choice.time.split(",")]
    try:
        wanted = dict.fromkeys([choice.time, *times, *(name for _, name in named)])
        source = source_of(file, list(wanted), choice.sheet)
    except FaultyInput as error:
        raise FaultyInput([*faults, *error.faults]) from error
    if source.named(choice.time):
        times = [choice.time]
    for where, name in [*(("--time", name) for name in times), *named]:
        faults += _of_a_name(where, name, source, file)
    if faults or at is None:
        raise FaultyInput(faults)
    marks = cells.marks_of(choice.missing, choice.decimal or ".")
    position = tuple(source.named(name)[0] for name in times)
    found = Table(file, source, position, at, (), marks, choice.dates, choice.stamps == "end")
    return _mapped(found, choice, mappings, checks or defaults())


def _mapped(
    table: Table, choice: Choice, mappings: Sequence[Mapping], checks: dict[str, Checks]
) -> Table:
    """The table with its columns, below whatever stands under its header.

    Raises:
        FaultyInput: the file says of a column that it is in a unit which cannot be taken.
    """
    positions = [table.source.named(choice.value or one.column)[0] for one in mappings]
    above, units = _below_header(table, positions)
    columns, faults = list[Column](), list[Fault]()
    for one, position in zip(mappings, positions, strict=True):
        own = INDICATORS[one.code].unit
        said = one.unit or ("" if choice.item else units.get(position, _unit_of(one.column)))
        factor = cells.factor(said, own) if said else 1.0
        if factor is None and (one.unit or cells.is_unit(said)):
            what = f"wrong unit {said} of {one.code}, which {table.file.name} names"
            faults.append(Fault(one.where, what, f"{_taken_in(own)}; write it behind the code"))
        limit = checks[one.code].detection if one.code in checks else None
        columns.append(Column(one.column, position, one.code, factor or 1.0, limit))
    if faults:
        raise FaultyInput(faults)
    by_item = dict[str, tuple[int, ...]]()
    for number, one in enumerate(mappings):
        by_item[one.column] = (*by_item.get(one.column, ()), number)
    return replace(
        table,
        source=replace(table.source, above=above),
        columns=tuple(columns),
        item=table.source.named(choice.item)[0] if choice.item else None,
        guards_decimals=not choice.decimal,
        _by_item=by_item,
    )


def _below_header(table: Table, positions: Sequence[int]) -> tuple[int, dict[int, str]]:
    """The last line of the header with what belongs to it, and the units there, by position. A
    line with a time or a value is none of them.
    """
    above, units = table.source.above, dict[int, str]()
    for number, fields in islice(table.lines(), _BELOW_HEADER):
        said = {position: text.strip() for position, text in enumerate(fields) if text.strip()}
        if table.instant(table.stamp(fields)) is not NoInstant.NO_TIME:
            break
        if any(_is_value(said.get(position, ""), table.marks) for position in positions):
            break
        here = {position: text for position, text in said.items() if cells.is_unit(text)}
        if not here and not all(map(_OF_COLUMNS.fullmatch, said.values())):
            break
        above, units = number, here | units
    return above, units


def _is_value(text: str, marks: Marks) -> bool:
    found = cells.measured(text, marks, 1.0)
    return not isinstance(found, cells.NoNumber) and found.value is not None


def _unit_of(name: str) -> str:
    """The unit that the name of a column has at its end."""
    found = _IN_NAME.search(name)
    return found[1] if found else ""


def _of_a_mapping(one: Mapping, known: Iterable[str]) -> Iterator[Fault]:
    if not one.column or not one.code or not one.text.isprintable():
        yield Fault(one.where, "is not column=code", "write e.g. PM2.5=a34004")
    elif one.code not in INDICATORS:
        remedy = f"use one of {', '.join(known)}"
        yield Fault(one.where, f"unknown indicator {one.code!r}", remedy)
    elif one.unit and cells.factor(one.unit, INDICATORS[one.code].unit) is None:
        remedy = _taken_in(INDICATORS[one.code].unit)
        yield Fault(one.where, f"wrong unit {one.unit} of {one.code}", remedy)


def _taken_in(own: str) -> str:
    others = "".join(f", or in {unit}" for unit in cells.convertible(own))
    return f"it is taken in {own or 'a number without unit'}{others}"


def _of_repeats(mappings: Sequence[Mapping]) -> Iterator[Fault]:
    codes = [one.code for one in mappings]
    for position, one in enumerate(mappings):
        if one.code and one.code in codes[:position]:
            what = f"{one.code} is mapped from {mappings[codes.index(one.code)].column!r} already"
            yield Fault(one.where, what, "leave one of them out")


def _of_a_name(where: str, name: str, source: Source, file: Path) -> Iterator[Fault]:
    positions = source.named(name)
    if not positions:
        remedy = f"its header has {source.listed()}"
        yield Fault(where, f"no column {name!r} in {file.name}", remedy)
    elif len(positions) > 1:
        what = f"column {name!r} stands {len(positions)} times in {file.name}"
        yield Fault(where, what, "give each a name of its own")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # not found is a KeyError; a folder an OSError
        return None
