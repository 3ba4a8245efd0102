"""A document out of a file: Markdown, Word, or PDF with text."""

from __future__ import annotations

from pathlib import Path

from config.vocabulary.errors import Fault, FaultyInput
from documents.text import markdown, splitting
from documents.text.records import Document


def read(path: Path) -> Document:
    """The document in a file, by its content and not by its name.

    Raises:
        FaultyInput: it cannot be read as text; the fault names the file and the remedy.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot be read ({error})"
        remedy = "send it as docx, as Markdown, or as a PDF with text"
        raise FaultyInput([Fault(str(path), what, remedy)]) from error
    return splitting.document_of(markdown.lines(content))
