"""Automatic numbers (ECMA-376 part 1, 17.9), counted paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.text.word.figures import written
from documents.text.word.package import Element, child, children, is_on, value, whole

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list; ``restart`` is the number of upper levels that set it back, None of all,
    and 0 of none; ``style`` is that of the paragraphs that have this level.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    plain: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """A w:num: its abstract list, its levels, and the starts that it sets anew."""

    abstract: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class _Count:
    """The numbers that an abstract list has come to, and the lists that have begun in it."""

    numbers: dict[int, int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)


class Numbering:
    """The lists of a document, whose numbers go on from one paragraph to the next."""

    def __init__(self, root: Element | None, list_of_style: Mapping[str, str]) -> None:
        """``list_of_style`` is the w:num that a style of lists names."""
        self._abstracts = {
            str(value(of, name="abstractNumId")): of for of in children(root, "abstractNum")
        }
        self._nums = {str(value(of, name="numId")): of for of in children(root, "num")}
        self._list_of_style = list_of_style
        self._lists = {id_: self._list(of) for id_, of in self._nums.items()}
        self._counts = dict[str, _Count]()

    def level_of_style(self, list_: str, style: str) -> int | None:
        """The level of a list that is a style's own."""
        known = self._lists.get(list_)
        levels = known.levels if known else {}
        return next((at for at, level in levels.items() if level.style == style), None)

    def next(self, list_: str, at: int) -> str:
        """Count a paragraph, and write its number; empty where its level has none."""
        known = self._lists.get(list_)
        level = known.levels.get(at) if known else None
        if known is None or level is None:
            return ""
        count = self._counts.setdefault(known.abstract, _Count())
        self._advance(known, list_, at, count)
        if level.form in ("bullet", "none") and not _PLACE.search(level.text):
            return ""
        return _PLACE.sub(
            lambda found: _figure(known, level, count, int(found[1]) - 1), level.text
        )

    def _advance(self, known: _List, list_: str, at: int, count: _Count) -> None:
        numbers = count.numbers
        for upper in range(at):
            if upper in known.levels:
                numbers.setdefault(upper, _start(known, upper))
        if at in known.starts and (list_, at) not in count.begun:
            numbers[at] = known.starts[at]
        else:
            numbers[at] = numbers[at] + 1 if at in numbers else _start(known, at)
        count.begun.add((list_, at))
        for lower in range(at + 1, _LEVELS):
            below = known.levels.get(lower)
            if below and (below.restart is None or at < below.restart):
                numbers.pop(lower, None)

    def _list(self, num: Element) -> _List:
        found = self._resolved(str(value(num, "abstractNumId")))
        abstract = str(value(found, name="abstractNumId"))
        levels = {} if found is None else _levels(found)
        starts = dict[int, int]()
        for override in children(num, "lvlOverride"):
            at = whole(value(override, name="ilvl"))
            if at is None:
                continue
            if (own := child(override, "lvl")) is not None:
                levels[at] = _level(own)
            if (start := whole(value(override, "startOverride"))) is not None:
                starts[at] = start
        return _List(abstract, levels, starts)

    def _resolved(self, abstract: str) -> Element | None:
        """The abstract list that has the levels; a w:numStyleLink points at it over a style."""
        found = self._abstracts.get(abstract)
        style = value(found, "numStyleLink")
        if style is None:
            return found
        for other in self._abstracts.values():
            if value(other, "styleLink") == style:
                return other
        num = self._nums.get(self._list_of_style.get(style, ""))
        return self._abstracts.get(str(value(num, "abstractNumId")))


def _levels(abstract: Element) -> dict[int, Level]:
    found = dict[int, Level]()
    for of in children(abstract, "lvl"):
        at = whole(value(of, name="ilvl"))
        if at is not None:
            found[at] = _level(of)
    return found


def _level(of: Element) -> Level:
    start = whole(value(of, "start"))
    return Level(
        start=1 if start is None else start,
        form=_form(of),
        text=value(of, "lvlText") or "",
        restart=whole(value(of, "lvlRestart")),
        plain=is_on(of, "isLgl"),
        style=value(of, "pStyle") or "",
    )


def _form(of: Element) -> str:
    """The format; a newer one stands in an mc:AlternateContent, whose fallback is plain."""
    direct = value(of, "numFmt")
    inner = value(of, "AlternateContent", "Fallback", "numFmt")
    return direct or inner or "decimal"


def _start(known: _List, at: int) -> int:
    given = known.levels[at].start if at in known.levels else 1
    return known.starts.get(at, given)


def _figure(known: _List, level: Level, count: _Count, at: int) -> str:
    form = known.levels[at].form if at in known.levels else "decimal"
    number = count.numbers.get(at, _start(known, at))
    return written(number, "decimal" if level.plain else form)
