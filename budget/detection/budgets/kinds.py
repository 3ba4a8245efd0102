"""The kinds of this room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from budget.detection.books import Books
from budget.detection.budgets import debts, disclosed, indicators, three_expenses
from budget.detection.budgets.assets import ASSET_NOT_RECORDED
from budget.detection.budgets.audits import AUDIT_PROBLEM_RETURNS
from budget.detection.budgets.carry_over import CARRY_OVER
from budget.detection.budgets.other_items import OTHER_SHARE
from budget.detection.budgets.progress import SLOW_PROGRESS
from budget.detection.budgets.rush import YEAR_END_RUSH
from budget.detection.budgets.shifts import ITEM_SHIFT
from budget.detection.budgets.subordinates import PAYING_DOWN
from budget.detection.records import Question, RuleKind

EVERY_UNIT = "all"
"""The unit in the facts of a question that is about none in particular."""


def _with_names(kind: RuleKind[Any]) -> RuleKind[Any]:
    """A kind whose questions have the name of their unit among the facts."""

    def find(books: Books, parameters: Any) -> Iterator[Question]:
        for of in kind.find(books, parameters):
            name = books.units.get(of.unit, of.unit) or EVERY_UNIT
            yield replace(of, facts={"unit": name, **of.facts})

    return replace(kind, find=find)


KINDS: tuple[RuleKind[Any], ...] = tuple(
    _with_names(kind)
    for kind in (
        SLOW_PROGRESS,
        YEAR_END_RUSH,
        indicators.WITHOUT,
        indicators.OVER,
        PAYING_DOWN,
        three_expenses.MISBOOKED,
        three_expenses.WRONGLY_IN,
        three_expenses.OVER,
        ITEM_SHIFT,
        CARRY_OVER,
        OTHER_SHARE,
        ASSET_NOT_RECORDED,
        AUDIT_PROBLEM_RETURNS,
        debts.OVER,
        debts.BROKEN,
        disclosed.BREAKS,
        disclosed.AGAINST_PAYMENTS,
    )
)
