"""Columns that are sums of columns: 合计 of what stands beside it, 小计 of its group. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budget.published.kinds import Checks, Kind
from budget.published.records import Column, Line, Side
from budget.published.sums.equations import Equation, Known

_TOTAL = re.compile(r"[一-龥]{0,12}?(?:合计|总计|小计|共计)(?:数|金额)?(?:\(.*\))?")
_WORD = re.compile(r"其中:?")
_PART = re.compile(r"其中|^#")
_EARLIER = re.compile(r"上年|去年|前年|往年")
_CHANGE = re.compile(r"增减|增长|变动|比上年|比去年|较上年|差额|调整")
_YEAR = re.compile(r"(20\d\d)年?")
_START, _END = re.compile(r"年初.*结[转余]"), re.compile(r"年末.*结[转余]")
_INCOME, _EXPENSE = re.compile(r"本年收入"), re.compile(r"本年支出")
_MANY = 4
"""Lines of which most must hold, or the header was not understood."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A column that is the sum of others, by their numbers on their side, each with its sign."""

    check: str
    whole: int
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns under one name; ``leaf`` is the number of the column that has this name itself."""

    name: str
    leaf: int | None
    inside: tuple[_Group, ...]


def equations_of_columns(
    number: int, side: Side, relations: Sequence[Relation], known: Known
) -> list[Equation]:
    """The relations on each line that has a figure in them. One between columns of unknown names
    that fails on most of many lines was not meant by the header, and is left out.
    """
    found = list[Equation]()
    for relation in relations:
        equations = [_on(number, line, relation) for line in side.lines]
        equations = [one for one in equations if one.is_filled(known)]
        right = sum(one.holds(known) for one in equations)
        is_meant = relation.check != "columns" or right * 2 >= len(equations)
        if is_meant or len(equations) < _MANY:
            found += equations
    return found


def _on(number: int, line: Line, relation: Relation) -> Equation:
    whole = (number, line.row, line.at[relation.whole])
    parts = tuple(((number, line.row, line.at[one]), sign) for one, sign in relation.parts)
    return Equation(relation.check, whole, parts)


def relations_of(side: Side, kind: Kind, checks: Checks) -> list[Relation]:
    """The sums that names of columns tell of."""
    apart = [re.compile(one) for one in kind.apart]
    columns = [
        (index, column)
        for index, column in enumerate(side.columns)
        if not any(one.search(column.full) for one in apart)
    ]
    roots = _common(columns)
    paths = [(index, column.path[roots:] or column.path) for index, column in columns]
    groups = _grouped(_without_word(paths, checks))
    found = list(_sums(groups, checks))
    found += _flow(groups)
    found += _change(side)
    return found


def _without_word(
    paths: Sequence[tuple[int, tuple[str, ...]]], checks: Checks
) -> list[tuple[int, tuple[str, ...]]]:
    """Under 其中 may stand all parts of a whole, as 基本支出 and 项目支出 are."""
    parts = [path[-1] for _, path in paths if any(map(_WORD.fullmatch, path[:-1]))]
    if _check(parts, checks) == "columns":
        return list(paths)
    return [
        (index, tuple(name for name in path if not _WORD.fullmatch(name))) for index, path in paths
    ]


def _common(columns: Sequence[tuple[int, Column]]) -> int:
    """How many names at the top all columns share; they tell nothing apart."""
    paths = [column.path for _, column in columns]
    if len(paths) < 2:
        return 0
    depth = 0
    while all(len(path) > depth + 1 for path in paths) and len({p[depth] for p in paths}) == 1:
        depth += 1
    return depth


def _grouped(paths: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[_Group, ...]:
    """Columns that follow each other under one name are its group."""
    found = list[_Group]()
    held: list[tuple[int, tuple[str, ...]]] = []

    def close() -> None:
        if not held:
            return
        name = held[0][1][0]
        leaf = next((index for index, path in held if len(path) == 1), None)
        inside = _grouped([(index, path[1:]) for index, path in held if len(path) > 1])
        found.append(_Group(name, leaf, inside))

    for index, path in paths:
        if held and held[0][1][0] != path[0]:
            close()
            held = []
        if held and len(path) == 1:
            close()
            held = []
        held.append((index, path))
    close()
    return tuple(found)


def _sums(groups: Sequence[_Group], checks: Checks) -> Iterator[Relation]:
    for group in groups:
        yield from _sums(group.inside, checks)
        if group.leaf is not None and group.inside:
            yield from _relation(group.leaf, group.inside, checks)
    total = _total(groups)
    if total is not None:
        others = [one for one in groups if one.leaf != total]
        yield from _relation(total, others, checks)
    yield from _contained(groups, checks)


def _relation(total: int, groups: Sequence[_Group], checks: Checks) -> Iterator[Relation]:
    addends = [one for one in _addends(groups, checks) if _TOTAL.fullmatch(one.name) is None]
    parts = [part for one in addends for part in _worth(one, checks)]
    if len(addends) > 1 and parts:
        names = [one.name for one in addends]
        yield Relation(_check(names, checks), total, tuple((part, 1) for part in parts))


def _check(names: Sequence[str], checks: Checks) -> str:
    def has(role: str) -> bool:
        return any(checks.is_role(role, name) for name in names)

    if has("basic") and has("project"):
        return "basic-and-project"
    return "personnel-and-public" if has("personnel") and has("public") else "columns"


def _addends(groups: Sequence[_Group], checks: Checks) -> list[_Group]:
    """Those beside a total that make it: no earlier year, no change, nothing that is part of
    another one.
    """
    latest = max((_year(one.name) for one in groups), default=0)
    beside = [
        one
        for one in groups
        if not (_PART.search(one.name) or _is_beside(one.name) or 0 < _year(one.name) < latest)
    ]
    contained = {part.leaf for _, parts in _containing(beside, checks) for part in parts}
    return [one for one in beside if one.leaf is None or one.leaf not in contained]


def _year(name: str) -> int:
    found = _YEAR.search(name)
    return int(found[1]) if found else 0


def _is_beside(name: str) -> bool:
    """Whether a column compares; money that is carried over (上年结转) is none of these."""
    return bool(_CHANGE.search(name) or (_EARLIER.search(name) and "结" not in name))


def _containing(groups: Sequence[_Group], checks: Checks) -> Iterator[tuple[_Group, list[_Group]]]:
    """Of single columns beside each other, those that are sums of others by what they stand for:
    基本支出, 人员经费, 公用经费.
    """
    single = [one for one in groups if not one.inside]
    for rule in checks.parts:
        wholes = [one for one in single if checks.is_role(rule.whole, one.name)]
        parts = [one for one in single for role in rule.of
                 if checks.is_role(role, one.name) and one not in wholes]  # fmt: skip
        if len(wholes) == 1 and len(parts) == len(rule.of):
            yield wholes[0], parts


def _contained(groups: Sequence[_Group], checks: Checks) -> Iterator[Relation]:
    for whole, parts in _containing(groups, checks):
        leaves = [part.leaf for part in parts if part.leaf is not None]
        if whole.leaf is not None:
            check = _check([part.name for part in parts], checks)
            yield Relation(check, whole.leaf, tuple((leaf, 1) for leaf in leaves))


def _worth(group: _Group, checks: Checks) -> list[int]:
    """The columns that make the sum of a group: its own, its 小计, or all of its parts."""
    if group.leaf is not None:
        return [group.leaf]
    total = _total(group.inside)
    if total is not None:
        return [total]
    return [part for one in _addends(group.inside, checks) for part in _worth(one, checks)]


def _total(groups: Sequence[_Group]) -> int | None:
    """The first column that is named a total, of this year."""
    named = [one for one in groups if one.leaf is not None and _TOTAL.fullmatch(one.name)]
    named = [one for one in named if not _is_beside(one.name)]
    return named[0].leaf if named else None


def _flow(groups: Sequence[_Group]) -> Iterator[Relation]:
    """年初结转结余 + 本年收入 - 本年支出 = 年末结转结余."""
    found = dict[str, int]()
    signs = {"start": _START, "income": _INCOME, "expense": _EXPENSE, "end": _END}
    for name, sign in signs.items():
        groups_ = [one for one in groups if sign.match(one.name)]
        if len(groups_) != 1:
            return
        own = groups_[0].leaf if groups_[0].leaf is not None else _total(groups_[0].inside)
        if own is None:
            return
        found[name] = own
    parts = ((found["start"], 1), (found["income"], 1), (found["expense"], -1))
    yield Relation("flow", found["end"], parts)


def compared(side: Side) -> tuple[int, int] | None:
    """Columns of the year and of the one before by their numbers, where each is one."""
    earlier = [n for n, one in enumerate(side.columns) if _is_earlier(one, side.columns)]
    now = [n for n, one in enumerate(side.columns)
           if n not in earlier and not _CHANGE.search(one.full)]  # fmt: skip
    found = [
        named[0] if len(named) == 1 else numbers[0]
        for numbers in (now, earlier)
        if (named := [n for n in numbers if _TOTAL.fullmatch(side.columns[n].name)])
        or len(numbers) == 1
    ]
    return (found[0], found[1]) if len(found) == 2 else None


def _is_earlier(column: Column, columns: Sequence[Column]) -> bool:
    is_of_before = 0 < _year(column.full) < max(_year(one.full) for one in columns)
    is_named = bool(_EARLIER.search(column.full)) and "结" not in column.full
    return (is_of_before or is_named) and not _CHANGE.search(column.full)


def _change(side: Side) -> Iterator[Relation]:
    """The year less the one before is the change."""
    pair = compared(side)
    changes = [n for n, one in enumerate(side.columns) if _CHANGE.search(one.full)]
    if pair is not None and len(changes) == 1:
        yield Relation("change", changes[0], ((pair[0], 1), (pair[1], -1)))
