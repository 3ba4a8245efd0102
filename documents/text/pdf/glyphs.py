"""Characters of a page where they stand, and the ruled lines around them. Points, from below."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

_UPRIGHT = 0.05
"""Radians that a character may lean; a mark across a page leans more."""
_BLANKS = frozenset(" \t\r\n\u3000\xa0\u2002\u2003\u2009")
_THIN, _LEAST = 3.0, 6.0
"""Points: what is thinner is a rule, what is longer may bound a cell."""
_MOST_RULES = 3_000


@dataclass(frozen=True, slots=True)
class Glyph:
    """``base`` is the height of its line; ``after_blank`` where a blank stands before it."""

    character: str
    left: float
    right: float
    base: float
    size: float
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Page:
    """``unknown`` counts characters that a font does not name; ``pictured`` tells whether pictures
    fill half of the page.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Box, ...]
    unknown: int
    pictured: bool


@dataclass(frozen=True, slots=True)
class _View:
    """A page as it is shown: ``turned`` by quarters, clockwise."""

    width: float
    height: float
    turned: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page is shown."""
        if self.turned == 1:
            return y, self.height - x
        if self.turned == 2:
            return self.width - x, self.height - y
        return (self.width - y, x) if self.turned == 3 else (x, y)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Where a rectangle of the page is shown."""
        (one, two), (three, four) = self.point(left, bottom), self.point(right, top)
        return Box(min(one, three), min(two, four), max(one, three), max(two, four))


def page_of(page: pypdfium2.PdfPage) -> Page:
    """All that the reading of a page needs."""
    width, height = page.get_size()
    view = _View(width, height, page.get_rotation() // 90)
    text = page.get_textpage()
    try:
        glyphs, unknown = _glyphs(text, view)
    finally:
        text.close()
    rules, pictured = list[Box](), 0.0
    for of in page.get_objects(max_depth=6):
        if of.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = view.box(*of.get_bounds())
            pictured += (box.right - box.left) * (box.top - box.bottom)
        elif of.type == pdfium.FPDF_PAGEOBJ_PATH and len(rules) < _MOST_RULES:
            rules += _rules(view.box(*of.get_bounds()))
    full = pictured > width * height / 2
    return Page(width, height, tuple(glyphs), tuple(rules), unknown, full)


def _glyphs(text: pypdfium2.PdfTextPage, view: _View) -> tuple[list[Glyph], int]:
    found, unknown, blank = list[Glyph](), 0, False
    for at in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, at)
        character = chr(code) if 0 < code < 0x110000 else ""
        if character in _BLANKS:
            blank = True
            continue
        if not character or code in (0xFFFE, 0xFFFF, 0xFFFD) or 0xE000 <= code <= 0xF8FF:
            unknown += 1
            continue
        if pdfium.FPDFText_IsGenerated(text, at) == 1 or not _is_upright(text, at, view):
            continue
        if glyph := _glyph(text, at, view, character, after_blank=blank):
            found.append(glyph)
            blank = False
    return list(_once(found)), unknown


def _is_upright(text: pypdfium2.PdfTextPage, at: int, view: _View) -> bool:
    angle = pdfium.FPDFText_GetCharAngle(text, at) + view.turned * math.pi / 2
    return abs(math.remainder(angle, math.tau)) <= _UPRIGHT


def _glyph(
    text: pypdfium2.PdfTextPage, at: int, view: _View, character: str, *, after_blank: bool
) -> Glyph | None:
    found = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    if not pdfium.FPDFText_GetLooseCharBox(text, at, found):
        return None
    if not pdfium.FPDFText_GetCharOrigin(text, at, x, y):
        return None
    box = view.box(found.left, found.bottom, found.right, found.top)
    left, base = view.point(x.value, y.value)
    return Glyph(character, left, max(box.right, left), base, box.top - box.bottom, after_blank)


def _once(glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Bold characters are sometimes drawn twice, one nearly over the other."""
    kept = dict[tuple[str, int, int], Glyph]()
    for of in glyphs:
        near = max(of.size / 3, 1.0)
        column, line = int(of.left / near), int(of.base / near)
        around = (
            kept.get((of.character, column + x, line + y)) for x in (-1, 0, 1) for y in (-1, 0, 1)
        )
        if any(other and _is_over(of, other, near) for other in around):
            continue
        kept[of.character, column, line] = of
        yield of


def _is_over(one: Glyph, other: Glyph, near: float) -> bool:
    return abs(one.left - other.left) < near and abs(one.base - other.base) < near


def _rules(box: Box) -> Iterator[Box]:
    """The thin sides of a path: itself where it is one, else the four of a frame."""
    wide, high = box.right - box.left, box.top - box.bottom
    if wide <= _THIN or high <= _THIN:
        if max(wide, high) >= _LEAST:
            yield box
        return
    yield Box(box.left, box.bottom, box.right, box.bottom)
    yield Box(box.left, box.top, box.right, box.top)
    yield Box(box.left, box.bottom, box.left, box.top)
    yield Box(box.right, box.bottom, box.right, box.top)
