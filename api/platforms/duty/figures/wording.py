"""Figures in words, and the spreadsheet in which they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from api.platforms.duty.figures.records import (
    LONGEST_MEASURE,
    LONGEST_NAME,
    LONGEST_SOURCE,
    NUMBER,
    SPANS,
    TOPICS,
    YEAR,
    Change,
    Figure,
    plain_number,
)
from api.procedures.procedure import Row
from api.web.forms import LONGEST_WHY
from api.web.tables import Column, Sheet, Value
from config.catalogue.words import Words
from config.vocabulary.errors import FaultyInput
from tabular import sheets
from tabular.sheets import Cell

MOST_ROWS = 500
_PERIOD, _NUMBERS = ("year", "span"), ("value", "before", "year_before")
FIELDS = ("topic", "name", "measure", *_PERIOD, *_NUMBERS, "source", "note")
"""In the order of a spreadsheet's columns."""
NEEDED = ("topic", "name", "year", "span", "value", "source")
_LONGEST = {
    "name": LONGEST_NAME,
    "measure": LONGEST_MEASURE,
    "source": LONGEST_SOURCE,
    "note": LONGEST_WHY,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as people read it; ``change`` and ``year_change`` are empty where nobody knows."""

    id: int
    topic: str
    name: str
    period: str
    value: str
    change: str
    year_change: str
    source: str
    note: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake of a spreadsheet; without a row it is the whole file's."""

    kind: str
    row: int = 0
    column: str = ""
    given: str = ""


class FaultySheet(Exception):
    """A spreadsheet with mistakes, all of them at once."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = tuple(mistakes)


def line(words: Words, figure: Figure) -> Line:
    """A figure."""
    row = figure.row
    measure = row["measure"] or ""
    return Line(
        row["id"],
        row["topic"],
        row["name"],
        period(words, row),
        _with_unit(f"{Decimal(row['value']):,f}", measure),
        _change(words, figure.before, measure),
        _change(words, figure.year_before, measure),
        row["source"],
        row["note"] or "",
        figure.corrected,
    )


def period(words: Words, row: Row) -> str:
    """The period of a figure."""
    span = words(f"duty.figure.span-{row['span']}")
    return words("duty.figures.period", year=row["year"], span=span)


def sheet(words: Words, figures: Sequence[Figure]) -> Sheet:
    """Figures as a table, with earlier values beside each and the decimals that there are."""
    heads = [
        Column(
            words(f"duty.figure.need-{of}"),
            "number" if of in _NUMBERS else "text",
            _decimals(of, figures),
        )
        for of in FIELDS
    ]
    return Sheet(words("duty.figures.title"), heads, [_cells(words, of) for of in figures])


def _decimals(field: str, figures: Sequence[Figure]) -> int:
    if field not in _NUMBERS:
        return 0
    known = [_earlier(of)[field] for of in figures]
    return max((max(0, -int(of.as_tuple().exponent)) for of in known if of is not None), default=0)


def _cells(words: Words, figure: Figure) -> list[Value]:
    row, numbers = figure.row, _earlier(figure)
    said = {of: words(f"duty.figure.{of}-{row[of]}") for of in ("topic", "span")}
    values = {**row, **said}
    return [
        (None if (number := numbers[of]) is None else float(number))
        if of in _NUMBERS
        else values[of] or ""
        for of in FIELDS
    ]


def _earlier(figure: Figure) -> Mapping[str, Decimal | None]:
    """The value, and those that it is compared with."""
    return {
        "value": Decimal(figure.row["value"]),
        "before": figure.before.earlier if figure.before else None,
        "year_before": figure.year_before.earlier if figure.year_before else None,
    }


def template(words: Words) -> list[list[str]]:
    """The heads of the columns."""
    return [[words(f"duty.figure.need-{of}") for of in FIELDS]]


def read(words: Words, file: str, content: bytes) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of a spreadsheet (xlsx, xls or csv) below a first row of headings, each with its
    number; topics and spans by their names.

    Raises:
        FaultySheet: with every mistake at once.
    """
    try:
        sheet = sheets.parsed(Path(file), content)[0]
    except (FaultyInput, IndexError) as error:
        raise FaultySheet([Mistake("unreadable")]) from error
    rows = [(n, row) for n, row in enumerate(sheet.rows, 1) if any(of is not None for of in row)]
    heads = {words(f"duty.figure.need-{of}"): of for of in FIELDS}
    at = {
        heads[text]: index
        for index, cell in enumerate(rows[0][1] if rows else ())
        if (text := _text(cell)) in heads
    }
    if missing := [of for of in NEEDED if of not in at]:
        lacking = [Mistake("no-column", column=words(f"duty.figure.need-{of}")) for of in missing]
        raise FaultySheet(lacking)
    if len(rows) - 1 > MOST_ROWS:
        raise FaultySheet([Mistake("too-many", given=str(MOST_ROWS))])
    found = [(n, _row(words, cells, at)) for n, cells in rows[1:]]
    mistakes = [of for n, row in found for of in _wrong(words, n, row)]
    if mistakes or not found:
        raise FaultySheet(mistakes or [Mistake("empty")])
    return found


def _row(words: Words, cells: Sequence[Cell], at: Mapping[str, int]) -> Mapping[str, str]:
    said = {of: _text(cells[index]) if index < len(cells) else "" for of, index in at.items()}
    for name, known in (("topic", TOPICS), ("span", SPANS)):
        named = {words(f"duty.figure.{name}-{of}"): of for of in known}
        said[name] = named.get(said[name], said[name])
    for name in ("year", *_NUMBERS):
        said[name] = plain_number(said.get(name, ""))
    return {of: said.get(of, "") for of in FIELDS}


def _wrong(words: Words, number: int, row: Mapping[str, str]) -> Iterator[Mistake]:
    checks = {
        "topic": row["topic"] in TOPICS,
        "span": row["span"] in SPANS,
        "year": bool(YEAR.fullmatch(row["year"])),
        **{of: bool(NUMBER.fullmatch(row[of])) for of in _NUMBERS},
    }
    for name in FIELDS:
        said, column = row[name], words(f"duty.figure.need-{name}")
        if not said:
            if name in NEEDED:
                yield Mistake("missing", number, column)
        elif not checks.get(name, True):
            kind = "number" if name in _NUMBERS else name
            yield Mistake(kind, number, column, said[:40])
        elif len(said) > _LONGEST.get(name, 100) or "\0" in said:
            yield Mistake("long", number, column, said[:40])


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _with_unit(number: str, measure: str) -> str:
    if not measure:
        return number
    return f"{number}{measure}" if measure in ("%", "‰") else f"{number} {measure}"


def _change(words: Words, change: Change | None, measure: str) -> str:
    """Of a percentage in percentage points, of other numbers in percent and by the difference."""
    if change is None:
        return ""
    difference = f"{change.difference:+,f}"
    if measure == "%":
        return words("duty.figures.points", n=difference)
    said = _with_unit(difference, measure)
    if change.part is None:
        return said
    percent = f"{change.part * 100:+.1f}"
    return words("duty.figures.change", percent=percent, difference=said)
