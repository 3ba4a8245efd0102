"""Readings in a CSV file, as the commands that judge a file need them: column by column."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.quality import Cause
from config.vocabulary.time import MINUTE_MS
from tabular import cells
from tabular.cells import Decimals
from tabular.columns import Table
from tabular.lines import Lines


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a file, a row for each line. ``t`` is UTC epoch ms, 0 where a line is not
    ``timely``; of each column the values, NaN where there is none, and the causes, for the lines
    that are ``held`` by it.
    """

    t: NDArray[np.int64]
    timely: NDArray[np.bool_]
    values: tuple[NDArray[np.float64], ...]
    causes: tuple[NDArray[np.uint8], ...]
    held: tuple[NDArray[np.bool_], ...]
    digest: str


def lines_of(table: Table, lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """Number and fields of each line, cut to the header's width.

    Raises:
        FaultyInput: a line has more cells than the header.
    """
    for number, fields in lines:
        if any(fields[table.width :]):
            what = f"line {number} has more cells than the header"
            remedy = "mend its delimiters or quotes"
            raise FaultyInput([Fault(str(table.file), what, remedy)])
        yield number, fields[: table.width]


def cells_of(table: Table) -> Cells:
    """Every line of the file, in its order.

    Raises:
        FaultyInput: a line has more cells than the header, the decimals have commas, a time is of
            the end of a span that nobody knows, or see ``Lines``.
    """
    t, timely = array("q"), bytearray()
    values = [array("d") for _ in table.columns]
    causes = [bytearray() for _ in table.columns]
    held = [bytearray() for _ in table.columns]
    decimals, lines = Decimals(table.delimiter), table.lines()

    @lru_cache(1 << 16)  # of a sensor's decimals there are few
    def known(text: str, factor: float, limit: float | None) -> tuple[float, Cause]:
        cell = cells.measured(text, table.marks, factor, limit)
        value, cause = (None, Cause.NOT_A_NUMBER) if isinstance(cell, cells.NoNumber) else cell
        return np.nan if value is None else value, cause

    for number, fields in lines_of(table, lines):
        whole = len(fields) == table.width
        at = table.instant(table.stamp(fields)) if whole else None
        t.append(at if isinstance(at, int) else 0)
        timely.append(isinstance(at, int))
        there = table.held(fields)
        for position, column in enumerate(table.columns):
            text = fields[column.position].strip() if column.position < len(fields) else ""
            value, cause = known(text, column.factor, column.limit)
            if position in there and table.guards_decimals:
                decimals.see(number, column.name, text)
            values[position].append(value)
            causes[position].append(cause)
            held[position].append(position in there)
    if table.guards_decimals and (fault := decimals.fault(str(table.file))):
        raise FaultyInput([fault])
    instants = np.array(t, np.int64)
    return Cells(
        _begun(table, instants, np.array(timely, np.bool_)),
        np.array(timely, np.bool_),
        tuple(np.array(of, np.float64) for of in values),
        tuple(np.array(of, np.uint8) for of in causes),
        tuple(np.array(of, np.bool_) for of in held),
        lines.digest,
    )


def _begun(table: Table, t: NDArray[np.int64], timely: NDArray[np.bool_]) -> NDArray[np.int64]:
    """When what a line holds began to be measured, where the file says when it ended."""
    return np.where(timely, t - shift_ms(table, t[timely]), 0) if table.at_end else t


def shift_ms(table: Table, t: NDArray[np.int64]) -> int:
    """How long before its stamp a line's span began, ms: 0, or the cadence of the stamps.

    Raises:
        FaultyInput: of a single instant no cadence is known.
    """
    if not table.at_end:
        return 0
    if len(np.unique(t)) < 2:
        what, remedy = "asks for two instants at least", "leave it out"
        raise FaultyInput([Fault("--stamps end", what, remedy)])
    return cadence_ms(t)


def readings(read: Cells, position: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Instants of the lines of a column by time, UTC epoch ms, and their positions; the first of
    several lines at one instant.
    """
    timely = np.flatnonzero(read.timely & read.held[position])
    t, first = np.unique(read.t[timely], return_index=True)
    return t, timely[first]


def cadence_ms(t: NDArray[np.int64]) -> int:
    """The median step of instants in any order, ms."""
    steps = np.diff(np.unique(t))
    return int(np.median(steps)) if len(steps) else MINUTE_MS
