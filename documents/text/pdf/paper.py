"""A PDF: its pages, or why it cannot be read."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pypdfium2

from documents.text.files import fault
from documents.text.lines import Line
from documents.text.pdf import grids, margins, paragraphs
from documents.text.pdf.glyphs import Page, page_of
from documents.text.pdf.rows import Row, rows_of

MOST_PAGES, MOST_SECONDS = 2_000, 120.0
_LEAST = 8
"""Characters of a page that has text."""
_UNKNOWN = 0.1
"""Share of characters without a name beyond which a text is not to be trusted."""
_OCR = "have its text recognised (OCR), or send the docx that it was made of"


def lines(path: Path) -> list[Line]:
    """Lines in their order, those of tables as rows.

    Raises:
        FaultyInput: it is locked, damaged, only scanned, or takes too long.
    """
    pages = _pages(path)
    _check(path, pages)
    rows = margins.without([_rows(page) for page in pages], [page.height for page in pages])
    return paragraphs.lines_of(paragraphs.placed(rows, [page.width for page in pages]))


def _pages(path: Path) -> list[Page]:
    began = time.process_time()
    try:
        with closing(pypdfium2.PdfDocument(path)) as document:
            if len(document) > MOST_PAGES:
                what = f"has more than {MOST_PAGES} pages"
                raise fault(path, what, "send the document alone")
            found = list[Page]()
            for page in document:
                found.append(page_of(page))
                page.close()
                if time.process_time() - began > MOST_SECONDS:
                    what = f"takes more than {MOST_SECONDS:.0f} seconds to read"
                    raise fault(path, what, "send it as docx")
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise fault(path, "has a password", "save it without one") from error
        raise fault(path, "is damaged, and cannot be read as a PDF", "save it again") from error
    return found


def _check(path: Path, pages: list[Page]) -> None:
    with_text = [page for page in pages if len(page.glyphs) >= _LEAST]
    scanned = sum(page.pictured for page in pages if len(page.glyphs) < _LEAST)
    if not with_text or scanned > len(with_text):
        raise fault(path, "was only scanned: it has no text", _OCR)
    known = sum(len(page.glyphs) for page in pages)
    unknown = sum(page.unknown for page in pages)
    if unknown > _UNKNOWN * (known + unknown):
        what = "does not say which characters it shows"
        raise fault(path, what, "save it as PDF again with its fonts, or send the docx")


def _rows(page: Page) -> list[Row]:
    """Rows of a page from above; those of tables stand where the table begins."""
    tables = grids.grids(page.rules)
    inside = [[of for of in page.glyphs if grid.holds(of)] for grid in tables]
    taken = {id(of) for glyphs in inside for of in glyphs}
    found = rows_of(of for of in page.glyphs if id(of) not in taken)
    for grid, glyphs in zip(tables, inside, strict=True):
        box = grid.box
        size = max((of.size for of in glyphs), default=1.0)
        found += [
            Row("\t".join(cells), box.left, box.right, box.top - at / 1000, size, cells)
            for at, cells in enumerate(grid.rows(glyphs))
        ]
    return sorted(found, key=lambda of: -of.base)
