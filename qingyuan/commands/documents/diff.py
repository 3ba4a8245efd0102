"""`qingyuan documents diff`: which article of a version became which of the next, as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from documents.comparing.alignment import align
from documents.comparing.records import Pair
from documents.text.reading import read
from qingyuan.arguments import answering


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("diff", help="articles of two versions, aligned, as JSON")
    verb.add_argument("old", type=Path, metavar="OLD", help="md, txt, docx, or pdf with text")
    verb.add_argument("new", type=Path, metavar="NEW", help="the same in its later version")
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    """0 also where nothing changed.

    Raises:
        FaultyInput: a file cannot be read.
    """
    old, new = read(given.old), read(given.new)
    with answering():
        found = [_written(pair) for pair in align(old.articles, new.articles)]
        print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _written(pair: Pair) -> dict[str, Any]:
    return {
        "old": pair.old.number if pair.old else None,
        "new": pair.new.number if pair.new else None,
        "change": pair.change,
        "marks": list(pair.marks),
    }
