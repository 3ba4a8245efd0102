"""Published tables as read, checked: each break by its cell, each check that could not be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from string import ascii_uppercase

from budget.published import kinds
from budget.published.kinds import Checks
from budget.published.reading.files import read
from budget.published.records import (
    Break,
    Deferred,
    Figure,
    PublishedTable,
    Reading,
    Report,
    Text,
    Why,
    cell_name,
    written,
)
from budget.published.sums.across import equations_across
from budget.published.sums.diagnosis import Finding, findings_of
from budget.published.sums.equations import (
    Equation,
    Known,
    Ref,
    known_of,
    position_of,
    unreadable_of,
)
from budget.published.sums.inside import equations_inside
from budget.published.sums.picking import Picking
from budget.published.sums.rescaling import rescaled
from budget.published.sums.sentences import (
    breaks_of_cells,
    breaks_of_empty,
    breaks_of_percent,
    breaks_of_sentences,
)


def checked_files(paths: Iterable[Path]) -> Report:
    """Read some files and check their tables.

    Raises:
        FaultyInput: a file cannot be read.
    """
    return checked(read(paths))


def checked(reading: Reading) -> Report:
    """Check tables; those of one department and year are checked against each other."""
    breaks, deferred = list[Break](), list[Deferred]()
    for tables in sets_of(reading.tables):
        files = {table.file for table in tables}
        one_set = len(files) == len({table.file for table in reading.tables})
        texts = [text for text in reading.texts if one_set or text.file in files]
        found, later = _checked(tables, texts)
        breaks += found
        deferred += later
    return Report(reading, tuple(breaks), tuple(dict.fromkeys(deferred)))


def sets_of(tables: Sequence[PublishedTable]) -> list[list[PublishedTable]]:
    """Tables that belong together: of one department and year as far as these are written, of
    each kind one.
    """
    found = list[list[PublishedTable]]()
    for table in tables:
        fitting = (one for one in reversed(found) if all(_fits(other, table) for other in one))
        home = next(fitting, None)
        if home is None:
            found.append([table])
        else:
            home.append(table)
    return found


def _fits(one: PublishedTable, other: PublishedTable) -> bool:
    if one.kind.id == other.kind.id:
        return False
    same = one.file == other.file
    departments = {one.department, other.department} - {""}
    years = {one.year, other.year} - {None}
    return (len(departments) < 2 or same) and (len(years) < 2 or same)


def _checked(
    tables: Sequence[PublishedTable], texts: Sequence[Text]
) -> tuple[list[Break], list[Deferred]]:
    checks = kinds.checks()
    as_written = known_of(tables)
    between, deferred = _across(tables, as_written, checks)
    inside = _inside(tables, as_written, checks)
    wrong_unit, known = rescaled(tables, inside, between, as_written)
    breaks = [_of_unit(tables[number]) for number in wrong_unit]
    if wrong_unit:
        between, deferred = _across(tables, known, checks)
        inside = _inside(tables, known, checks)
    unreadable = unreadable_of(tables)
    deferred += _unreadable(tables, [*inside, *between], unreadable)
    deferred += _not_made(tables, inside, checks)
    readable = [one for one in (*inside, *between) if not unreadable & set(one.refs)]
    findings = findings_of(readable, known)
    breaks += [_break(tables, one) for one in findings]
    corrected = dict(known) | {one.ref: Figure(one.should) for one in findings if one.is_certain}
    notes = [
        Text(table.file, table.sheet, position, text)
        for table in tables
        for position, text in table.notes
    ]
    picking = Picking(tables, corrected, checks)
    breaks += breaks_of_sentences(picking, [*texts, *notes], corrected, checks)
    for table in tables:
        breaks += breaks_of_cells(table)
        breaks += breaks_of_percent(table)
        breaks += breaks_of_empty(table, texts)
    return sorted(breaks, key=_in_order(tables)), deferred


def _inside(tables: Sequence[PublishedTable], known: Known, checks: Checks) -> list[Equation]:
    return [
        one
        for number, table in enumerate(tables)
        for one in equations_inside(number, table, known, checks)
    ]


def _across(
    tables: Sequence[PublishedTable], known: Known, checks: Checks
) -> tuple[list[Equation], list[Deferred]]:
    return equations_across(Picking(tables, known, checks), known, checks)


def _in_order(tables: Sequence[PublishedTable]) -> Callable[[Break], tuple[int, int, str]]:
    """Breaks as their cells stand in the files."""
    firsts = {(one.file, one.sheet): n for n, one in reversed(list(enumerate(tables)))}

    def order(one: Break) -> tuple[int, int, str]:
        number = firsts.get((one.file, one.sheet), len(tables))
        return number, int(one.cell.lstrip(ascii_uppercase)), one.cell

    return order


def _of_unit(table: PublishedTable) -> Break:
    position = min(table.figures)
    says = written(table.figures[position].fen, table.unit)
    return Break("unit", ("unit",), table.kind.id, table.file, table.sheet, cell_name(position),
                 table.title, says, "", table.unit, None)  # fmt: skip


def _break(tables: Sequence[PublishedTable], finding: Finding) -> Break:
    number = finding.ref[0]
    table, position = tables[number], position_of(finding.ref)
    ids = tuple(dict.fromkeys(one.check for one in finding.equations))
    others = {ref[0] for one in finding.equations for ref in one.refs} - {number}
    units = {column.position: column.unit for column in table.columns}
    unit = units.get(position[1]) or table.unit
    says = written(finding.says, unit) if finding.says is not None else ""
    return Break(
        ids[0],
        ids,
        table.kind.id,
        table.file,
        table.sheet,
        cell_name(position),
        _label(table, finding.ref),
        says,
        written(finding.should, unit),
        unit,
        (finding.says or 0) - finding.should,
        ",".join(tables[one].kind.id for one in sorted(others)),
    )


def _label(table: PublishedTable, ref: Ref) -> str:
    """The line and the column of a cell, as people find it."""
    lines = (line for side in table.sides for line in side.lines)
    line = next((one.label for one in lines if one.row == ref[1] and ref[2] in one.at), "")
    column = next((one.full for one in table.columns if one.position == ref[2]), "")
    return " / ".join(filter(None, (line, column)))


def _unreadable(
    tables: Sequence[PublishedTable], equations: Sequence[Equation], unreadable: frozenset[Ref]
) -> Iterator[Deferred]:
    for one in equations:
        for ref in unreadable & set(one.refs):
            table = tables[ref[0]]
            yield Deferred(one.check, table.kind.id, "unreadable", cell_name(position_of(ref)))


def _not_made(
    tables: Sequence[PublishedTable], inside: Sequence[Equation], checks: Checks
) -> Iterator[Deferred]:
    """Checks that a kind of table should allow, and this one does not."""
    made = {(one.whole[0], one.check) for one in inside}
    for number, table in enumerate(tables):
        for check in checks.inside.get(table.kind.id, ()):
            if (number, check) not in made and not _is_beside(table, check):
                why: Why = "no-column" if table.figures else "empty"
                yield Deferred(check, table.kind.id, why)


def _is_beside(table: PublishedTable, check: str) -> bool:
    """Whether 人员经费 and 公用经费 stand beside each other, with no total of both."""
    return check == "personnel-and-public" and len(table.sides) > 1
