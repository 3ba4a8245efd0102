"""`qingyuan budget`: budgets in files, without a running centre."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from api.platforms import budget
from api.platforms.budget.published.checking import checked
from api.platforms.budget.published.presenting import document, lines
from api.platforms.budget.published.reading.files import joined, read
from api.platforms.budget.published.records import Reading
from config.catalogue.words import Words
from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import Parser, add_settings, answering, configured

_WORDS = Path(next(iter(budget.__path__))) / "words"


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
    settings = configured(given)
    words = Words.load(settings.language, {"budget": _WORDS}, settings.catalogue)
    readings, faults = list[Reading](), list[Fault]()
    for path in given.files:
        try:
            readings.append(read([path]))
        except FaultyInput as error:
            faults += error.faults
    report = checked(joined(readings))
    with answering():
        if given.json:
            answer = document(report, faults, words.into("zh-CN"))
            print(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            print("\n".join(lines(report, words)))
    if faults:
        raise FaultyInput(faults)
    return 0
