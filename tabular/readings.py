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
from tabular.columns import Table
from tabular.lines import Lines

MISSING = frozenset({"NULL", "null", "-9999"})
"""Besides an empty cell, NA and NaN. The number is meant however it is written: -9999.0 too."""


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


def lines_of(table: Table, lines: Lines) -> Iterator[list[str]]:
    """The fields of the header and of each line, cut to the header's width.

    Raises:
        FaultyInput: a line has more cells than the header.
    """
    for number, fields in lines:
        if any(fields[table.width :]):
            what = f"line {number} has more cells than the header"
            remedy = "mend its delimiters or quotes"
            raise FaultyInput([Fault(str(table.file), what, remedy)])
        yield fields[: table.width]


def cells_of(table: Table) -> Cells:
    """Every line of the file, in its order.

    Raises:
        FaultyInput: a line has more cells than the header, or see ``Lines``.
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
