"""`qingyuan budget`: budgets in files, without a running centre."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.catalogue.words import Words
from config.vocabulary.errors import FaultyInput
from qingyuan.arguments import Parser, add_settings, answering, configured

if TYPE_CHECKING:
    from api.platforms.budget.published.records import Break, PublishedTable, Reading, Report


def run(argv: list[str]) -> int:
    """Answer one of the subcommands."""
    parser = Parser("qingyuan budget", "budgets in files, without a running centre")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    _add_published(verbs)
    given = parser.parse_args(argv)
    return int(given.answer(given))


def _add_published(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    published = verbs.add_parser("published", help="whether a department's tables add up")
    published.add_argument("files", nargs="+", type=Path, metavar="FILE", help="xlsx, xls or csv")
    published.add_argument("--json", action="store_true", help="as JSON, for a program")
    add_settings(published)
    published.set_defaults(answer=_published)


def _published(given: argparse.Namespace) -> int:
    """0 also where figures disagree, which are named; 2 where a file cannot be read.

    Raises:
        FaultyInput: a file cannot be read; the others are answered for before.
    """
    from api.platforms.budget.published.checking import checked
    from api.platforms.budget.published.reading import read

    settings = configured(given)
    words = Words.load(settings.language, {"budget": _words()}, settings.catalogue)
    readings, refused = list[Reading](), list[FaultyInput]()
    for path in given.files:
        try:
            readings.append(read([path]))
        except FaultyInput as error:
            refused.append(error)
    report = checked(_joined(readings))
    with answering():
        if given.json:
            document = _document(report, refused, words.into("zh-CN"))
            print(json.dumps(document, ensure_ascii=False, indent=1))
        else:
            print("\n".join(_lines(report, words)))
    if refused:
        raise FaultyInput([fault for error in refused for fault in error.faults])
    return 0


def _words() -> Path:
    from api.platforms import budget

    return Path(next(iter(budget.__path__))) / "words"


def _joined(readings: Sequence[Reading]) -> Reading:
    from api.platforms.budget.published.records import Reading as Joined

    return Joined(
        tuple(table for one in readings for table in one.tables),
        tuple(text for one in readings for text in one.texts),
        tuple(title for one in readings for title in one.unknown),
    )


def _document(
    report: Report, refused: Sequence[FaultyInput], words: Words
) -> dict[str, Any]:
    from api.platforms.budget.published.wording import reason

    return {
        "tables": [_table(table) for table in report.reading.tables],
        "unknown": [
            {"file": file, "sheet": sheet, "title": title}
            for file, sheet, title in report.reading.unknown
        ],
        "refused": [
            {"file": fault.where, "what": fault.what, "remedy": fault.remedy}
            for error in refused
            for fault in error.faults
        ],
        "adds_up": not report.breaks,
        "breaks": [_break(one, words) for one in report.breaks],
        "deferred": [
            {"check": one.check, "kind": words(f"budget.published.kind-{one.kind}"),
             "why": one.why, "words": reason(words, one)}
            for one in report.deferred
        ],
    }  # fmt: skip


def _table(table: PublishedTable) -> dict[str, Any]:
    data, totals = table.data_rows, table.total_rows
    return {
        "file": table.file,
        "sheet": table.sheet or None,
        "title": table.title or None,
        "kind": table.kind.name,
        "unit": table.unit,
        "unit_from": table.unit_from,
        "header_rows": list(table.header_rows),
        "data": {"first": data[0], "last": data[-1], "rows": len(data)} if data else None,
        "total_row": totals[-1] if totals else None,
        "total_rows": list(totals),
    }


def _break(one: Break, words: Words) -> dict[str, Any]:
    from api.platforms.budget.published.wording import sentence

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


def _lines(report: Report, words: Words) -> Iterator[str]:
    """For people: tables, then breaks, then checks that were not made."""
    from api.platforms.budget.published.wording import reason, sentence, summary

    tables, key = report.reading.tables, "budget.published"
    yield words(f"{key}.tables-found", n=len(tables))
    yield from (f"  {summary(words, table)}" for table in tables)
    for file, sheet, title in report.reading.unknown:
        yield f"  {words(f'{key}.unknown', sheet=sheet or file, title=title)}"
    yield words(f"{key}.found", n=len(report.breaks)) if report.breaks else words(f"{key}.none")
    yield from (f"  {one.sheet or one.file}: {sentence(words, one)}" for one in report.breaks)
    if report.deferred:
        yield words(f"{key}.deferred")
    yield from (f"  {reason(words, one)}" for one in report.deferred)
