"""Readings in a CSV file, as the commands that judge a file need them: column by column."""

from __future__ import annotations

from argparse import ArgumentParser
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.time import MINUTE_MS, SHANGHAI
from tabular import cells
from tabular.lines import Lines, header

MISSING = frozenset({"NULL", "null", "-9999"})
"""Besides an empty cell, NA and NaN. The number is meant however it is written: -9999.0 too."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is judged: its name and place in a line, and its indicator. A cell times ``factor`` is
    in the indicator's unit.
    """

    name: str
    position: int
    code: str
    factor: float


@dataclass(frozen=True, slots=True)
class Table:
    """A file that holds what is asked of it; ``time`` is a place in a line."""

    file: Path
    delimiter: str
    width: int
    time: int
    zone: ZoneInfo
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """What was read, a row for each line. ``t`` is UTC epoch ms, 0 where a line is not ``timely``;
    of each column the values, NaN where there is none, and the causes.
    """

    t: NDArray[np.int64]
    timely: NDArray[np.bool_]
    values: tuple[NDArray[np.float64], ...]
    causes: tuple[NDArray[np.uint8], ...]
    digest: str


def add_columns(parser: ArgumentParser, *, required: bool) -> None:
    """Options that say where in a file lies what."""
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


def looked_up(file: Path, time: str, maps: Sequence[str], zone: str) -> Table:
    """Where in a file lies what is asked.

    Raises:
        FaultyInput: the first thing that does not hold.
    """
    parted = [text.rpartition("=")[::2] for text in maps]
    delimiter, names = header(file, [time, *(column.strip() for column, _ in parted)])
    _once("--time", time, names, file)
    columns: list[Column] = []
    for text, (name, code) in zip(maps, parted, strict=True):
        one = _column(text, name.strip(), code, names, file)
        for other in columns:
            if one.name == other.name or one.code == other.code:
                what = f"is a second map of {one.name!r} or of {one.code}"
                raise _fault(f"--map {text}", what, "leave one of them out")
        columns.append(one)
    try:
        where = ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:  # a folder is an OSError
        raise _fault("--zone", f"unknown {zone!r}", "write it as Asia/Shanghai") from error
    return Table(file, delimiter, len(names), names.index(time), where, tuple(columns))


def _column(text: str, name: str, asked: str, names: list[str], file: Path) -> Column:
    code, _, unit = (part.strip() for part in asked.partition(":"))
    if not text.isprintable() or not name or not code:
        raise _fault("--map", f"{text!r} is not column=code", "write e.g. PM2.5=a34004")
    where = f"--map {text}"
    if code not in INDICATORS:
        remedy = f"use one of {', '.join(INDICATORS)}"
        raise _fault(where, f"unknown indicator {code!r}", remedy)
    own = INDICATORS[code].unit
    factor = cells.factor(unit or own, own)
    if factor is None:
        others = "".join(f", or in {other}" for other in cells.convertible(own))
        remedy = f"it is taken in {own or 'a number without unit'}{others}"
        raise _fault(where, f"wrong unit {unit} of {code}", remedy)
    _once(where, name, names, file)
    for ours in (f"{name}_flag", f"{name}_cause"):
        if ours in names:
            raise _fault(where, f"{file.name} has a column {ours!r} already", "rename that one")
    return Column(name, names.index(name), code, factor)


def _once(where: str, name: str, names: list[str], file: Path) -> None:
    if name not in names:
        remedy = f"its header has {', '.join(names) or 'no column'}"
        raise _fault(where, f"no column {name!r} in {file.name}", remedy)
    if names.count(name) > 1:
        what = f"column {name!r} stands {names.count(name)} times in {file.name}"
        raise _fault(where, what, "give each a name of its own")


def lines_of(table: Table, lines: Lines) -> Iterator[list[str]]:
    """The fields of the header and of each line, cut to the header's width."""
    for number, fields in lines:
        if any(fields[table.width :]):
            what = f"line {number} has more cells than the header"
            raise _fault(str(table.file), what, "mend its delimiters or quotes")
        yield fields[: table.width]


def cells_of(table: Table) -> Cells:
    """All that the file holds of it.

    Raises:
        FaultyInput: a line has more cells than the header.
    """
    t, timely, numbers = array("q"), bytearray(), cells.numbers_of(MISSING)
    values = [array("d") for _ in table.columns]
    causes = [bytearray() for _ in table.columns]
    targets = list(zip(table.columns, values, causes, strict=True))

    @lru_cache(1 << 16)  # of a sensor's decimals there are few
    def known(text: str, factor: float) -> tuple[float, Cause]:
        cell = cells.measured(text.strip(), MISSING, numbers, factor)
        value, cause = cell or (None, Cause.NOT_A_NUMBER)
        return np.nan if value is None else value, cause

    with Lines(table.file, table.delimiter) as lines:
        rows = lines_of(table, lines)
        next(rows, None)  # the header
        for fields in rows:
            whole = len(fields) == table.width
            at = cells.instant(fields[table.time].strip(), table.zone) if whole else None
            t.append(at or 0)
            timely.append(at is not None)
            for column, into, why in targets:
                text = fields[column.position] if column.position < len(fields) else ""
                value, cause = known(text, column.factor)
                into.append(value)
                why.append(cause)
        digest = lines.digest
    return Cells(
        np.array(t, np.int64),
        np.array(timely, np.bool_),
        tuple(np.array(of, np.float64) for of in values),
        tuple(np.array(of, np.uint8) for of in causes),
        digest,
    )


def readings(read: Cells) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Instants of the lines by time, of several of one instant the first, and their places."""
    timely = np.flatnonzero(read.timely)
    t, first = np.unique(read.t[timely], return_index=True)
    return t, timely[first]


def cadence_ms(t: NDArray[np.int64]) -> int:
    """The median step, ms."""
    return int(np.median(np.diff(t))) if len(t) > 1 else MINUTE_MS


def _fault(where: str, what: str, remedy: str) -> FaultyInput:
    return FaultyInput([Fault(where, what, remedy)])
