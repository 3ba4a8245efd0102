"""Names of columns out of a header of one row or several. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tabular.files.indents import Indented
from tabular.sheets import Cell, Sheet, width

_BLANKS = re.compile(r"(?<![!-~]) | (?![!-~])")


def close(cell: Cell) -> str:
    """A text without blanks and line breaks, as in 合　　计."""
    return "".join(str(cell).split())


def title(cell: Cell) -> str:
    """A name on one line: blanks stay between words of letters alone."""
    return _BLANKS.sub("", " ".join(str(cell).split()))


def at(row: Sequence[Cell], position: int) -> Cell:
    """The cell at a position, None behind the row's end."""
    return row[position] if position < len(row) else None


def bare(cell: Cell) -> Cell:
    """A cell of which nobody needs to know how far it was indented."""
    return str(cell) if isinstance(cell, Indented) else cell


def filled(row: Sequence[Cell]) -> set[int]:
    """Positions at which something stands."""
    return {position for position, cell in enumerate(row) if cell is not None}


def names_of(sheet: Sheet, header: Sequence[int]) -> Mapping[int, str]:
    """Name by position. Of two rows a group stands above its parts (group/part); where the lower
    one names every column by itself, the upper one tells columns apart (name (upper)). Columns of
    one name get numbers: 金额, 金额 (2).
    """
    columns = range(width([sheet.rows[index] for index in header]))
    own = [sheet.rows[index] for index in header]
    lowest = own[-1]
    whole = len(header) > 1 and all(
        at(lowest, column) is not None
        for column in columns
        if any(at(row, column) is not None for row in own)
    )
    if whole and not _is_grouped(sheet, header[0]):
        named = {column: _distinguished(own, column) for column in columns}
        known = [name for name in named.values() if name]
        if len(set(known)) == len(known):
            return {column: name for column, name in named.items() if name}
    spread = [_spread(sheet, index, header[-1], len(columns)) for index in header]
    named = {column: "/".join(_parts(spread, column)) for column in columns}
    return _apart({column: name for column, name in named.items() if name})


def _apart(names: Mapping[int, str]) -> Mapping[int, str]:
    seen: dict[str, int] = {}
    found = {}
    for column, name in names.items():
        seen[name] = seen.get(name, 0) + 1
        found[column] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return found


def _parts(rows: Sequence[Sequence[Cell]], column: int) -> list[str]:
    """A column's texts from top to bottom, each once."""
    texts = [title(text) for row in rows if (text := at(row, column)) is not None]
    return list(dict.fromkeys(texts))


def _distinguished(rows: Sequence[Sequence[Cell]], column: int) -> str:
    *upper, name = _parts(rows, column) or [""]
    return f"{name} ({'/'.join(upper)})" if upper else name


def _is_grouped(sheet: Sheet, index: int) -> bool:
    return any(first == index and left < right for first, left, _, right in sheet.merged)


def _spread(sheet: Sheet, index: int, lowest: int, size: int) -> tuple[Cell, ...]:
    """A row of the header in which a merged cell stands at each of its positions; where nothing in
    the row is merged, a group's name goes on to the right as long as rows below have parts.
    """
    row = [at(sheet.rows[index], column) for column in range(size)]
    below = [sheet.rows[n] for n in range(index + 1, lowest + 1)]
    parts = {column for column in range(size) if any(at(one, column) is not None for one in below)}
    here = [one for one in sheet.merged if one[0] <= index <= one[2]]
    for top, left, _, right in here:
        for column in range(left, min(right + 1, size)):
            row[column] = at(sheet.rows[top], left)
    if not here:
        for column in range(1, size):
            if row[column] is None and {column - 1, column} <= parts:
                row[column] = row[column - 1]
    return tuple(row)
