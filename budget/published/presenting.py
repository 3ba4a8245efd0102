"""The report on published tables as a program reads it, and as people do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from budget.published.records import Break, PublishedTable, Report
from budget.published.wording import reason, sentence, summary
from config.catalogue.words import Words
from config.vocabulary.errors import Fault


def document(report: Report, refused: Sequence[Fault], words: Words) -> dict[str, Any]:
    """The report for a program, and the files that could not be read."""
    return {
        "tables": [_table(table, words) for table in report.reading.tables],
        "unknown": [
            {"file": file, "sheet": sheet, "title": title}
            for file, sheet, title in report.reading.unknown
        ],
        "refused": [
            {"file": fault.where, "what": fault.what, "remedy": fault.remedy}
            for fault in refused
        ],
        "adds_up": not report.breaks,
        "breaks": [_break(one, words) for one in report.breaks],
        "deferred": [
            {"check": one.check, "kind": words(f"budget.published.kind-{one.kind}"),
             "why": one.why, "words": reason(words, one)}
            for one in report.deferred
        ],
    }  # fmt: skip


def _table(table: PublishedTable, words: Words) -> dict[str, Any]:
    data, totals = table.data_rows, table.total_rows
    return {
        "file": table.file,
        "sheet": table.sheet or None,
        "title": table.title or None,
        "kind": words(f"budget.published.kind-{table.kind.id}"),
        "unit": table.unit,
        "unit_from": table.unit_from,
        "header_rows": list(table.header_rows),
        "data": {"first": data[0], "last": data[-1], "rows": len(data)} if data else None,
        "total_row": totals[-1] if totals else None,
        "total_rows": list(totals),
    }


def _break(one: Break, words: Words) -> dict[str, Any]:
    kind = words(f"budget.published.kind-{one.kind}") if one.kind else None
    return {
        "check": one.check,
        "checks": list(one.checks),
        "kind": kind,
        "file": one.file,
        "sheet": one.sheet or None,
        "cell": one.cell,
        "label": one.label or None,
        "says": one.says or None,
        "should": one.should or None,
        "unit": one.unit,
        "difference_fen": one.difference_fen,
        "words": sentence(words, one),
    }


def lines(report: Report, words: Words) -> Iterator[str]:
    """For people: tables, then breaks, then checks that were not made."""
    tables = report.reading.tables
    yield words("budget.published.tables-found", n=len(tables))
    yield from (f"  {summary(words, table)}" for table in tables)
    for file, sheet, title in report.reading.unknown:
        yield f"  {words('budget.published.unknown', sheet=sheet or file, title=title)}"
    if report.breaks:
        yield words("budget.published.found", n=len(report.breaks))
    else:
        yield words("budget.published.none")
    yield from (f"  {one.sheet or one.file}: {sentence(words, one)}" for one in report.breaks)
    if report.deferred:
        yield words("budget.published.deferred")
    yield from (f"  {reason(words, one)}" for one in report.deferred)
