"""`qingyuan budget published`: whether the tables that a department publishes add up."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from budget.published.checking import checked
from budget.published.presenting import document, lines
from budget.published.reading.files import joined, read
from budget.published.records import Reading
from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import add_settings, answering, configured
from qingyuan.commands.budget.words import words_of


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("published", help="whether the tables of a department add up")
    verb.add_argument("file", nargs="+", type=Path, metavar="FILE", help="xlsx, xls, ods or csv")
    verb.add_argument("--json", action="store_true", help="as JSON, for a program")
    add_settings(verb)
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    """0 also where figures disagree, which are named.

    Raises:
        FaultyInput: a file cannot be read; the others are answered for before.
    """
    words = words_of(configured(given))
    readings, faults = list[Reading](), list[Fault]()
    for path in given.file:
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
