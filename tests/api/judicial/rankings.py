"""Recognises a ranking in an answer: HTML, JSON or CSV. Pure.

A ranking is the same measure of several bodies, units or persons of justice in one answer: rows
that stand for them, whatever their order. A thing with an identity of its own (a hearing, a
letter) may name its unit and have numbers; its row stands for the thing.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Literal

Media = Literal["html", "json", "csv"]
Subjects = Mapping[str, str]
"""Ids and names of bodies and units, each with the id."""
OFFICERS = re.compile(
    r"judge|prosecutor|presiding|handler_name|法官|检察官|审判长|审判员|书记员|承办人|办案人|主审"
)
PLACES = re.compile(r"rank(ing)?|score|grade_point|league|排名|名次|位次|排行|得分|评分")
_IDENTITY = ("id", "number", "title", "name", "code", "编号", "标题", "名称", "文号", "案由")
_NO_MEASURE = re.compile(
    r"(.*[._])?(id|number|version|year|month|day|page|position|load|secrecy|\w*_ms|\w*_id|序号|版本"
    r"|年份|月份|编号|年度)"
)
_DATES = re.compile(
    r"20\d\d\s*[-年./]\s*\d{1,2}(\s*[-月./]\s*\d{1,2}日?|月)?|\d{1,2}:\d\d(:\d\d)?|20\d\d年?|第\s*\d+\s*[次届条款章号]"
    r"|\d{1,2}月\d{1,2}日"
)
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?\s*[%％‰件人次]?(?![\w.])")


@dataclass(frozen=True, slots=True)
class Ranking:
    """A measure, and those whose values of it stand beside each other."""

    measure: str
    who: tuple[str, ...]


@dataclass(slots=True)
class _Record:
    """A row: whom it stands for, and its numbers by name."""

    who: str
    numbers: dict[str, float] = field(default_factory=dict)
    beside: str = ""


def rankings(text: str, media: Media, subjects: Subjects) -> Sequence[Ranking]:
    """Every ranking in an answer."""
    if media == "json":
        groups = list(_of_json(json.loads(text), subjects))
    elif media == "csv":
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        groups = [_of_table(rows, subjects)]
    else:
        page = _Page()
        page.feed(text)
        groups = [_of_table(table, subjects) for table in page.tables]
        groups += [_of_items(items, subjects) for items in page.lists]
        for value in page.data:
            groups += _of_json(value, subjects)
    return [one for group in groups for one in _ranked(group)]


def order_of(text: str, subjects: Subjects) -> Sequence[str]:
    """The bodies and units of an answer in the order in which each is named first."""
    found: dict[str, int] = {}
    for name, subject in subjects.items():
        at = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        if at is None and not name.isascii() and name in text:
            found[subject] = min(text.index(name), found.get(subject, len(text)))
        elif at is not None:
            found[subject] = min(at.start(), found.get(subject, len(text)))
    return sorted(found, key=lambda subject: found[subject])


def reordered(plain: str, asked: str, subjects: Subjects) -> bool:
    """Whether the same bodies or units stand in another order once somebody wished so."""
    before, after = order_of(plain, subjects), order_of(asked, subjects)
    common = set(before) & set(after)
    return [of for of in before if of in common] != [of for of in after if of in common]


def _ranked(records: Sequence[_Record]) -> Iterator[Ranking]:
    by_measure: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for record in records:
        for measure, value in record.numbers.items():
            by_measure[measure, record.beside].setdefault(record.who, value)
    for (measure, _), values in by_measure.items():
        if len(values) > 1:
            yield Ranking(measure, tuple(values))


def _subject(value: object, subjects: Subjects) -> str:
    return subjects.get(value.strip(), "") if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        plain = re.sub(r"[,\s%％‰件人次]", "", value)
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", plain) and not _DATES.fullmatch(value.strip()):
            return float(plain)
    return None


def _numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Numbers at any depth, by the names that lead there."""
    if isinstance(value, Mapping):
        for name, of in value.items():
            yield from _numbers(of, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for of in value:
            yield from _numbers(of, path)
    elif (number := _number(value)) is not None and not _NO_MEASURE.fullmatch(path):
        yield path, number


def _whom(record: Mapping[str, Any], subjects: Subjects) -> str:
    """Whom a record stands for: a body or unit unless it has an identity of its own, or a person
    of justice. A topic is none of them, though it may have the id of a unit.
    """
    for name, value in record.items():
        if OFFICERS.search(name) and isinstance(value, str) and value:
            return f"{name}={value}"
    shallow = [of for name, of in record.items() if name != "topic"]
    shallow += [of for value in shallow if isinstance(value, Mapping) for of in value.values()]
    who = next((found for value in shallow if (found := _subject(value, subjects))), "")
    own = any(
        record.get(name) not in (None, "") and not _subject(record[name], subjects)
        for name in _IDENTITY
        if name in record
    )
    return "" if own else who


def _of_json(value: Any, subjects: Subjects) -> Iterator[Sequence[_Record]]:
    if isinstance(value, list):
        records = [of for of in value if isinstance(of, Mapping)]
        yield [_Record(who, dict(_numbers(of))) for of in records if (who := _whom(of, subjects))]
        if value and all(isinstance(of, list) for of in value):
            yield _of_table(value, subjects)
        for of in value:
            yield from _of_json(of, subjects)
    elif isinstance(value, Mapping):
        keyed = {name: of for name, of in value.items() if _subject(name, subjects)}
        yield [
            _Record(subjects[name], dict(_numbers(of)) or dict(_numbers({"value": of})))
            for name, of in keyed.items()
        ]
        yield from _parallel(value, subjects)
        for of in value.values():
            yield from _of_json(of, subjects)


def _parallel(value: Mapping[str, Any], subjects: Subjects) -> Iterator[Sequence[_Record]]:
    """A list of names and lists of numbers as long, as charts have them."""
    lists = {name: of for name, of in value.items() if isinstance(of, list) and len(of) > 1}
    for names in lists.values():
        who = [_subject(of, subjects) for of in names]
        if all(who):
            yield [
                _Record(one, {name: number})
                for name, of in lists.items()
                if len(of) == len(who)
                for one, cell in zip(who, of, strict=True)
                if (number := _number(cell)) is not None
            ]


def _of_table(rows: Sequence[Sequence[Any]], subjects: Subjects) -> Sequence[_Record]:
    """Rows whose first text is a body or unit, or a name below the head of a person of justice;
    and columns whose heads are bodies.
    """
    if len(rows) < 2:
        return []
    heads = [str(of).strip() for of in rows[0]]
    found = []
    for row in rows[1:]:
        cells = [str(of).strip() for of in row]
        officer = next(
            (f"{head}={cell}" for head, cell in zip(heads, cells, strict=False)
             if OFFICERS.search(head) and cell), "")  # fmt: skip
        first = next((cell for cell in cells if cell and _number(cell) is None), "")
        if who := officer or _subject(first, subjects):
            numbers = {
                head: number
                for head, cell in zip(heads, cells, strict=False)
                if (number := _number(cell)) is not None and not _NO_MEASURE.fullmatch(head)
            }
            found.append(_Record(who, numbers))
    return [*found, *_of_columns(heads, rows[1:], subjects)]


def _of_columns(
    heads: Sequence[str], rows: Sequence[Sequence[Any]], subjects: Subjects
) -> Iterator[_Record]:
    for at, head in enumerate(heads):
        if who := _subject(head, subjects):
            numbers = {
                str(row[0]): number
                for row in rows
                if at < len(row) and (number := _number(str(row[at]))) is not None
            }
            yield _Record(who, numbers)


def _of_items(items: Sequence[str], subjects: Subjects) -> Sequence[_Record]:
    """Items that begin with a body or unit and have a number, and say otherwise the same."""
    found = []
    for item in items:
        text = re.sub(r"^\s*[\d.、()（）]+\s*", "", " ".join(item.split()))
        name = max((of for of in subjects if text.startswith(of)), key=len, default="")
        plain = _DATES.sub(" ", text.removeprefix(name))
        numbers = [number for of in _NUMBER.findall(plain) if (number := _number(of)) is not None]
        if name and numbers:
            beside = "".join(_NUMBER.sub(" ", plain).split())
            found.append(_Record(subjects[name], {f"#{n}": of for n, of in enumerate(numbers)},
                                 beside))  # fmt: skip
    return found


class _Page(HTMLParser):
    """Tables as texts of cells, lists as texts of items, and JSON in attributes and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.lists: list[list[str]] = []
        self.data: list[Any] = []
        self._open: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
        elif tag in ("ul", "ol", "dl"):
            self.lists.append([])
        elif tag in ("li", "dt") and self.lists:
            self.lists[-1].append("")
        self._script = tag == "script"
        if tag in ("td", "th", "li", "dt", "dd"):
            self._open.append(tag)
        for name, value in attrs:
            if name.startswith("data-") and value:
                self._take(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "li", "dt", "dd") and tag in self._open:
            while self._open.pop() != tag:
                pass
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self._take(data)
        elif self._open and self._open[-1] in ("td", "th"):
            self.tables[-1][-1][-1] += data
        elif self._open and self.lists and self.lists[-1]:
            self.lists[-1][-1] += f" {data}"

    def _take(self, text: str) -> None:
        if text.strip()[:1] in ("{", "["):
            try:
                self.data.append(json.loads(text))
            except ValueError:
                return
