"""A document out of a file: Markdown, Word, or PDF with text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from documents.text import files, markdown
from documents.text.lines import Line
from documents.text.pdf import paper
from documents.text.records import Document
from documents.text.splitting.document import document_of
from documents.text.word import body

MOST_LINES, MOST_CHARACTERS = 30_000, 5_000_000
"""Of a document; a code of law has 3,000 lines."""


def read(path: Path) -> Document:
    """The document in a file, by its content and not by its name.

    Raises:
        FaultyInput: it cannot be read as text; the fault names the file and the remedy.
    """
    lines = _lines(path)
    if not any(line.text for line in lines):
        raise files.fault(path, "holds no text", "send the document itself")
    long = sum(len(line.text) for line in lines) > MOST_CHARACTERS
    if long or len(lines) > MOST_LINES:
        raise files.fault(path, "is longer than any document", "send it in parts")
    return document_of(lines)


def _lines(path: Path) -> Sequence[Line]:
    kind = files.kind_of(path)
    if kind == "text":
        return markdown.lines(files.text_of(path))
    return body.lines(path) if kind == "word" else paper.lines(path)
