"""Yearly lists as makers send them, and lines of the unfiled. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.platforms.documents.texts.records import Word, named
from api.web.declared import Declared
from documents.laws.dates import days

LIST, UNFILED = "yearly-list", "unfiled"
"""Of the items."""
Source = Literal["list", "gap", "cited"]
SOURCES: tuple[Source, ...] = get_args(Source)
"""Why a line stands: the maker's own list, a number that nobody has, or a text that cites it."""
Reason = Literal[
    "internal", "not-normative", "number-not-used", "elsewhere", "ended", "known", "other"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
LineState = Literal["found", "asked", "answered", "settled", "filed"]
LINE_STATES: tuple[LineState, ...] = get_args(LineState)
A_PAGE = 50
MOST_LINES, LONGEST_TEXT = 2000, 200_000
MOST_GAPS = 50
"""Of one series: where more numbers are missing, it is not one of these documents alone."""
LONGEST_REMARK = 500
LONGEST_TITLE, LONGEST_NUMBER = 300, 100
_NUMBER = re.compile(r"^(.{1,40}?)〔(\d{4})〕第?(\d{1,4})号$")
_BRACKETS = str.maketrans("［[（(］])）", "〔〔〔〔〕〕〕〕")
_OWN_SERIES = "规"
"""Makers count normative documents apart under such a 代字: 通政规〔2026〕3号. Other series count
all letters, so a gap in them says nothing.
"""
_HEADS: Mapping[str, tuple[str, ...]] = {
    "title": ("名称", "文件名称", "标题", "规范性文件名称", "title"),
    "number": ("文号", "发文字号", "number"),
    "published": ("公布日期", "发布日期", "印发日期", "公布时间", "日期", "published"),
}


class UnknownList(Declared):
    """There is no such yearly list, or it is not for the account."""

    status = 404
    words = "documents.catalogue.unknown"


class NotSentWhole(Declared):
    """A list was to be sent without its lines."""

    status = 409
    words = "documents.catalogue.not-alone"


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a yearly list; ``published`` is ISO text, empty where the maker gave none."""

    title: str
    number: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of a table that does not hold: counted from 1, the field, and what stands there."""

    row: int
    field: Literal["title", "number", "published", "many", "long", "quotes"]
    said: str


@dataclass(frozen=True, slots=True)
class Known:
    """A document that is filed or kept: its maker, title and 文号."""

    unit: str
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A line that is new: what it is of, and where that is said. ``about`` is the id of the text
    that cites it.
    """

    source: Source
    unit: str
    year: int | None
    title: str
    number: str
    about: int | None = None

    @property
    def key(self) -> str:
        """The same finding comes once."""
        of = plain(self.number) if self.source == "gap" else named(self.title)
        return f"{self.source}:{self.unit}:{self.year or ''}:{of}"[:400]


class Asked(BaseModel):
    """A question for the unfiled: ``q`` a part of title or 文号, ``found`` the year in which a
    line was found.
    """

    q: Word = ""
    maker: Word = ""
    source: Literal["", Source] = ""
    state: Literal["", LineState] = ""
    found: Annotated[str, Field(pattern=r"^([12][0-9]{3})?$")] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the unfiled."""

    id: int
    unit: str
    source: Source
    year: int | None
    title: str
    number: str
    state: LineState
    about: int | None


def plain(number: str) -> str:
    """A 文号 as it is compared: without blanks, and with the brackets of the standard."""
    return "".join(number.split()).translate(_BRACKETS)


def read(text: str) -> tuple[Sequence[Listed], Sequence[Wrong]]:
    """Documents of a table that was pasted or came as a file, and every line that does not hold.
    Columns are apart by tab or comma, in the order title, 文号, day, or as a first row names them.
    """
    if len(text) > LONGEST_TEXT:
        return (), (Wrong(0, "long", ""),)
    try:
        rows = [(at, cells) for at, cells in enumerate(_cells(text), 1) if any(cells)]
    except csv.Error:
        return (), (Wrong(0, "quotes", ""),)
    columns = {"title": 0, "number": 1, "published": 2}
    for at_row, (_, cells) in enumerate(rows[:5]):
        heads = _heads(cells)
        if "title" in heads:
            columns, rows = heads, rows[at_row + 1 :]
            break
    if len(rows) > MOST_LINES:
        return (), (Wrong(0, "many", str(len(rows))),)
    found: list[Listed] = []
    wrong: list[Wrong] = []
    for at, cells in rows:
        said = {name: cells[of].strip() if of < len(cells) else "" for name, of in columns.items()}
        one, faults = _listed(at, said)
        found.append(one)
        wrong += faults
    return found, wrong


def gaps(known: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Numbers that are missing in the own series of makers: ``known`` are unit and 文号.

    A series is counted from 1; one with more than :data:`MOST_GAPS` gaps is left out.
    """
    series: dict[tuple[str, str, int], set[int]] = {}
    for unit, number in known:
        match = _NUMBER.match(plain(number))
        if match and _OWN_SERIES in match[1]:
            series.setdefault((unit, match[1], int(match[2])), set()).add(int(match[3]))
    for (unit, prefix, year), there in sorted(series.items()):
        missing = sorted(set(range(1, max(there))) - there)
        if len(missing) > MOST_GAPS:
            continue
        for n in missing:
            yield Finding("gap", unit, year, "", f"{prefix}〔{year}〕{n}号")


class Filed:
    """Documents that are filed or kept, as lines are held against them."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._names: set[tuple[str, str]] = set()
        self._titles: set[str] = set()
        for of in known:
            self._names |= {(of.unit, plain(of.number)), (of.unit, named(of.title))}
            self._titles.add(named(of.title))

    def has(self, unit: str, title: str, number: str) -> bool:
        """Whether a maker's document is among them, by its 文号 or its title."""
        names = (plain(number), named(title))
        return any(of and (unit, of) in self._names for of in names)

    def closes(self, of: Line) -> bool:
        """Whether a line was filed since. Who made a text that is only cited nobody knows for
        sure: whoever filed one of its title did.
        """
        cited = of.source == "cited" and named(of.title) in self._titles
        return cited or self.has(of.unit, of.title, of.number)


def unlisted(lists: Iterable[tuple[str, int, Listed]], filed: Filed) -> Iterator[Finding]:
    """Documents of yearly lists that are neither filed nor kept: by unit and year."""
    for unit, year, of in lists:
        if not filed.has(unit, of.title, of.number):
            yield Finding("list", unit, year, of.title, of.number)


def made_by(title: str, names: Mapping[str, str], district: str) -> str | None:
    """The unit that made a text by its title, by the names of units; empty where only the district
    is named, None where it is of nobody here.
    """
    for unit, name in sorted(names.items(), key=lambda of: -len(of[1])):
        own = name.removeprefix("区")
        if len(own) > 2 and own in title and (own == name or district in title):
            return unit
    return "" if district and district in title else None


def _cells(text: str) -> Iterator[list[str]]:
    tabs = "\t" in text
    plain_text = text if tabs else text.replace("，", ",")
    for old, new in (("\0", ""), ("\r\n", "\n"), ("\r", "\n")):
        plain_text = plain_text.replace(old, new)
    yield from csv.reader(io.StringIO(plain_text), delimiter="\t" if tabs else ",")


def _heads(cells: Sequence[str]) -> dict[str, int]:
    names = ["".join(of.split()) for of in cells]
    found = {}
    for field, known in _HEADS.items():
        at = next((names.index(of) for of in known if of in names), None)
        if at is not None:
            found[field] = at
    return found


def _listed(at: int, said: Mapping[str, str]) -> tuple[Listed, Sequence[Wrong]]:
    title, number = " ".join(said["title"].split()).strip("《》"), said.get("number", "")
    written = said.get("published", "")
    wrong: list[Wrong] = []
    if not title or len(title) > LONGEST_TITLE:
        wrong.append(Wrong(at, "title", title[:40]))
    if len(number) > LONGEST_NUMBER:
        wrong.append(Wrong(at, "number", number[:40]))
    day = next((of.day for of in days(written)), None) if written else None
    if written and day is None:
        wrong.append(Wrong(at, "published", written[:40]))
    return Listed(title, plain(number), day.isoformat() if day else ""), wrong
