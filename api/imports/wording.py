"""Loads, their faults and reports in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from api.imports.reading.passing import yuan
from api.imports.records import Fault, Load, Report, Unlike
from api.kinds.tables import TableKind
from api.web.workbooks import Column, Sheet, Value
from config.catalogue.words import Words
from config.vocabulary.time import day_of
from tabular.layout import Hidden

MOST_SPANS = 10
"""Of hidden rows that are named."""
LONG_AGO = 10
"""Years: rows before that are doubted."""
DOUBTS = ("ahead", "long-ago", "late")
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
    return [(of.named(words), yuan(found[of.name])) for of in known]


def months_doubted(words: Words, kind: TableKind, load: Load, report: Report) -> list[str]:
    """Sentences on months that the day of the load makes doubtful."""
    months = [(of, _doubt(kind, load, of)) for of in report.rows_of_months]
    found = {doubt: [of for of, one in months if one == doubt] for doubt in DOUBTS}
    return [
        words(f"imports.doubts-{of}", months=words.listed(some))
        for of, some in found.items()
        if some
    ]


def _doubt(kind: TableKind, load: Load, month: str) -> str:
    """A doubt about a month of rows: it is to come, of long ago, or its table is late."""
    made = day_of(load.made_ms)
    if month > made[:7]:
        return "ahead"
    if int(month[:4]) < int(made[:4]) - LONG_AGO:
        return "long-ago"
    due = kind.due(month) if kind.due else None
    return "late" if due and due.isoformat() < made else ""


def unlike(words: Words, report: Report) -> list[str]:
    """Sentences on units and months that the control sheet has otherwise."""
    return [sentence_of(words, of) for of in report.unlike]


def sentence_of(words: Words, of: Unlike) -> str:
    """By how much a unit's rows of a month differ from the control sheet."""
    unit = of.unit or words("imports.no-unit")
    if of.says is None and of.rows_say is None:
        return words(
            "imports.unlike-lacks", month=of.month, unit=unit, n=of.rows, sums=yuan(of.sums)
        )
    parts = []
    if of.says not in (None, of.sums):
        more = of.sums - (of.says or 0)
        name = "imports.unlike-more" if more > 0 else "imports.unlike-less"
        parts.append(words(name, yuan=yuan(abs(more)), says=yuan(of.says or 0)))
    if of.rows_say not in (None, of.rows):
        parts.append(words("imports.unlike-rows", rows=of.rows, say=of.rows_say))
    return words("imports.unlike", month=of.month, unit=unit, how=words.listed(parts))


def unknown(words: Words, kind: TableKind, report: Report) -> list[str]:
    """Sentences on codes that no classification has on the day of their rows."""
    known = [(of, report.unknown[of.name]) for of in kind.fields if of.name in report.unknown]
    return [
        words(
            "imports.unknown-codes",
            field=field.named(words),
            codes=words.listed(
                words("imports.code-rows", code=of, n=n) for of, n in codes.items()
            ),
        )
        for field, codes in known
    ]


def missing(load: Load, report: Report) -> list[str]:
    """Months without a row between those that have one; a wrong day in a month to come does not
    make those before it missing.
    """
    made = day_of(load.made_ms)[: len("2026-01")]
    last = max((month for month in report.months if month <= made), default="")
    return [month for month in report.missing if month < last]


def left_out(words: Words, report: Report) -> list[str]:
    """Sentences on rows that are not loaded: their number, why, and what stands in them."""
    return [
        words(
            "imports.left-out-row",
            row=of.row,
            why=words(f"imports.left-out-{of.kind}"),
            says=of.says,
        )
        for of in report.left_out
    ]


def report_sheet(words: Words, kind: TableKind, load: Load, report: Report) -> Sheet:
    """The report of a load as a table to download, a row for each thing, with sums in yuan."""
    money = [field for field in kind.money if field.name in report.totals]
    columns = [
        Column(words("imports.report")),
        Column(words("imports.count-rows"), "count"),
        *(Column(words("imports.total-of", name=of.named(words)), "number") for of in money),
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
        doubt = _doubt(kind, load, month)
        remark = words(f"imports.doubt-{doubt}") if doubt else ""
        yield [month, report.rows_of_months.get(month, 0), *sums(found), remark]
    for month in missing(load, report):
        yield [month, 0, *blank, words("imports.month-missing")]
    for name, unit in load.mapping.units.items():
        field = next(of for of in kind.fields if of.name == name)
        yield [words("imports.unit-of", name=field.named(words)), None, *blank, unit]
    for of in report.unlike:
        remark = sentence_of(words, of)
        yield [
            of.month,
            of.rows,
            *[of.sums / 100 if not n else None for n in range(len(names))],
            remark,
        ]
    for text in unknown(words, kind, report):
        yield [words("imports.codes"), None, *blank, text]
    for name, remark in _not_taken(words, report):
        yield [name, None, *blank, remark]


def _not_taken(words: Words, report: Report) -> Iterator[tuple[str, str]]:
    """Rows and columns of the file that are not loaded, each with the reason."""
    for of in report.left_out:
        at = words("imports.left-out-at", row=of.row)
        yield at, f"{words(f'imports.left-out-{of.kind}')} {of.says}"
    for column in report.empty:
        yield column, words("imports.column-empty")
    for column in report.unused:
        yield column, words("imports.column-unused")
