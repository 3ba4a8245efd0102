"""`qingyuan documents articles`: the articles of a document, as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from documents.text.reading import read
from documents.text.records import Article
from qingyuan.arguments import answering


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("articles", help="the articles of a document, as JSON")
    verb.add_argument("file", type=Path, metavar="FILE", help="md, txt, docx, or pdf with text")
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    """0 also of a document without articles, of which the list is empty.

    Raises:
        FaultyInput: the file cannot be read.
    """
    document = read(given.file)
    with answering():
        found = [_written(article) for article in document.articles]
        print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _written(article: Article) -> dict[str, Any]:
    return {
        "number": article.number,
        "label": article.label,
        "chapter": article.chapter or None,
        "text": article.text,
    }
