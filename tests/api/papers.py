"""What tests of papers share: the fonts, a paper of our own, and what a file holds."""

from __future__ import annotations

import ctypes
import io
from pathlib import Path

import pypdfium2
from docx import Document
from pypdfium2 import raw

from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table

ROOT = Path(__file__).parents[2]
LIBRARIES = ROOT / "node_modules"
INSTANT_MS = 1_795_492_800_000  # 2026-11-24 12:00 in the district
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "={1+1}",
    "@SUM(1,1)",
    "＝1+1",
    "-1+1",
    '#read("/etc/passwd")',
    "$x^2$ ] } { #import",
    "<w:p>&amp;{{ title }}{% for %}",
    "喆堃 ≥ μg/m³ Ⅲ类",
)


def paper(texts: tuple[str, ...] = HOSTILE) -> Paper:
    """With a value of every kind, and texts."""
    columns = (
        Column("text", "文字"),
        Column("count", "条数", "count"),
        Column("number", "数值", "number", 3),
        Column("share", "比例", "percent"),
        Column("at", "时间", "instant"),
        Column("day", "日期", "day"),
        Column("span", "时长", "duration"),
    )
    rows = tuple(
        (
            Cell(text),
            Cell(12_345 + n, "/environment/alerts"),
            Cell(-0.125),
            Cell(0.5),
            Cell(INSTANT_MS),
            Cell("2026-02-28"),
            Cell(5_400_000),
        )
        for n, text in enumerate(texts)
    )
    table = Table("rows", "明细[表]", columns, rows, "注")
    figures = (Figure("total", "总数", len(texts), path="/environment/alerts"),)
    section = Section("one", "一、总体", texts, figures, (table,))
    return Paper("月度报告", "统计区间", "通州区", (section,))


def text_of_pdf(document: bytes) -> str:
    """All text, without the breaks of lines and the gaps between two writings."""
    return "".join(pages_of_pdf(document))


def pages_of_pdf(document: bytes) -> list[str]:
    """The same, page by page."""
    with pypdfium2.PdfDocument(document) as pdf:
        return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]


def fonts_embedded(document: bytes) -> set[tuple[str, bool]]:
    """Every font that a text of the file is set in, and whether the file holds it."""
    found = set()
    with pypdfium2.PdfDocument(document) as pdf:
        for page in pdf:
            for one in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(one.raw)
                name = ctypes.create_string_buffer(200)
                raw.FPDFFont_GetBaseFontName(font, name, 200)
                found.add((name.value.decode(), raw.FPDFFont_GetIsEmbedded(font) == 1))
    return found


def text_of_word(document: bytes) -> str:
    """The text of paragraphs and tables."""
    read = Document(io.BytesIO(document))
    cells = (cell.text for table in read.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(of.text for of in read.paragraphs), *cells])
