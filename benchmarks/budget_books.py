"""A treasury that is not there as books of the rules on money, without the way through files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from benchmarks.budget_published import sets_of
from budget.detection import books
from budget.detection.books import MISSING, Books, Texts
from simulators.treasury.records import Treasury

_EPOCH = date(1970, 1, 1).toordinal()
_TEXTS = {
    "unit": "unit",
    "payee": "payee",
    "payee_account": "payee_account",
    "payer": "payer",
    "payer_account": "payer_account",
    "use": "purpose",
    "project": "project",
    "indicator": "indicator",
    "voucher": "voucher",
    "application": "application",
    "contract": "contract",
    "invoice": "invoice",
    "fund": "fund",
}
"""Columns of the books, and what the treasury calls them."""


def books_of(made: Treasury) -> Books:
    """Payments with ids in their order, and everything beside them."""
    paid = made.payments
    columns = {
        own: _coded([getattr(one, theirs) for one in paid]) for own, theirs in _TEXTS.items()
    }
    units = {one.unit: one.unit_name for one in paid}
    return Books(
        payments=books.Payments(
            ids=np.arange(len(paid), dtype=np.int64),
            cents=np.array([one.amount for one in paid], np.int64),
            days=np.array([_day(one.paid_on) for one in paid], np.int32),
            economic=_coded([_code(one.item) for one in paid]),
            function=_coded([_code(one.function) for one in paid]),
            **columns,
        ),
        indicators=tuple(_indicators(made)),
        adjustments=tuple(_adjustments(made)),
        lines=tuple(_lines(made)),
        limits=tuple(_limits(made)),
        assets=tuple(
            books.Asset(
                id=one.number,
                unit=one.unit,
                name=one.name,
                day=_day(one.bought_on),
                cents=one.value,
                voucher=one.voucher,
            )
            for one in made.assets
        ),
        problems=tuple(
            books.AuditProblem(
                id=one.number,
                year=one.year,
                unit=one.unit,
                kind=one.kind,
                text=one.text,
                cents=one.amount,
            )
            for one in made.audit_problems
        ),
        contracts=tuple(_contracts(made)),
        debts=tuple(_debts(made)),
        published=sets_of(made),
        units=units,
        superiors={
            unit: _head(unit) for unit in units if _head(unit) in units and unit != _head(unit)
        },
    )


def _indicators(made: Treasury) -> Iterable[books.Indicator]:
    for one in made.indicators:
        yield books.Indicator(
            id=one.number,
            year=one.year,
            unit=one.unit,
            project=one.project,
            function=_code(one.function),
            economic=_code(one.item),
            fund=one.fund,
            cents=one.amount,
            day=_day(one.issued_on),
            source=one.source,
        )


def _adjustments(made: Treasury) -> Iterable[books.Adjustment]:
    for one in made.adjustments:
        yield books.Adjustment(
            id=one.number,
            year=one.year,
            unit=one.unit,
            project=one.project,
            economic=_code(one.item),
            cents=one.amount,
            day=_day(one.adjusted_on),
            kind=one.kind,
        )


def _lines(made: Treasury) -> Iterable[books.BudgetLine]:
    for one in made.budget_lines:
        yield books.BudgetLine(
            year=one.year,
            unit=one.unit,
            project=one.project,
            function=_code(one.function),
            economic=_code(one.item),
            basic=one.kind == "基本支出",
            approved_cents=one.approved,
            adjusted_cents=one.changed,
            final_cents=one.final,
        )


def _limits(made: Treasury) -> Iterable[books.SpendingLimit]:
    for one in made.limits:
        yield books.SpendingLimit(
            year=one.year,
            unit=one.unit,
            approved_cents=one.approved,
            adjusted_cents=one.changed,
            last_cents=one.last,
            requirement=one.rule,
        )


def _debts(made: Treasury) -> Iterable[books.Debt]:
    for one in made.debts:
        yield books.Debt(
            year=one.year,
            quarter=one.quarter,
            area=one.area,
            kind=one.kind,
            project="",
            name="",
            limit_cents=one.limit,
            beginning_cents=one.begin,
            issued_cents=one.new + one.refinanced,
            repaid_cents=one.repaid,
            interest_cents=0,
            end_cents=one.end,
        )


def _contracts(made: Treasury) -> Iterable[books.Contract]:
    for one in made.contracts:
        yield books.Contract(
            id=one.number,
            unit=one.unit,
            supplier=one.supplier,
            name=one.name,
            cents=one.amount,
            day=_day(one.signed_on),
            way=one.method,
        )


def _coded(texts: Sequence[str]) -> Texts:
    bare = [" ".join(text.split()) for text in texts]
    values = sorted(set(bare) - {""})
    place = {text: code for code, text in enumerate(values)} | {"": MISSING}
    return Texts(np.array([place[text] for text in bare], np.int32), tuple(values))


def _code(text: str) -> str:
    return text.partition(" ")[0]


def _day(on: date) -> int:
    return on.toordinal() - _EPOCH


def _head(unit: str) -> str:
    """The department of a unit: the first of those whose codes begin alike."""
    return f"{unit[:3]}001"
