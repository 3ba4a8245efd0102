"""Payments and their totals in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.platforms.budget.ledger.records import BYS, By, Narrowing, Sum
from api.platforms.budget.payments.records import PERSONS, AskedTotals, Payment
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from budget.yuan import yuan

COLUMNS = (
    *("paid", "unit", "payee", "amount", "use", "project", "function", "economic", "fund"),
    *("number", "application", "indicator", "contract", "invoice"),
)
HEADS = Heads("budget.payments.column", COLUMNS, {"paid": "day", "amount": "number"})
SUM_HEADS = Heads(
    "budget.totals.column",
    ("value", "amount", "payments", "approved"),
    {"amount": "number", "payments": "count", "approved": "number"},
)
DETAILS = (
    *("number", "application", "paid", "unit", "payee", "payee_account", "payer", "use"),
    *("function", "economic", "project_code", "project", "fund", "settlement", "indicator"),
    *("contract", "invoice"),
)
"""Fields of a payment in the order of its page; the amount stands above."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of totals: ``share`` of the greatest line in percent, ``deeper`` the question for
    what it consists of, ``rows`` that for its payments; ``done`` the paid share of what was
    approved, in percent.
    """

    name: str
    amount: str
    payments: int
    share: int
    deeper: str
    rows: str
    approved: str = ""
    done: int | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    """A value that a question is narrowed by, and the question without it."""

    label: str
    name: str
    without: str


def bars(
    services: Services,
    asked: AskedTotals,
    sums: Sequence[Sum],
    approved: Mapping[str, int],
    name: Callable[[str], str],
) -> list[Bar]:
    """Lines of a page of totals."""
    greatest = max((abs(of.amount) for of in sums), default=0) or 1
    return [_bar(services, asked, of, approved.get(of.value), name, greatest) for of in sums]


def _bar(
    services: Services,
    asked: AskedTotals,
    of: Sum,
    planned: int | None,
    name: Callable[[str], str],
    greatest: int,
) -> Bar:
    named = bool(of.value) and of.value != PERSONS
    field = "period" if asked.by == "month" else asked.by
    further = following(asked)
    return Bar(
        name=value_name(services, of.value, name),
        amount=yuan(of.amount),
        payments=of.payments,
        share=round(abs(of.amount) * 100 / greatest),
        deeper=asked.query(**{field: of.value, "by": further}) if named and further else "",
        rows=asked.rows(**{field: of.value}) if named else "",
        approved=yuan(planned) if planned else "",
        done=round(of.amount * 100 / planned) if planned else None,
    )


def following(asked: AskedTotals) -> By | None:
    """By which values one sees what a line consists of."""
    order: tuple[By, ...] = ("unit", "project", "economic", "payee")
    left = [of for of in order if not getattr(asked, of) and of != asked.by]
    return left[0] if left else None


def value_name(services: Services, value: str, name: Callable[[str], str]) -> str:
    """A value as people read it: nothing is said to be missing."""
    if value == PERSONS:
        return services.words("budget.totals.persons")
    if not value:
        return services.words("budget.totals.missing")
    return name(value)


def crumbs(
    services: Services, asked: Narrowing, unit: Callable[[str], str], project: Callable[[str], str]
) -> list[Crumb]:
    """Values by which a question is narrowed, in the order of drilling."""
    found = []
    for name in ("period", *(of for of in BYS if of != "month")):
        if value := getattr(asked, name):
            label = services.words(f"budget.totals.by-{name}")
            without = asked.query(**{name: ""})
            known = {"unit": unit, "project": project}.get(name, str)
            found.append(Crumb(label, value_name(services, value, known), without))
    return found


def facts(services: Services, payment: Payment) -> list[tuple[str, str]]:
    """A payment's fields that are known, by their names."""
    pairs = ((name, getattr(payment, name)) for name in DETAILS)
    return [
        (services.words(f"budget.field.{name.replace('_', '-')}"), value)
        for name, value in pairs
        if value
    ]


def sums_table(
    services: Services,
    sums: Iterable[Sum],
    approved: Mapping[str, int],
    name: Callable[[str], str],
) -> Sheet:
    """Totals for a spreadsheet, in yuan."""
    rows = (
        [value_name(services, of.value, name), of.amount / 100, of.payments, _yuan(approved, of)]
        for of in sums
    )
    return SUM_HEADS.sheet(services.words, services.words("budget.totals.title"), rows)


def _yuan(approved: Mapping[str, int], of: Sum) -> float | None:
    return approved[of.value] / 100 if of.value in approved else None


def table(services: Services, payments: Iterable[Payment]) -> Sheet:
    """Payments for a spreadsheet, in yuan."""
    return HEADS.sheet(services.words, services.words("budget.payments.title"), _rows(payments))


def _rows(payments: Iterable[Payment]) -> Iterator[list[Value]]:
    for of in payments:
        values = {name: getattr(of, name) for name in COLUMNS}
        yield [*(values | {"amount": of.amount / 100}).values()]
