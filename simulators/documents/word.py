"""Word files: numbers typed or automatic, tables, tracked changes; the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from simulators.documents.records import Document, Paragraph

_ON = datetime(2026, 1, 1, tzinfo=UTC)
_CENTRED = {"title", "number", "caption", "chapter"}
_ARTICLES, _ITEMS = 900, 901
_LEVELS = {_ARTICLES: "第%1条", _ITEMS: "（%1）"}


def word_file(made: Document) -> bytes:
    """The bytes of a ``.docx``."""
    document = docx.Document()
    automatic = made.word == "automatic"
    numbering = document.part.numbering_part.element
    if automatic:
        _define(numbering)
    lists = _Lists(numbering)
    for tabular, run in groupby(made.paragraphs, lambda one: one.style == "row"):
        if tabular:
            _table(document, [one.text.split("\t") for one in run])
            continue
        for one in run:
            _paragraph(document, one, lists if automatic else None)
    properties = document.core_properties
    properties.created = properties.modified = _ON
    properties.author, properties.title = made.maker, made.title
    properties.last_modified_by = made.maker
    return _same_bytes(document)


class _Lists:
    """Gives each run of items a list of its own, so that it begins at one."""

    def __init__(self, numbering: Any) -> None:
        self._numbering = numbering
        self._part = ""
        self._next = _ITEMS

    def of(self, one: Paragraph) -> int:
        if one.style == "article":
            return _ARTICLES
        if one.part != self._part:
            self._part, self._next = one.part, self._next + 1
            _use(self._numbering, self._next, _ITEMS, restart=True)
        return self._next


def _element(name: str, **values: str) -> Any:
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _define(numbering: Any) -> None:
    """Lists of articles and of items, in Chinese figures."""
    for identity, text in _LEVELS.items():
        abstract = _element("w:abstractNum", abstractNumId=str(identity))
        abstract.append(_element("w:multiLevelType", val="singleLevel"))
        level = _element("w:lvl", ilvl="0")
        level.append(_element("w:start", val="1"))
        level.append(_element("w:numFmt", val="chineseCountingThousand"))
        level.append(_element("w:suff", val="space"))
        level.append(_element("w:lvlText", val=text))
        abstract.append(level)
        first = numbering.find(qn("w:num"))
        first.addprevious(abstract)
    _use(numbering, _ARTICLES, _ARTICLES)


def _use(numbering: Any, number: int, abstract: int, *, restart: bool = False) -> None:
    made = _element("w:num", numId=str(number))
    made.append(_element("w:abstractNumId", val=str(abstract)))
    if restart:
        override = _element("w:lvlOverride", ilvl="0")
        override.append(_element("w:startOverride", val="1"))
        made.append(override)
    numbering.append(made)


def _paragraph(document: Any, one: Paragraph, lists: _Lists | None) -> None:
    made = document.add_paragraph()
    if one.style in _CENTRED:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if one.style == "sign":
        made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    text = one.text
    if lists and one.style in {"article", "item"}:
        properties = made.paragraph_format.element.get_or_add_pPr()
        number = _element("w:numPr")
        number.append(_element("w:ilvl", val="0"))
        number.append(_element("w:numId", val=str(lists.of(one))))
        properties.append(number)
        text = text.partition("）")[2] if one.style == "item" else text
    elif one.style == "article":
        made.add_run(f"{one.part}　").bold = True
    if one.former:
        _tracked(made, one)
    else:
        made.add_run(text)


def _tracked(made: Any, one: Paragraph) -> None:
    """Only the words that changed are struck out and put in."""
    now, before = one.text, one.former
    head = next(at for at in range(len(now)) if now[at] != before[at])
    tail = next(at for at in range(1, len(now)) if now[-at] != before[-at]) - 1
    made.add_run(now[:head])
    made.paragraph_format.element.append(
        _change("w:del", "1", "w:delText", before[head : len(before) - tail])
    )
    made.paragraph_format.element.append(_change("w:ins", "2", "w:t", now[head : len(now) - tail]))
    made.add_run(now[len(now) - tail :])


def _change(name: str, identity: str, text_name: str, text: str) -> Any:
    change = _element(name, id=identity, author="法制审核", date="2026-01-01T00:00:00Z")
    run, words = _element("w:r"), _element(text_name)
    words.text = text
    run.append(words)
    change.append(run)
    return change


def _table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _same_bytes(document: Any) -> bytes:
    """Packed again without the time of writing."""
    packed, again = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(again, "w") as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(entry.filename))
    return again.getvalue()
