"""Checks inside one table: its lines, its columns, its two sides. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budget.published.kinds import Checks
from budget.published.records import PublishedTable, Side
from budget.published.sums.equations import Equation, Known, Ref, sum_of
from budget.published.sums.groups import equations_of_columns, relations_of
from budget.published.sums.picking import main_column
from budget.published.sums.three_public import equations_of_parts, parts_of
from budget.published.sums.trees import equations_of_side

_BALANCES = ("balance", "grant-balance", "unnamed-balance")
_FUNDS = ("general", "fund", "capital")
_LAST = re.compile(r"总计")


def equations_inside(
    number: int, table: PublishedTable, known: Known, checks: Checks
) -> list[Equation]:
    """Every sum that must hold within a table."""
    if "three-public" in table.kind.id:
        return _of_three_public(number, table, known, checks)
    found = list[Equation]()
    for side in table.sides:
        found += equations_of_side(number, side, known)
        relations = relations_of(side, table.kind, checks)
        found += equations_of_columns(number, side, relations, known)
    if table.kind.id in _BALANCES:
        found += _balance(number, table, known)
        found += _funds(number, table, known, checks)
    return found


def _of_three_public(
    number: int, table: PublishedTable, known: Known, checks: Checks
) -> list[Equation]:
    found = list[Equation]()
    for parts in parts_of(number, table, checks):
        found += [one for one in equations_of_parts(parts) if one.is_filled(known)]
    for side in table.sides:
        is_down = any(checks.is_role("reception", line.label) for line in side.lines)
        if len(side.lines) > 1 and not is_down:
            found += equations_of_side(number, side, known)
    return found


def _balance(number: int, table: PublishedTable, known: Known) -> Iterator[Equation]:
    """收入总计 = 支出总计, for each side of expense, and for each year where both have several."""
    incomes = [side for side in table.sides if side.direction == "income"]
    for side in table.sides:
        if side.direction != "expense" or not incomes:
            continue
        names = [[column.name for column in one.columns] for one in (incomes[0], side)]
        if len(names[0]) > 1 and names[0] == names[1]:
            pairs = [(slot, slot) for slot in range(len(names[0]))]
        else:
            left, right = main_column(incomes[0]), main_column(side)
            pairs = [] if left is None or right is None else [(left, right)]
        for left, right in pairs:
            income = _grand(number, incomes[0], left, known)
            expense = _grand(number, side, right, known)
            if income and expense:
                yield sum_of("balance", expense, [income])


def _grand(number: int, side: Side, slot: int, known: Known) -> Ref | None:
    refs = [
        (bool(_LAST.search(line.label)), line.row, (number, line.row, line.at[slot]))
        for line in side.lines
        if line.is_total and (number, line.row, line.at[slot]) in known
    ]
    return max(refs)[2] if refs else None


def _funds(number: int, table: PublishedTable, known: Known, checks: Checks) -> Iterator[Equation]:
    """Income of each fund is its expense, where every line of income is of a fund."""
    incomes = [side for side in table.sides if side.direction == "income"]
    expenses = [side for side in table.sides if side.direction == "expense"]
    slot = main_column(incomes[0]) if len(incomes) == 1 == len(expenses) else None
    if slot is None:
        return
    by_fund: dict[str, list[Ref]] = {fund: [] for fund in _FUNDS}
    for line in incomes[0].lines:
        ref = (number, line.row, line.at[slot])
        if line.is_total or line.is_part or ref not in known:
            continue
        fund = next((one for one in _FUNDS if checks.is_role(one, line.label)), None)
        if fund is not None:
            by_fund[fund].append(ref)
    income = _grand(number, incomes[0], slot, known)
    refs = [ref for of in by_fund.values() for ref in of]
    if income is None or not sum_of("", income, refs).holds(known):
        return
    for fund, of in by_fund.items():
        columns = [n for n, column in enumerate(expenses[0].columns)
                   if checks.is_role(fund, column.name)]  # fmt: skip
        expense = _grand(number, expenses[0], columns[0], known) if len(columns) == 1 else None
        if expense is not None and of:
            yield sum_of("funds", expense, of)
