"""Marks of the sheets of a workbook that the values of its cells do not tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Position = tuple[int, int]
"""Row and column, counted from 0."""
Span = tuple[int, int]
"""The first and the last of rows or columns, counted from 0."""
NOT_COMPUTED = "="


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet: ``broken`` are cells that show nothing true, ``#REF!`` and its like, or ``=``
    for a formula without a value; and the rows and columns that nobody sees.
    """

    broken: Mapping[Position, str] = field(default_factory=dict)
    hidden_rows: tuple[Span, ...] = ()
    hidden_columns: tuple[Span, ...] = ()


def spans(numbers: Iterable[int]) -> Iterator[Span]:
    """Rows or columns that follow each other, as spans; they come in order."""
    first = last = -1
    for number in numbers:
        if first >= 0 and number == last + 1:
            last = number
            continue
        if first >= 0:
            yield first, last
        first = last = number
    if first >= 0:
        yield first, last


def within(found: Iterable[Span], number: int) -> bool:
    """Whether a row or column lies in any of some spans."""
    return any(first <= number <= last for first, last in found)
