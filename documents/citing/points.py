"""Places behind the name of a law: 第十二条第二款、第三款和第十五条第一项至第三项."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.citing.records import Point
from documents.text.numerals import CHARACTERS, number_of

_N = rf"[{CHARACTERS}\d]{{1,7}}"
_BETWEEN = r"\s*(?:至|到|-|—|～|~)\s*"
_LEVEL = re.compile(
    rf"第?\s*[（(]?({_N})[)）]?(?:{_BETWEEN}第?\s*[（(]?({_N})[)）]?)?\s*(条|款|项)"
    rf"(?:\s*之\s*({_N})(?!般))?"
)
_AND = re.compile(r"\s*(?:、|，(?=第)|以及|和|及|与|或者|或)\s*(?=第|[（(])")
_TO = re.compile(_BETWEEN + "(?=第|[（(])")
_MOST = 100
"""Places that one range may name; more is a slip of the pen."""


def points_at(text: str, begin: int) -> tuple[tuple[Point, ...], int]:
    """The places that are named from a position on, and where their words end; none, and the
    position itself, where none is.
    """
    found: list[Point] = []
    here, at, end, range_from = Point(), begin, begin, ""
    while (level := _LEVEL.match(text, at)) and (at > begin or level[0].startswith("第")):
        first, last = number_of(level[1]), number_of(level[2] or level[1])
        if first is None or last is None or (not found and level[3] != "条" and at == begin):
            break
        if range_from == level[3] and found:
            first = min(_of(found[-1], level[3]) + 1, last)
        inserted = number_of(level[4] or "") or 0
        reached = [_at(here, level[3], number, inserted) for number in _numbers(first, last)]
        if not _goes_on(level[3], found, at, end):
            found += reached
        else:
            found[-1:] = reached
        here, end = found[-1], level.end()
        join, to = _AND.match(text, end), _TO.match(text, end)
        range_from = level[3] if to else ""
        at = join.end() if join else to.end() if to else end
    return tuple(found), end


def _goes_on(level: str, found: list[Point], at: int, end: int) -> bool:
    """Whether a level narrows the place before it instead of naming another one."""
    return bool(found) and at == end and level != "条"


def _numbers(first: int, last: int) -> Iterator[int]:
    yield from range(first, min(last, first + _MOST) + 1)


def _at(here: Point, level: str, number: int, inserted: int) -> Point:
    match level:
        case "条":
            return Point(number, inserted)
        case "款":
            return replace(here, paragraph=number, item=None)
        case _:
            return replace(here, item=number)


def _of(point: Point, level: str) -> int:
    values = {"条": point.article, "款": point.paragraph, "项": point.item}
    return values[level] or 0
