"""`qingyuan budget findings`: what the rules on money ask about payments in files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from budget.detection import documents, engine
from budget.detection.records import Finding
from budget.detection.wording import sentence, yuan
from budget.reading.files import Reading, Refusal, read
from budget.reading.mapping import NAMES, asked
from config.catalogue.words import Words
from qingyuan.arguments import add_settings, answering, configured
from qingyuan.commands.budget.words import words_of

_SHOWN = 20


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("findings", help="what the rules on money ask about payments in files")
    verb.add_argument("file", nargs="+", metavar="FILE", help="xlsx, xls, ods, csv or txt")
    verb.add_argument(
        "--map",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=COLUMN",
        help=f"which column is what, of {', '.join(NAMES)}; the first four are needed, and a name "
        "may come again with the column's name in other files; what is not mapped is read from a "
        "column with a usual header, and the answer names it",
    )
    verb.add_argument(
        "--only-mapped", action="store_true", help="read no column that --map does not name"
    )
    verb.add_argument(
        "--rules", type=Path, default=documents.FOLDER, metavar="DIR", help="other rules than ours"
    )
    verb.add_argument("--json", action="store_true", help="as JSON, for a program")
    add_settings(verb)
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    """0 also where rows were refused, which are named.

    Raises:
        FaultyInput: an option or a file does not hold; every fault is named.
    """
    columns = asked(given.map, only_mapped=given.only_mapped)
    words = words_of(configured(given))
    rules = documents.load(given.rules)
    reading = read(given.file, columns)
    outcome = engine.run(reading.books, rules)
    with answering():
        if given.json:
            print(json.dumps(_document(reading, outcome, words), ensure_ascii=False))
        else:
            kinds = {rule.id: rule.kind for rule in rules}
            for line in _lines(reading, outcome, kinds, words):
                print(line)
    return 0


def _document(reading: Reading, outcome: engine.Outcome, words: Words) -> dict[str, Any]:
    return {
        "rows": reading.rows,
        "total": f"{reading.total:f}",
        "refused": [
            {"file": of.file, "row": of.row, "what": of.what, "words": _said(words, of)}
            for of in reading.refused
        ],
        "by_header": dict(zip(reading.files, reading.by_header, strict=True)),
        "findings": [
            {
                "rule": one.rule,
                "grade": one.grade,
                "rows": _origins(reading, one),
                "words": sentence(words, one),
            }
            for one in outcome.findings
        ],
        "deferred": [{"rule": one.rule, "missing": list(one.missing)} for one in outcome.deferred],
    }


def _said(words: Words, refused: Refusal) -> str:
    """Why a row was refused, and the way out."""
    return words.clauses(
        words(f"budget.refused.{fault.kind}", column=column, said=fault.cited)
        for column, fault in refused.faults
    )


def _origins(reading: Reading, finding: Finding) -> list[tuple[str, int]]:
    return sorted(reading.origin(of) for of in finding.payments)


def _lines(
    reading: Reading, outcome: engine.Outcome, kinds: Mapping[str, str], words: Words
) -> Iterator[str]:
    total = yuan(int(reading.total * 100))
    yield words("budget.command.read", rows=reading.rows, files=len(reading.files), total=total)
    for file, columns in zip(reading.files, reading.by_header, strict=True):
        if columns:
            names = words.listed(f"{name}={column}" for name, column in columns.items())
            yield words("budget.command.by-header", file=file, columns=names)
    for one in reading.refused[:_SHOWN]:
        key = "budget.command.refused" if one.row else "budget.command.refused-file"
        yield words(key, file=one.file, row=one.row, what=_said(words, one))
    if len(reading.refused) > _SHOWN:
        yield words("budget.command.more", n=len(reading.refused) - _SHOWN)
    for deferred in outcome.deferred:
        missing = words.listed(
            words(f"budget.input.{of.replace('_', '-')}") for of in deferred.missing
        )
        name = words(f"budget.findings.kind-{kinds[deferred.rule]}")
        yield words("budget.command.deferred", rule=name, missing=missing)
    yield words("budget.command.findings", n=len(outcome.findings))
    for finding in outcome.findings:
        kind = words(f"budget.findings.kind-{finding.kind}")
        grade = words(f"budget.findings.grade-{finding.grade}")
        yield f"[{kind} · {grade}] {sentence(words, finding)}"
        yield "    " + "; ".join(f"{file}:{row}" for file, row in _origins(reading, finding))
