"""`qingyuan documents citations`: the laws that a document names, as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from documents.citing.citations import citations
from documents.citing.records import Citation
from documents.laws.table import load
from documents.text.reading import read
from documents.text.records import Document
from qingyuan.arguments import answering


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("citations", help="laws that a document names, as JSON")
    verb.add_argument("file", type=Path, metavar="FILE", help="md, txt, docx, or pdf with text")
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    """0 also of a document that names no law. References to the document itself are left out.

    Raises:
        FaultyInput: the file cannot be read.
    """
    document, known = read(given.file), load().known()
    with answering():
        found = [_written(document, of) for of in citations(document, known) if of.role != "own"]
        print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _written(document: Document, citation: Citation) -> dict[str, Any]:
    within = citation.article
    return {
        "article": document.articles[within].number if within is not None else None,
        "law": citation.law,
        "number": citation.point.article,
        "paragraph": citation.point.paragraph,
        "item": citation.point.item,
        "words": citation.words,
    }
