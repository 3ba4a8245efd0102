"""The parts of 三公经费, whether they stand beside or below each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from budget.published.kinds import Checks
from budget.published.records import Column, Line, PublishedTable
from budget.published.sums.equations import Equation, Ref

_ROLES = ("vehicles", "purchase", "running", "abroad", "reception")
_TOTAL = re.compile(r"合计|总计|小计|共计|三公经费")
_BESIDE = re.compile(r"会议|培训|机关运行")
_EARLIER, _CHANGE = re.compile(r"上年|去年|前年"), re.compile(r"增减|增长|变动|比上年")
_LEAST = 2

Parts = Mapping[str, Ref]
"""By role the figure: total, abroad, vehicles, purchase, running, reception; and grand, beside
with a number, where meetings or training stand in the same table.
"""


def parts_of(number: int, table: PublishedTable, checks: Checks) -> list[Parts]:
    """Each set of parts in a table, that of the total line and of this year first."""
    found = list[tuple[tuple[bool, ...], Parts]]()
    for side in table.sides:
        down = _roles([(line.label, n) for n, line in enumerate(side.lines)], checks)
        if len(down.keys() & set(_ROLES)) >= _LEAST:
            for slot, column in enumerate(side.columns):
                refs = {role: _ref(number, side.lines[n], slot) for role, n in down.items()}
                found.append((_rank(column, is_total=True), refs))
            continue
        for columns in _apart(side.columns):
            names = [(_meaning(side.columns[slot]), slot) for slot in columns]
            across = _roles(names, checks)
            if len(across.keys() & set(_ROLES)) < _LEAST:
                continue
            for line in side.lines:
                refs = {role: _ref(number, line, slot) for role, slot in across.items()}
                is_total = line.is_total or len(side.lines) == 1
                found.append((_rank(side.columns[columns[0]], is_total=is_total), refs))
    return [parts for _, parts in sorted(found, key=lambda one: one[0])]


def equations_of_parts(parts: Parts) -> Iterator[Equation]:
    """The whole is the sum of its parts, cars cost what their purchase and their running do."""
    cars = [parts[role] for role in ("purchase", "running") if role in parts]
    if "vehicles" in parts and cars:
        yield Equation("vehicles", parts["vehicles"], tuple((ref, 1) for ref in cars))
        cars = []
    others = [parts[role] for role in ("abroad", "vehicles", "reception") if role in parts]
    refs = [*others, *cars]
    if "total" in parts and len(refs) >= _LEAST:
        yield Equation("three-public", parts["total"], tuple((ref, 1) for ref in refs))
    beside = [ref for role, ref in parts.items() if role.startswith("beside-")]
    if "grand" in parts and "total" in parts and beside:
        refs = [parts["total"], *beside]
        yield Equation("columns", parts["grand"], tuple((ref, 1) for ref in refs))


def _ref(number: int, line: Line, slot: int) -> Ref:
    return number, line.row, line.at[slot]


def _rank(column: Column, *, is_total: bool) -> tuple[bool, ...]:
    """Orders the total line first, then final accounts, then this year."""
    earlier = bool(_EARLIER.search(column.full) or _CHANGE.search(column.full))
    return not is_total, earlier, "决算" not in column.full


def _meaning(column: Column) -> str:
    """The name of a column; of a 小计 that of its group with it."""
    if _TOTAL.search(column.name) and len(column.path) > 1:
        return f"{column.path[-2]}{column.name}"
    return column.name


def _apart(columns: Sequence[Column]) -> list[list[int]]:
    """Columns by the group in which a set of parts stands: 预算数, 决算数."""
    found = dict[str, list[int]]()
    for slot, column in enumerate(columns):
        if _CHANGE.search(column.full):
            continue
        group = column.path[0] if re.search(r"[预决]算数?$|年", column.path[0]) else ""
        group = group if len(column.path) > 1 else ""
        found.setdefault(group, []).append(slot)
    return list(found.values())


def _roles(names: Sequence[tuple[str, int]], checks: Checks) -> dict[str, int]:
    found = dict[str, int]()
    for name, number in names:
        if _BESIDE.search(name) and "三公" not in name:
            found[f"beside-{number}"] = number
            continue
        role = next((one for one in _ROLES if checks.is_role(one, name)), None)
        if role is not None:
            found.setdefault(role, number)
        elif _TOTAL.search(name):
            found.setdefault("total" if "三公" in name or not _waits(names) else "grand", number)
    return found


def _waits(names: Sequence[tuple[str, int]]) -> bool:
    """Whether the whole of 三公 stands under a name of its own, beside a total of more."""
    return any(_BESIDE.search(name) for name, _ in names) and any(
        "三公" in name and _TOTAL.search(name) for name, _ in names
    )
