"""Loads, their faults and reports in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from api.imports.reading.passing import yuan
from api.imports.records import Fault, Load, Report
from api.kinds.tables import TableKind
from api.web.workbooks import Column, Sheet, Value
from config.catalogue.words import Words
from tabular.layout import Hidden

MOST_SPANS = 10
"""Of hidden rows that are named."""
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


def sentence(words: Words, fault: Fault) -> str:
    """A fault with its position and the way out, in a line."""
    return f"{position(words, fault)} {what(words, fault)} {remedy(words, fault)}"


def hidden(words: Words, found: Hidden) -> list[str]:
    """Sentences on what is read though the workbook hides it."""
    said = []
    if found.rows:
        spans = [f"{a}" if a == b else f"{a}–{b}" for a, b in found.rows[:MOST_SPANS]]
        rows = words.listed(spans) + ("…" if len(found.rows) > MOST_SPANS else "")
        said.append(words("imports.hidden-rows", n=found.count, rows=rows))
    if found.columns:
        said.append(words("imports.hidden-columns", columns=words.listed(found.columns)))
    return said


def fault_sheet(words: Words, load: Load, faults: Iterable[Fault]) -> Sheet:
    """The faults as a table to download."""
    rows = ((of.row or None, of.column, what(words, of), remedy(words, of)) for of in faults)
    columns = [
        Column(words(f"imports.fault-column-{name}"), "count" if name == "row" else "text")
        for name in FAULT_COLUMNS
    ]
    return Sheet(load.file, columns, rows)


def totals(words: Words, kind: TableKind, found: dict[str, int]) -> list[tuple[str, str]]:
    """Each field of money with its total in yuan."""
    known = [of for of in kind.money if of.name in found]
    return [(words(of.words), yuan(found[of.name])) for of in known]


def late(report: Report, this_month: str) -> list[str]:
    """Months without a row before the last one that has rows; a wrong day in a month to come does
    not make those in between late.
    """
    last = max((month for month in report.months if month <= this_month), default="")
    return [month for month in report.missing if month < last]


def report_sheet(words: Words, kind: TableKind, load: Load, report: Report) -> Sheet:
    """The report of a load as a table to download, a row for each thing, with sums in yuan."""
    money = [field for field in kind.money if field.name in report.totals]
    columns = [
        Column(words("imports.report")),
        Column(words("imports.count-rows"), "count"),
        *(Column(words("imports.total-of", name=words(of.words)), "number") for of in money),
        Column(words("imports.remark")),
    ]
    return Sheet(load.file, columns, _rows_of_report(words, kind, load, report))


def _rows_of_report(
    words: Words, kind: TableKind, load: Load, report: Report
) -> Iterator[Sequence[Value]]:
    names = [field.name for field in kind.money if field.name in report.totals]
    blank: list[Value] = [None] * len(names)

    def sums(found: Mapping[str, int]) -> list[Value]:
        return [found.get(name, 0) / 100 for name in names]

    yield [words("imports.count-rows"), report.rows, *blank, load.source]
    yield [words("imports.total-good"), report.good, *sums(report.totals), ""]
    for name in ("refused", "fresh", "changed", "same", "twice"):
        count = getattr(load if name in ("fresh", "changed", "same") else report, name)
        yield [words(f"imports.count-{name}"), count, *blank, ""]
    for month, found in report.months.items():
        yield [month, report.rows_of_months.get(month, 0), *sums(found), ""]
    for month in report.missing:
        yield [month, 0, *blank, words("imports.month-missing")]
    for name, unit in load.mapping.units.items():
        field = next(of for of in kind.fields if of.name == name)
        yield [words("imports.unit-of", name=words(field.words)), None, *blank, unit]
    for column in report.empty:
        yield [column, None, *blank, words("imports.column-empty")]
    for column in report.unused:
        yield [column, None, *blank, words("imports.column-unused")]
