"""Loads, their faults and reports in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.imports.reading.passing import yuan
from api.imports.records import Fault, Load, Report
from api.kinds.tables import TableKind
from config.catalogue.words import Words

FAULT_COLUMNS = ("row", "column", "what", "remedy")


def what(words: Words, fault: Fault) -> str:
    """The fault as a sentence."""
    return words(f"imports.fault-{fault.key}", found=fault.found, more=fault.more)


def remedy(words: Words, fault: Fault) -> str:
    """The way out."""
    return words(f"imports.remedy-{fault.key}")


def position(words: Words, fault: Fault) -> str:
    """Row and column of a fault."""
    if not fault.row:
        return fault.column or words("imports.whole")
    return words("people-sheet.row", row=fault.row, column=fault.column)


def fault_table(words: Words, report: Report, faults: Iterable[Fault]) -> Iterator[list[str]]:
    """The faults as a table to download; the last line says how many more there are."""
    yield [words(f"imports.fault-column-{name}") for name in FAULT_COLUMNS]
    listed = 0
    for fault in faults:
        listed += 1
        row = str(fault.row) if fault.row else ""
        yield [row, fault.column, what(words, fault), remedy(words, fault)]
    if report.faults > listed:
        yield ["", "", words("imports.more-faults", n=report.faults - listed), ""]


def totals(words: Words, kind: TableKind, found: dict[str, int]) -> list[tuple[str, str]]:
    """Each field of money with its total in yuan."""
    known = [of for of in kind.money if of.name in found]
    return [(words(of.words), yuan(found[of.name])) for of in known]


def report_table(words: Words, kind: TableKind, load: Load, report: Report) -> Iterator[list[str]]:
    """The report of a load as a table to download."""
    yield [words("imports.file"), load.file]
    yield [words("imports.source"), load.source]
    for name in ("rows", "refused", "fresh", "changed", "same", "twice"):
        yield [words(f"imports.count-{name}"), str(getattr(report, name))]
    for name, total in totals(words, kind, report.totals):
        yield [words("imports.total-of", name=name), total]
    for month, sums in report.months.items():
        rows = str(report.rows_of_months.get(month, 0))
        yield [month, rows, *(total for _, total in totals(words, kind, sums))]
    for month in report.missing:
        yield [month, words("imports.month-missing")]
    for name, unit in load.mapping.units.items():
        field = next(of for of in kind.fields if of.name == name)
        yield [words("imports.unit-of", name=words(field.words)), unit]
    for column in report.empty:
        yield [column, words("imports.column-empty")]
    for column in report.unused:
        yield [column, words("imports.column-unused")]
