"""PDF: lines of its pages joined to paragraphs, and what it hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from api.files.inspection.findings import Finding, sample

_ENDS = "。！？；：.!?;:"
_FULL = 0.7
"""Of the longest line of a page: a line as long runs on in the next."""
_TELLING = ("Author", "Creator", "Title", "Subject", "Keywords")
_CREATOR = re.compile(rb"<dc:creator>(.{0,2000}?)</dc:creator>", re.DOTALL)
_TAGS = re.compile(rb"<[^>]*>")
_LINK = 2
"""The kind of annotation that everybody sees."""


def text(source: Path) -> Iterator[str]:
    """Paragraphs page by page; none of a paper that was only scanned."""
    with closing(pypdfium2.PdfDocument(source)) as document:
        for page in _pages(document):
            yield from _joined(page)


def hidden(source: Path) -> Iterator[Finding]:
    """Annotations, attachments, scripts, and who wrote it."""
    with closing(pypdfium2.PdfDocument(source)) as document:
        yield from _hidden(document, source)


def _pages(document: pypdfium2.PdfDocument) -> Iterator[list[str]]:
    for page in document:
        text = page.get_textpage()
        yield [line.strip() for line in text.get_text_range().splitlines()]
        text.close()
        page.close()


def _joined(lines: list[str]) -> Iterator[str]:
    """A line goes on in the next where it is full and no sentence ends with it."""
    longest, paragraph = max(map(len, lines), default=0), ""
    for line in lines:
        latin = paragraph[-1:].isascii() and line[:1].isascii()
        paragraph += f" {line}" if paragraph and latin else line
        if len(line) < _FULL * longest or line.endswith(tuple(_ENDS)):
            yield paragraph
            paragraph = ""
    yield paragraph


def _hidden(document: pypdfium2.PdfDocument, source: Path) -> Iterator[Finding]:
    known = document.get_metadata_dict(skip_empty=True)
    for name in _TELLING:
        if known.get(name):
            yield Finding("properties", name, sample(known[name]))
    for found in _CREATOR.findall(source.read_bytes()):
        said = _TAGS.sub(b" ", found).decode("utf-8", "replace")
        if said.strip():
            yield Finding("properties", "dc:creator", sample(said))
    for index in range(document.count_attachments()):
        yield Finding("attachments", "", sample(document.get_attachment(index).get_name()))
    scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document)
    if scripts > 0:
        yield Finding("javascript", count=scripts)
    for number, page in enumerate(document, 1):
        notes = list(_notes(page))
        if notes:
            yield Finding("annotations", str(number), sample(" ".join(notes)), len(notes))
        page.close()


def _notes(page: pypdfium2.PdfPage) -> Iterator[str]:
    """The texts of the annotations of a page; a link has none."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation and pdfium.FPDFAnnot_GetSubtype(annotation) != _LINK:
            yield _string(annotation, b"Contents")
        pdfium.FPDFPage_CloseAnnot(annotation)


def _string(annotation: object, key: bytes) -> str:
    length = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (length // 2 or 1))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
