"""Markdown and plain text: their lines."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from itertools import groupby

from documents.text.labels import article_of, begins_with_label, heading_of
from documents.text.lines import Line, clean, joined, row

_MATTER = re.compile(r"\A---[ \t]*\n(?:[\w -]+:.*\n|[ \t]*-.*\n)*---[ \t]*\n")
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_GONE = (("<!--", "-->"), ("~~", "~~"), ("<del>", "</del>"), ("<s>", "</s>"))
_BREAK = re.compile(r"<br\s*/?>|</?(?:p|div)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]^]+)\]\([^()]*(?:\([^()]*\)[^()]*)?\)")
_NOTE, _NOTED = re.compile(r"\[\^[^\[\]]+\]:"), re.compile(r"\[\^[^\[\]]+\]")
_BOLD_LABEL = re.compile(r"^((?:#+\s*)?)(\*\*|__)(第[^*_]{1,20}?[条章节编])\s*\2")
_STRONG, _EMPHASIS = re.compile(r"\*\*|(?<!_)__(?!_)"), re.compile(r"\*([^*\s](?:[^*]*[^*\s])?)\*")
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
_LONGEST = 500
"""Characters of a heading."""
_ROW_MARK = "\ue000"
"""Begins a line that was a row of a table in HTML; \ue001 stands between its cells."""


def lines(text: str) -> list[Line]:
    """Lines in their order; what is struck through is gone, notes are left out."""
    text = _MATTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for begin, end in _GONE:
        text = _replaced(text, begin, end, lambda _: "")
    text = _BREAK.sub("  \n", _replaced(text, "<table", "</table>", _rows))
    found = list[Line]()
    for blank, block in groupby(_unfenced(text), lambda raw: not raw[1].strip()):
        if not blank:
            found += _block(list(block))
    return found


def _replaced(text: str, begin: str, end: str, by: Callable[[str], str]) -> str:
    """A text in which all between two marks is replaced; in one pass, however many begin."""
    folded, found, at = text.lower(), list[str](), 0
    if len(folded) != len(text):
        folded = text
    while (first := folded.find(begin, at)) >= 0:
        last = folded.find(end, first + len(begin))
        if last < 0:
            break
        found += (text[at:first], by(text[first + len(begin) : last]))
        at = last + len(end)
    return "".join((*found, text[at:]))


def _rows(table: str) -> str:
    """Rows of a table in HTML, each on a line of its own kind."""
    found = []
    for of in _ROW.split(table)[1:]:
        cells = [" ".join(_TAG.sub(" ", cell).split()) for cell in _CELL.split(of)[1:]]
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
    heading = _HEADING.match(text) if text.startswith("#") and len(text) < _LONGEST else None
    text = _plain(heading[2] if heading else text)
    return Line(text, len(heading[1]) if heading else 0, quoted=quoted) if text else None


def _cells(raw: str) -> Line:
    inner = raw.strip().removeprefix("|").removesuffix("|")
    return row(tuple(_plain(cell) for cell in re.split(r"(?<!\\)\|", inner)))


def _plain(text: str) -> str:
    """Text without its marks."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", _NOTED.sub("", text)))
    text = _EMPHASIS.sub(r"\1", _STRONG.sub("", _CODE.sub(r"\1", text)))
    return clean(html.unescape(_ESCAPE.sub(r"\1", _TAG.sub("", text))).removesuffix("\\"))
