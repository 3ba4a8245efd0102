"""Files with payments as one set of books, with everything that could not be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import NO_DAY, Books, Payments
from budget.reading.columns import (
    Coded,
    Days,
    Fault,
    Money,
    TextColumn,
    days_of,
    money_of,
    order_of,
)
from budget.reading.mapping import AMOUNT, CODES, DATE, TEXTS, Asked
from budget.reading.tables import Table, code_of, tables_of, text_of
from config.vocabulary.errors import FaultyInput
from tabular.figures import Order
from tabular.layout import Column
from tabular.structure.names import at

_DIGITS = 80


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that could not be taken, by its number in the file; 0 stands for the whole file.
    ``faults`` are by the name of their column, which is empty of a whole file.
    """

    file: str
    row: int
    faults: tuple[tuple[str, Fault], ...]

    @property
    def what(self) -> str:
        """All faults in English."""
        return " / ".join(f"{name}: {of.what}" if name else of.what for name, of in self.faults)


@dataclass(frozen=True, slots=True)
class Reading:
    """The books, whose payments have their place in ``files`` and ``numbers`` as id; ``rows``
    counts all rows of data, ``total`` is the exact sum in yuan of those that were not refused.
    ``by_header`` has for each file the columns that nobody mapped, by the name of what they hold.
    """

    books: Books
    rows: int
    total: Decimal
    refused: tuple[Refusal, ...]
    files: tuple[str, ...]
    by_header: tuple[Mapping[str, str], ...]
    _file: NDArray[np.int32]
    _number: NDArray[np.int64]

    def origin(self, payment: int) -> tuple[str, int]:
        """File and row of a payment."""
        return self.files[self._file[payment]], int(self._number[payment])


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one table."""

    file: str
    columns: Mapping[str, Column]
    numbers: NDArray[np.int64]
    coded: Mapping[str, Coded]


def read(files: Sequence[str], asked: Asked) -> Reading:
    """Every table of the files that has the columns. The order of files means nothing, and a file
    that holds the same as another is left out.

    Raises:
        FaultyInput: a file cannot be read, or has not the columns.
    """
    opened = [(file, *one) for file in files for one in _chosen(file, asked)]
    parts, refused = [], []
    seen: dict[object, str] = {}
    for file, table, columns in opened:
        name = f"{file}:{table.sheet}" if _shares(file, opened) else file
        part = _part(name, table, columns)
        twin = seen.setdefault(_content(part), name)
        if twin is name:
            parts.append(part)
        else:
            refused.append(Refusal(name, 0, (("", Fault("twin", twin)),)))
    return _reading(parts, refused, asked)


def _shares(file: str, opened: Sequence[tuple[str, Table, object]]) -> bool:
    """Whether several tables of a file are read."""
    return len({table.sheet for one, table, _ in opened if one == file}) > 1


def _chosen(file: str, asked: Asked) -> list[tuple[Table, Mapping[str, Column]]]:
    found = list[tuple[Table, Mapping[str, Column]]]()
    faults: list[FaultyInput] = []
    for table in tables_of(Path(file)):
        try:
            found.append((table, asked.among(table.columns, file)))
        except FaultyInput as error:  # another sheet may be about something else
            faults.append(error)
    if not found:
        raise faults[0]
    return found


def _part(name: str, table: Table, columns: Mapping[str, Column]) -> _Part:
    coded = {of: Coded() for of in columns}
    targets = [(columns[of].position, coded[of].take) for of in columns]
    numbers = []
    for number, cells in table.data():
        numbers.append(number)
        for position, take in targets:
            take(at(cells, position))
    return _Part(name, columns, np.array(numbers, np.int64), coded)


def _content(part: _Part) -> object:
    """The same for the same rows in the same order."""
    return tuple((of, coded.cells, coded.codes.tobytes()) for of, coded in part.coded.items())


def _reading(parts: Sequence[_Part], refused: list[Refusal], asked: Asked) -> Reading:
    orders = {order_of(part.coded[DATE]) for part in parts} - {Order.UNKNOWN}
    order = orders.pop() if len(orders) == 1 else Order.UNKNOWN
    columns = {
        field: TextColumn(code_of if field in CODES else text_of) for field in TEXTS.values()
    }
    cents, days, total = [], [], Decimal()
    for part in parts:
        money = money_of(part.coded[AMOUNT], part.columns[AMOUNT])
        dated = days_of(part.coded[DATE], part.columns[DATE], order)
        amounts = np.frombuffer(part.coded[AMOUNT].codes, np.int32)
        dates = np.frombuffer(part.coded[DATE].codes, np.int32)
        good = _good(money, amounts) & _good(dated, dates)
        refused += _refusals(part, money, dated, np.flatnonzero(~good))
        total = _sum(total, money, amounts[good])
        cents.append(money.cents[amounts])
        days.append(np.where(good, dated.days[dates], NO_DAY))
        for name, field in TEXTS.items():
            if name in part.coded:
                columns[field].add(part.coded[name])
            else:
                columns[field].skip(len(good))
    kept = np.concatenate(days) != NO_DAY
    payments = Payments(
        ids=np.arange(int(kept.sum()), dtype=np.int64),
        cents=np.concatenate(cents)[kept],
        days=np.concatenate(days)[kept],
        **{field: column.texts(kept) for field, column in columns.items()},
    )
    file = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part.numbers) for part in parts])
    return Reading(
        Books(payments=payments),
        len(kept),
        total,
        tuple(sorted(refused, key=lambda of: (of.file, of.row))),
        tuple(part.file for part in parts),
        tuple(
            {name: of.name for name, of in part.columns.items() if name not in asked.columns}
            for part in parts
        ),
        file[kept],
        np.concatenate([part.numbers for part in parts])[kept],
    )


def _good(of: Money | Days, codes: NDArray[np.int32]) -> NDArray[np.bool_]:
    good = np.array([not wrong for wrong in of.wrong], bool)
    return good[codes] if len(good) else np.zeros(0, bool)


def _sum(total: Decimal, money: Money, codes: NDArray[np.int32]) -> Decimal:
    counts = np.bincount(codes, minlength=len(money.yuan)).tolist()
    with localcontext(prec=_DIGITS):
        return sum((yuan * n for yuan, n in zip(money.yuan, counts, strict=True) if n), total)


def _refusals(part: _Part, money: Money, days: Days, rows: NDArray[np.intp]) -> Iterator[Refusal]:
    for row in rows.tolist():
        said = (
            (part.columns[DATE].name, days.wrong[part.coded[DATE].codes[row]]),
            (part.columns[AMOUNT].name, money.wrong[part.coded[AMOUNT].codes[row]]),
        )
        faults = tuple((column, wrong) for column, wrong in said if wrong)
        yield Refusal(part.file, int(part.numbers[row]), faults)
