"""Marks of the sheets of an xlsx, and the year in which its days begin."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise

from tabular.files.marks import NOT_COMPUTED, Marks, Position, Span, spans

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\s")
_END = re.compile(rb"/?>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")
_DATE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")
_AT = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = ("1", "true")


def marks_of(content: bytes) -> Mapping[str, Marks]:
    """By sheet what the values of its cells do not tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= parts:
            return {}
        targets = _targets(archive.read("xl/_rels/workbook.xml.rels"))
        found = {}
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            about = _attributes(tag)
            part = targets.get(about.get("r:id", ""), "")
            if part in parts:
                found[about.get("name", "")] = _marks(archive.read(part))
    return found


def counts_from_1904(content: bytes) -> bool:
    """Whether serial numbers of days in a workbook begin in 1904."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        return bool(_DATE_1904.search(archive.read("xl/workbook.xml")))


def _targets(relations: bytes) -> Mapping[str, str]:
    tags = map(_attributes, _RELATION.findall(relations))
    return {tag.get("Id", ""): _part(tag.get("Target", "")) for tag in tags}


def _part(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): html.unescape(value.decode("utf-8", "replace"))
        for name, value in _ATTRIBUTE.findall(tag)
    }


def _marks(sheet: bytes) -> Marks:
    hidden = b"hidden" in sheet
    rows = spans(sorted(_hidden_rows(sheet))) if hidden else ()
    columns = sorted(_hidden_columns(sheet)) if hidden else ()
    return Marks(_broken(sheet), tuple(rows), tuple(columns))


def _hidden_rows(sheet: bytes) -> Iterator[int]:
    for tag in _ROW.findall(sheet):
        if b"hidden" in tag:
            about = _attributes(tag)
            if about.get("hidden") in _HIDDEN and about.get("r", "").isdecimal():
                yield int(about["r"]) - 1


def _hidden_columns(sheet: bytes) -> Iterator[Span]:
    for tag in _COLUMN.findall(sheet):
        about = _attributes(tag)
        bounds = (about.get("min", ""), about.get("max", ""))
        if about.get("hidden") in _HIDDEN and all(bound.isdecimal() for bound in bounds):
            yield int(bounds[0]) - 1, int(bounds[1]) - 1


def _broken(sheet: bytes) -> Mapping[Position, str]:
    if not _FORMULA.search(sheet) and not re.search(rb"t\s*=\s*[\"']e[\"']", sheet):
        return {}
    found: dict[Position, str] = {}
    starts = [match.end() for match in _CELL.finditer(sheet)]
    for start, behind in pairwise([*starts, len(sheet)]):
        ended = _END.search(sheet, start, behind)
        if ended is None or ended[0] == b"/>":
            continue
        about = _attributes(sheet[start : ended.start()])
        inside = sheet[ended.end() : behind].partition(b"</row>")[0]
        at = _AT.fullmatch(about.get("r", "").encode())
        if at is None:
            continue
        if about.get("t") == "e":
            shown = re.search(rb"<(?:\w+:)?v>([^<]*)<", inside)
            found[_position(at)] = shown[1].decode("utf-8", "replace") if shown else "#"
        elif about.get("t") == "str":  # a formula that makes an empty text was computed
            continue
        elif _FORMULA.search(inside) and not _VALUE.search(inside):
            found[_position(at)] = NOT_COMPUTED
    return found


def _position(at: re.Match[bytes]) -> Position:
    column = 0
    for letter in at[1]:
        column = column * 26 + letter - 64
    return int(at[2]) - 1, column - 1
