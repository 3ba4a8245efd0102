"""Markdown and plain text: their lines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

from documents.text.labels import article_of, begins_with_label, heading_of
from documents.text.lines import Line, clean, joined, row

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MATTER = re.compile(r"\A---\s*\n(?:[\w -]+:.*\n|\s*-.*\n)*---\s*\n")
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b.*?(?=<tr\b|\Z)", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)(?=<t[dh]\b|</tr|\Z)", re.DOTALL | re.IGNORECASE)
_GONE = re.compile(r"~~.+?~~|<(del|s|strike)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</?(?:p|div)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]^]+)\]\((?:[^()\s]|\([^)]*\))*(?:\s+\"[^\"]*\")?\)")
_NOTE, _NOTED = re.compile(r"\[\^[^\]]+\]:"), re.compile(r"\[\^[^\]]+\]")
_BOLD_LABEL = re.compile(r"^((?:#+\s*)?)(\*\*|__)(第[^*_]{1,20}?[条章节编])\s*\2")
_STRONG = re.compile(r"(\*\*\*|\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1")
_CODE, _ESCAPE = re.compile(r"`+([^`]+)`+"), re.compile(r"\\([!-/:-@\[-`{-~])")
_BULLET = re.compile(r"[-*+•·]\s+(?=\S)")
_ORDERED = re.compile(r"\d{1,4}[.)]\s*(?=第)")
_HEADING = re.compile(r"(#{1,6})\s*(.*?)\s*#*$")
_UNDERLINE, _RULE = re.compile(r"(=+|-{2,})\s*$"), re.compile(r"([-*_]\s*){3,}$")
_DELIMITERS = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_ENDS = tuple("。；;：:！？!?”」》）)")
_FULL, _LEAST = 0.8, 16
"""Of the longest line of a block: one as long goes on in the next; characters of such a one."""
_ROW_MARK = "\ue000"
"""Begins a line that was a row of a table in HTML; \ue001 stands between its cells."""


def lines(text: str) -> list[Line]:
    """Lines in their order; what is struck through is gone, notes are left out."""
    text = _MATTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _GONE.sub("", _COMMENT.sub("", text))
    text = _BREAK.sub("  \n", _TABLE.sub(_rows, text))
    found = list[Line]()
    for blank, block in groupby(_unfenced(text), lambda raw: not raw[1].strip()):
        if not blank:
            found += _block(list(block))
    return found


def _rows(table: re.Match[str]) -> str:
    found = []
    for of in _ROW.findall(table[0]):
        cells = [" ".join(_TAG.sub(" ", cell).split()) for cell in _CELL.findall(of)]
        found.append(_ROW_MARK + "\ue001".join(cells))
    return "\n\n" + "\n".join(found) + "\n\n"


def _unfenced(text: str) -> Iterator[tuple[bool, str]]:
    """Whether a line stands between fences, and the line."""
    fenced = False
    for raw in text.split("\n"):
        if _FENCE.match(raw):
            fenced = not fenced
            yield False, ""
        else:
            yield fenced, raw


def _block(raws: list[tuple[bool, str]]) -> Iterator[Line]:
    """Lines between two blank ones."""
    if len(raws) > 1 and "|" in raws[0][1] and _DELIMITERS.match(raws[1][1].strip()):
        yield from (_cells(raw) for at, (_, raw) in enumerate(raws) if at != 1)
        return
    longest = max(len(raw.strip()) for _, raw in raws)
    before: Line | None = None
    ended = True
    for fenced, raw in raws:
        if before and not ended and (found := _UNDERLINE.match(raw.strip())):
            before, ended = Line(before.text, level=1 + (found[1][0] == "-")), True
            continue
        line = _line(raw, fenced=fenced)
        if line is None:
            ended = True
            continue
        if before and not ended and _goes_on(before, line, raw, longest):
            before = Line(joined(before.text, line.text), quoted=before.quoted)
        else:
            if before:
                yield before
            before = line
        ended = raw.endswith(("  ", "\\")) or bool(line.level) or bool(line.cells)
    if before:
        yield before


def _goes_on(before: Line, line: Line, raw: str, longest: int) -> bool:
    """Whether a paragraph goes on, as texts that were wrapped do."""
    if line.level or line.cells or line.quoted != before.quoted or raw.startswith(("　", "\t")):
        return False
    if begins_with_label(line.text) or _BULLET.match(raw.strip()):
        return False
    full = longest >= _LEAST and len(before.text) >= _FULL * longest
    return full and not before.text.endswith(_ENDS)


def _line(raw: str, *, fenced: bool) -> Line | None:
    text = raw.strip()
    if text.startswith(_ROW_MARK):
        return row(tuple(_plain(cell) for cell in text[1:].split("\ue001")))
    if _RULE.match(text) or _NOTE.match(text):
        return None
    if text.startswith("|") and text.endswith("|") and len(text) > 1:
        return None if _DELIMITERS.match(text) else _cells(text)
    quoted = fenced or text.startswith(">")
    text = text.lstrip("> ") if text.startswith(">") else text
    text = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    bare = _ORDERED.sub("", text, count=1)
    text = bare if article_of(_plain(bare)) or heading_of(_plain(bare)) else text
    text = _BOLD_LABEL.sub(r"\1\3 ", text)
    heading = _HEADING.match(text) if text.startswith("#") else None
    text = _plain(heading[2] if heading else text)
    return Line(text, len(heading[1]) if heading else 0, quoted=quoted) if text else None


def _cells(raw: str) -> Line:
    inner = raw.strip().removeprefix("|").removesuffix("|")
    return row(tuple(_plain(cell) for cell in re.split(r"(?<!\\)\|", inner)))


def _plain(text: str) -> str:
    """Text without its marks."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", _NOTED.sub("", text)))
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", _CODE.sub(r"\1", text)))
    return clean(html.unescape(_ESCAPE.sub(r"\1", _TAG.sub("", text))).removesuffix("\\"))
