"""Sentences that repeat sums, percentages, empty tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget.published.kinds import Checks, Kind, narrow
from budget.published.records import (
    FEN,
    Break,
    Figure,
    Position,
    PublishedTable,
    Text,
    Use,
    cell_name,
    written,
)
from budget.published.sums.equations import Known
from budget.published.sums.groups import compared
from budget.published.sums.picking import Picking, Sum
from tabular import figures

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"([十百千万亿]*元)"
_GAP = r"(?:(?!增|减|比|较|其中|占|\d|[。;,]).){0,12}?"
_OTHER_MONEY = re.compile(
    r"财政拨款$|政府性基金(?:预算)?$|国有资本(?:经营)?(?:预算)?$|上年.{0,6}$|去年.{0,6}$"
)
_YEAR = re.compile(r"(20\d\d)年")
_GROWTH = re.compile(
    rf"{_NUMBER}{_UNIT}[^。;\d]{{0,12}}(?:比|较|与)[^。;]{{0,20}}?(增加|减少|增长|下降|上升)"
    rf"{_NUMBER}{_UNIT}[^。;\d]{{0,8}}{_NUMBER}%"
)
_LESS = ("减少", "下降")
_NONE = re.compile(r"没有|无|未安排|未发生|不涉及|不存在|为空|空表|为零|为0")
_SIGNS = 8
"""Before the words of a sum, by which its year and fund are known."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A sum as a sentence has it, in fen, and its last decimal."""

    fen: int
    step: int
    unit: str


def breaks_of_sentences(
    picking: Picking, texts: Sequence[Text], known: Known, checks: Checks
) -> Iterator[Break]:
    """Sums and percentages of sentences that the tables do not bear out."""
    years = {table.year for table in picking.tables if table.year}
    for text in texts:
        said = narrow(text.text)
        yield from _figures(picking, text, said, known, checks, years)
        yield from _growths(text, said)


def _figures(
    picking: Picking,
    text: Text,
    said: str,
    known: Known,
    checks: Checks,
    years: set[int],
) -> Iterator[Break]:
    for statement in checks.statements:
        for found in re.finditer(rf"(?:{statement.words}){_GAP}{_NUMBER}{_UNIT}", said):
            ahead = said[max(found.start() - _SIGNS, 0) : found.start()]
            if _OTHER_MONEY.search(ahead) or _is_of_another_year(ahead, years):
                continue
            picked = picking.sums(statement.figure) or ()
            sums = [_added(one, known) for one in picked if all(ref in known for ref in one)]
            own = _sum(found[1], found[2])
            if not sums or own is None:
                continue
            if not any(abs(own.fen - one.fen) * 2 <= own.step + one.step for one in sums):
                kind = statement.figure.partition("/")[0]
                number = picking.number_of(kind)
                table = picking.tables[number or 0]
                yield _break("text-figure", text, own, sums[0].fen, table.kind)


def _added(refs: Sum, known: Known) -> Figure:
    return Figure(sum(known[ref].fen for ref in refs), sum(known[ref].step for ref in refs))


def _is_of_another_year(ahead: str, years: set[int]) -> bool:
    found = _YEAR.findall(ahead)
    return bool(found and years and int(found[-1]) not in years)


def _sum(number: str, unit: str) -> _Said | None:
    if unit not in figures.UNITS:
        return None
    value = Decimal(number.replace(",", ""))
    exponent = value.as_tuple().exponent
    yuan = figures.UNITS[unit] * FEN
    step = yuan.scaleb(exponent) if isinstance(exponent, int) else yuan
    return _Said(int(value * yuan), int(step) if unit != "元" else 0, unit)


def _break(check: str, text: Text, own: _Said, should: int, kind: Kind) -> Break:
    return Break(
        check,
        (check,),
        kind.id,
        text.file,
        text.sheet,
        cell_name(text.position),
        text.text[:60],
        written(own.fen, own.unit),
        written(should, own.unit),
        own.unit,
        own.fen - should,
    )


def _growths(text: Text, said: str) -> Iterator[Break]:
    for found in _GROWTH.finditer(said):
        now, change = _sum(found[1], found[2]), _sum(found[4], found[5])
        if now is None or change is None:
            continue
        before = now.fen + change.fen * (1 if found[3] in _LESS else -1)
        if before <= 0:
            continue
        made = Decimal(change.fen) / before * 100
        room = Decimal(now.step + 2 * change.step) / before * 100
        stated = Decimal(found[6])
        if not _agrees(stated, made, room):
            yield _of_percent("text-percent", "", text.file, text.sheet, text.position,
                              text.text[:60], stated, made)  # fmt: skip


def _agrees(stated: Decimal, made: Decimal, room: Decimal = Decimal(0)) -> bool:
    """Whether a percentage is that of its figures, rounded as it is written."""
    exponent = stated.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(stated - made) <= max(step, Decimal("0.01")) / 2 + room + Decimal("0.005")


def _of_percent(
    check: str,
    kind: str,
    file: str,
    sheet: str,
    position: Position,
    label: str,
    stated: Decimal,
    made: Decimal,
) -> Break:
    says, should = f"{stated:f}", f"{made.quantize(Decimal('0.01')):f}"
    return Break(
        check, (check,), kind, file, sheet, cell_name(position), label, says, should, "%", None
    )


def breaks_of_percent(table: PublishedTable) -> Iterator[Break]:
    """Changes in percent that are not those of the two years beside them."""
    for side in table.sides:
        pair = compared(side)
        shares = [column for column in table.columns if column.use is Use.PERCENT
                  and re.search(r"增|减|变动", column.full)]  # fmt: skip
        if pair is None or len(shares) != 1 or len(table.sides) > 1:
            continue
        for line in side.lines:
            now = table.figures.get((line.row, line.at[pair[0]]))
            before = table.figures.get((line.row, line.at[pair[1]]))
            stated = table.shares.get((line.row, shares[0].position))
            if now is None or before is None or stated is None or before.fen <= 0:
                continue
            made = Decimal(now.fen - before.fen) / before.fen * 100
            room = Decimal(now.step + before.step) * 2 / before.fen * 100
            if not (_agrees(stated, made, room) or _agrees(stated * 100, made, room + 1)):
                position = (line.row, shares[0].position)
                yield _of_percent("percent", table.kind.id, table.file, table.sheet, position,
                                  line.label, stated, made)  # fmt: skip


def breaks_of_cells(table: PublishedTable) -> Iterator[Break]:
    """Cells in which a sum should stand and something else does."""
    labels = {line.row: line.label for side in table.sides for line in side.lines}
    for position, said in table.wrong.items():
        label = labels.get(position[0], "")
        yield Break("unreadable", ("unreadable",), table.kind.id, table.file, table.sheet,
                    cell_name(position), label, said, "", table.unit, None)  # fmt: skip


def breaks_of_empty(table: PublishedTable, texts: Sequence[Text]) -> Iterator[Break]:
    """An empty table without the sentence that there is no such money."""
    if table.figures or table.wrong:
        return
    said = [text for (row, _), text in table.notes if row > table.header_rows[-1]]
    for text in texts:
        parts = re.split(r"[。；;]", narrow(text.text))
        said += [part for part in parts if table.kind.is_named_by(part)]
    if not any(_NONE.search(text) for text in said):
        position = (table.header_rows[-1] + 1, 0)
        yield Break("empty-table", ("empty-table",), table.kind.id, table.file, table.sheet,
                    cell_name(position), table.title, "", "", table.unit, None)  # fmt: skip
