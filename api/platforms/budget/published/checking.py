"""Published tables as read, checked: each break by its cell, each check that could not be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from string import ascii_uppercase

from api.platforms.budget.published import kinds
from api.platforms.budget.published.kinds import Checks
from api.platforms.budget.published.reading.files import read
from api.platforms.budget.published.records import (
    Break,
    Deferred,
    Figure,
    PublishedTable,
    Reading,
    Report,
    Text,
    cell_name,
    written,
)
from api.platforms.budget.published.sums.across import equations_across
from api.platforms.budget.published.sums.diagnosis import Finding, findings_of
from api.platforms.budget.published.sums.equations import (
    Equation,
    Known,
    Ref,
    known_of,
    position_of,
    unreadable_of,
)
from api.platforms.budget.published.sums.inside import equations_inside
from api.platforms.budget.published.sums.picking import Picking
from api.platforms.budget.published.sums.sentences import (
    breaks_of_cells,
    breaks_of_empty,
    breaks_of_percent,
    breaks_of_sentences,
)

_FACTORS = (Fraction(10_000), Fraction(1, 10_000), Fraction(1000), Fraction(1, 1000))
"""Between 元, 千元 and 万元."""


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
    known: dict[Ref, Figure] = known_of(tables)
    breaks = [one for table in tables for one in breaks_of_cells(table)]
    inside = [
        one
        for number, table in enumerate(tables)
        for one in equations_inside(number, table, known, checks)
    ]
    between, deferred = equations_across(Picking(tables, known, checks), known, checks)
    for number, known in _rescaled(tables, between, known):
        breaks.append(_of_unit(tables[number], known_of(tables), number))
        between, _ = equations_across(Picking(tables, known, checks), known, checks)
    unreadable = unreadable_of(tables)
    readable = [one for one in (*inside, *between) if not unreadable & set(one.refs)]
    deferred += _unreadable(tables, [*inside, *between], unreadable)
    deferred += _not_made(tables, inside, checks)
    findings = findings_of(readable, known)
    breaks += [_break(tables, one) for one in findings]
    corrected = known | {one.ref: Figure(one.should) for one in findings}
    picking = Picking(tables, corrected, checks)
    notes = [
        Text(table.file, table.sheet, position, text)
        for table in tables
        for position, text in table.notes
    ]
    breaks += breaks_of_sentences(picking, [*texts, *notes], corrected, checks)
    for table in tables:
        breaks += breaks_of_percent(table)
        breaks += breaks_of_empty(table, texts)
    return sorted(breaks, key=_in_order(tables)), deferred


def _in_order(tables: Sequence[PublishedTable]) -> Callable[[Break], tuple[int, int, str]]:
    """Breaks as their cells stand in the files."""
    firsts = {(one.file, one.sheet): n for n, one in reversed(list(enumerate(tables)))}

    def order(one: Break) -> tuple[int, int, str]:
        number = firsts.get((one.file, one.sheet), len(tables))
        return number, int(one.cell.lstrip(ascii_uppercase)), one.cell

    return order


def _rescaled(
    tables: Sequence[PublishedTable], between: Sequence[Equation], known: Known
) -> Iterator[tuple[int, dict[Ref, Figure]]]:
    """A table that disagrees with every other one by the same power of ten has another unit than
    it says: its number, and all figures as they are meant.
    """
    for number in sorted(range(len(tables)), key=lambda n: tables[n].unit_from != "assumed"):
        own = [one for one in between if any(ref[0] == number for ref in one.refs)]
        own = [one for one in own if all(ref in known for ref in one.refs)]
        wrong = [one for one in own if not one.holds(known)]
        filled = [one for one in own if known[one.whole].fen]
        if not wrong or len(wrong) * 2 < len(filled):
            continue
        for factor in _FACTORS:
            other = {
                ref: _times(figure, factor) if ref[0] == number else figure
                for ref, figure in known.items()
            }
            if all(one.holds(other) for one in own):
                yield number, other
                return


def _times(figure: Figure, factor: Fraction) -> Figure:
    step = max(int(figure.step * factor), 1) if figure.step or factor < 1 else 0
    return Figure(int(figure.fen * factor), step)


def _of_unit(table: PublishedTable, known: Known, number: int) -> Break:
    position = min(ref[1:] for ref in known if ref[0] == number)
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
                why = "no-column" if table.figures else "empty"
                yield Deferred(check, table.kind.id, why)


def _is_beside(table: PublishedTable, check: str) -> bool:
    """Whether 人员经费 and 公用经费 stand beside each other, with no total of both."""
    return check == "personnel-and-public" and len(table.sides) > 1
