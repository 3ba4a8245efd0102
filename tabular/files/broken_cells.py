"""Cells of an xlsx without a value of their own, and the year in which a workbook's days begin."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping
from itertools import pairwise

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\s")
_END = re.compile(rb"/?>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")
_DATE_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")
_OLD, _BEGIN, _1904 = b"\xd0\xcf\x11\xe0", b"\x09\x08\x10\x00", b"\x22\x00\x02\x00\x01\x00"
"""Of an xls: the file, the record that begins it, and the record of 1904."""
_GLOBALS = 2048
_AT = re.compile(rb"([A-Z]{1,3})(\d{1,7})")

Position = tuple[int, int]
"""Row and column, counted from 0."""


def broken_cells(content: bytes) -> Mapping[str, Mapping[Position, str]]:
    """By sheet the cells that show nothing true: ``#REF!`` and its like, or ``=`` for a formula
    without a value.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= parts:
            return {}
        targets = _targets(archive.read("xl/_rels/workbook.xml.rels"))
        found = {}
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            about = _attributes(tag)
            part = targets.get(about.get("r:id", ""), "")
            if part in parts and (cells := _broken(archive.read(part))):
                found[about.get("name", "")] = cells
    return found


def counts_from_1904(content: bytes) -> bool:
    """Whether serial numbers of days in a workbook (xlsx, xls) begin in 1904."""
    if content.startswith(_OLD):
        begin = content.find(_BEGIN)
        return begin >= 0 and _1904 in content[begin : begin + _GLOBALS]
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
            found[_position(at)] = "="
    return found


def _position(at: re.Match[bytes]) -> Position:
    column = 0
    for letter in at[1]:
        column = column * 26 + letter - 64
    return int(at[2]) - 1, column - 1
