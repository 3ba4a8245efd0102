"""`qingyuan documents check`: what a normative document may not say, as JSON."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from documents.checks.documents import load as load_checks
from documents.checks.engine import run
from documents.checks.records import Hit
from documents.laws.table import load as load_laws
from documents.text.reading import read
from qingyuan.arguments import answering

_HERE = ZoneInfo("Asia/Shanghai")


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("check", help="faults of a normative document by article, as JSON")
    verb.add_argument("file", type=Path, metavar="FILE", help="md, txt, docx, or pdf with text")
    verb.add_argument("--laws", type=Path, metavar="DIR", help="texts of laws, a version a file")
    verb.add_argument(
        "--on",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day on which laws and terms must hold; without it, today",
    )
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    """0 also of a document in which nothing is found. What is excused goes with its reason.

    Raises:
        FaultyInput: the file or the folder of laws cannot be read.
    """
    document, table = read(given.file), load_laws(given.laws)
    on = given.on or datetime.now(_HERE).date()
    hits = run(document, load_checks(), table, on)
    with answering():
        print(json.dumps([_written(hit) for hit in hits], ensure_ascii=False, indent=1))
    return 0


def _written(hit: Hit) -> dict[str, Any]:
    return {
        "check": hit.check,
        "article": hit.article,
        "words": hit.words,
        "why": hit.why,
        "excluded": hit.excluded,
    }
