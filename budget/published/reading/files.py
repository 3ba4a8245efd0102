"""Files of published tables as tables with exact sums, each with its unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from budget.published.kinds import Kind, kind_of, narrow
from budget.published.reading.blocks import Block, blocks_of, header_of, paths_of
from budget.published.reading.columns import columns_of
from budget.published.reading.sides import Numbered, sides_of
from budget.published.records import (
    FEN,
    Column,
    Figure,
    Position,
    PublishedTable,
    Reading,
    Text,
    Use,
)
from tabular import figures, sheets
from tabular.sheets import Cell, Sheet
from tabular.structure.headings import is_value
from tabular.structure.names import at, close

_NOTE = re.compile(r"注[:：\d]|备注|说明|本表|\*|※|单位负责人|制表|填表")
_LEAST_SENTENCE = 6
_NONE = ("无", "空表")
_YEAR = re.compile(r"(20\d\d)年")
_DEPARTMENT = re.compile(
    r"(?:部门|单位|编制单位|填报单位|预算部门|预算单位|公开部门)(?:名称)?:(.+)"
)
_COUNTED = re.compile(r"\(?\d{1,2}\)?(?:=.+)?|栏次|行次|栏目|—|-+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of money, and where it is written."""

    name: str
    origin: str


def read(paths: Iterable[Path]) -> Reading:
    """Every table of some files, in their order. Hidden sheets are left out.

    Raises:
        FaultyInput: a file cannot be read.
    """
    return read_sheets((path.name, sheets.read(path)) for path in paths)


def joined(readings: Sequence[Reading]) -> Reading:
    """Several readings as one."""
    return Reading(
        tuple(table for one in readings for table in one.tables),
        tuple(text for one in readings for text in one.texts),
        tuple(title for one in readings for title in one.unknown),
    )


def read_sheets(files: Iterable[tuple[str, Sequence[Sheet]]]) -> Reading:
    """Every table of the sheets of some files, each under the file's name."""
    tables, texts, unknown = list[PublishedTable](), list[Text](), list[tuple[str, str, str]]()
    for file, found in files:
        for sheet in found:
            if sheet.hidden:
                continue
            for block in blocks_of(sheet, file):
                table = _table(block)
                if table is not None:
                    tables.append(table)
                    continue
                sentences = list(_texts(block))
                texts += sentences
                if header_of(block) is not None:
                    unknown.append((file, sheet.name, block.title))
    return Reading(tuple(map(_finest(tables), tables)), tuple(texts), tuple(unknown))


def _table(block: Block) -> PublishedTable | None:
    header = header_of(block)
    if header is None:
        return None
    paths = paths_of(block, header)
    heads = {tuple(map(narrow, block.rows[index])) for index in range(*header)}
    below = list(enumerate(block.rows[header[1] :], start=block.first + header[1] + 1))
    body = [(number, cells) for number, cells in below if _is_body(cells, heads)]
    columns = columns_of(paths, [cells for _, cells in body])
    sides = sides_of(columns, body)
    names = [column.full for column in columns]
    names += [line.label for side in sides for line in side.lines]
    kind = kind_of(block.titles, names)
    if kind is None or not sides:
        return None
    unit = _unit(block, header, kind)
    own = {column.unit for column in columns if column.use is Use.MONEY}
    if unit.origin == "assumed" and len(own) == 1 and own != {""}:
        unit = _Unit(own.pop(), "header")
    columns = tuple(
        replace(column, unit=column.unit or unit.name) if column.use is Use.MONEY else column
        for column in columns
    )
    values, wrong = _figures(block, columns, body)
    shares = _shares(columns, body)
    notes = [*_notes(block.rows[: header[0]], block.first + 1)]
    rest = {number for number, _ in body}
    notes += [note for number, cells in below if number not in rest
              for note in _notes([cells], number)]  # fmt: skip
    notes += [note for number, cells in body if _is_lone_text(cells)
              for note in _notes([cells], number)]  # fmt: skip
    return PublishedTable(
        block.file,
        block.sheet,
        block.title,
        kind,
        unit.name,
        unit.origin,
        tuple(block.first + index + 1 for index in range(*header)),
        columns,
        sides,
        values,
        wrong,
        shares,
        tuple(notes),
        _department(block, header[0]),
        _year(block),
    )


def _is_body(cells: Sequence[Cell], heads: set[tuple[str, ...]]) -> bool:
    """Whether a row is one of the table, and no note, no header again and no empty one."""
    texts = [cell for cell in cells if cell is not None]
    if not texts or tuple(map(narrow, cells)) in heads:
        return False
    if len(texts) > 2 and all(_COUNTED.fullmatch(narrow(text)) for text in texts):
        return not _follow(texts)
    said = narrow(texts[0])
    if any(is_value(text) for text in texts[1:]):
        return True
    is_sentence = len(said) > 25 or "。" in said or bool(_NOTE.match(said))
    return not (len(set(map(narrow, texts))) == 1 and is_sentence)


def _follow(texts: Sequence[Cell]) -> bool:
    """Whether numbers of columns stand in a row: 1, 2, 3."""
    numbers = [int(found[0]) for text in texts if (found := re.match(r"\d+", narrow(text)))]
    return numbers == list(range(1, len(numbers) + 1))


def _is_lone_text(cells: Sequence[Cell]) -> bool:
    return len({narrow(cell) for cell in cells if cell is not None}) == 1


def _notes(rows: Sequence[Sequence[Cell]], first: int) -> Iterator[tuple[Position, str]]:
    for number, cells in enumerate(rows, start=first):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and (len(cell) >= _LEAST_SENTENCE or cell in _NONE):
                yield (number, column), close(cell)


def _texts(block: Block) -> Iterator[Text]:
    for number, cells in enumerate(block.rows, start=block.first + 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) >= _LEAST_SENTENCE:
                yield Text(block.file, block.sheet, (number, column), close(cell))


def _unit(block: Block, header: tuple[int, int], kind: Kind) -> _Unit:
    """The unit by a line above the table, its title or header, a line below; else as is usual."""
    above = block.rows[: header[0]]
    if found := block.unit_of(above):
        return _Unit(found, "table")
    for text in (block.title, block.sheet, *(str(c) for row in above for c in row if c)):
        if one := re.search(r"\((?:单位:?)?([十百千万亿]*元)\)", narrow(text)):
            return _Unit(one[1], "table")
    for cells in block.rows[slice(*header)]:
        for cell in cells:
            if one := re.fullmatch(r"\(?(?:单位:?)?([十百千万亿]*元)\)?", narrow(cell)):
                return _Unit(one[1], "header")
    if found := block.unit_of(block.rows[header[1] :][-5:]):
        return _Unit(found, "table")
    return _Unit(kind.unit, "assumed")


def _finest(
    tables: Sequence[PublishedTable],
) -> Callable[[PublishedTable], PublishedTable]:
    """Sums of a table that are whole by chance are as fine as the other tables of its file."""
    steps = dict[tuple[str, str], int]()
    for table in tables:
        for position, figure in table.figures.items():
            key = table.file, _unit_at(table, position)
            steps[key] = min(steps.get(key, figure.step), figure.step)

    def finer(table: PublishedTable) -> PublishedTable:
        found = {}
        for position, figure in table.figures.items():
            unit = _unit_at(table, position)
            is_whole = figure.step == figures.UNITS[unit] * FEN
            step = steps[table.file, unit] if is_whole else figure.step
            found[position] = Figure(figure.fen, step)
        return replace(table, figures=found)

    return finer


def _unit_at(table: PublishedTable, position: Position) -> str:
    return next(one.unit for one in table.columns if one.position == position[1])


def _figures(
    block: Block, columns: Sequence[Column], body: Sequence[Numbered]
) -> tuple[dict[Position, Figure], dict[Position, str]]:
    money = [column for column in columns if column.use is Use.MONEY]
    values, wrong = dict[Position, Figure](), dict[Position, str]()
    steps = {unit: _step(unit, money, body) for unit in {column.unit for column in money}}
    for number, cells in body:
        for column in money:
            cell = at(cells, column.position)
            found = figures.money(cell, column.unit if column.unit in figures.UNITS else "元")
            if isinstance(found, Decimal):
                fen = int((found * FEN).to_integral_value())
                values[number, column.position] = Figure(fen, steps[column.unit])
            elif found is not None:
                wrong[number, column.position] = str(cell)
            elif shown := block.broken.get((number - 1, column.position)):
                wrong[number, column.position] = shown
    return values, wrong


def _shares(columns: Sequence[Column], body: Sequence[Numbered]) -> dict[Position, Decimal]:
    """Percent as they are written: 12.5 of 12.5%."""
    found = dict[Position, Decimal]()
    for number, cells in body:
        for column in columns:
            one = figures.figure(at(cells, column.position))
            if column.use is Use.PERCENT and one is not None and not one.unit:
                found[number, column.position] = one.value
    return found


def _step(unit: str, money: Sequence[Column], body: Sequence[Numbered]) -> int:
    """The last decimal of a unit's figures in fen: the finest that a quarter of those with any
    decimals have, as zeros at an end are lost. Sums in 元 are exact.
    """
    yuan = figures.UNITS[unit]
    if yuan == 1:
        return 0
    cells = (at(cells, one.position) for _, cells in body for one in money if one.unit == unit)
    known = [found.value for cell in cells if (found := figures.figure(cell)) is not None]
    places = Counter(_decimals(value) for value in known)
    places.pop(0, None)
    most = sum(places.values())
    finest = 0
    for count in sorted(places):
        if sum(n for at_, n in places.items() if at_ >= count) * 4 >= most:
            finest = count
    return max(int(yuan * FEN * Decimal(10) ** -finest), 1)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _department(block: Block, end: int) -> str:
    for row in block.rows[:end]:
        for cell in row:
            if (found := _DEPARTMENT.match(narrow(cell))) and found[1] not in figures.UNITS:
                return found[1]
    return ""


def _year(block: Block) -> int | None:
    for title in (*block.titles, block.file):
        if found := _YEAR.search(narrow(title)) or re.search(r"(20\d\d)(?!\d)", title):
            return int(found[1])
    return None
