"""Freeze a month's report on the execution of the budget."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.budget.execution import repository, wording
from api.platforms.budget.execution.records import (
    BYS,
    By,
    Counted,
    Counting,
    Line,
    Month,
    Sources,
    in_official_order,
)
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.payments.repository import payments
from api.platforms.budget.permission import BudgetPermission
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def suggested(means: Means, _account: Account) -> Month:
    """The month before this one."""
    year, month = map(int, day_of(means.now_ms()).split("-")[:2])
    return Month(year, month - 1) if month > 1 else Month(year - 1, 12)


def freeze(means: Means, _account: Account, month: Month) -> Paper:
    """The month's report. Whoever sees payments sees all of them.

    Raises:
        NotAccepted: the month has not begun, or the sums are being made anew.
    """
    today = day_of(means.now_ms())
    if month.period > today[:7]:
        remedy = f"choose {today[:7]} or an earlier one"
        raise NotAccepted(Fault("month", "has not begun", remedy), "future")
    if not up_to_date(means.state):
        fault = Fault("month", "payments are being added up anew", "ask again in a minute")
        raise NotAccepted(fault, "being-made")
    return wording.paper(means.words, means.catalogue.site.name, counted(means, month))


def counted(means: Means, month: Month) -> Counted:
    """Everything that a month's report says."""
    with means.state.read() as connection:
        sources = Sources(
            repository.payments(connection),
            repository.budget(connection, month.year),
            repository.budget(connection, month.year - 1),
        )
        counting = Counting(sources, month)
        largest = payments(connection, counting.largest())
    return Counted(
        month,
        payments=int(counting.in_month.sum()),
        last_paid=counting.last_paid(),
        whole=counting.whole(),
        by={by: _ordered(means, counting, by) for by in BYS},
        three_expenses=counting.three_expenses(),
        largest=sorted(largest, key=lambda of: (-of.amount, of.paid, of.number)),
        missing=counting.missing(month.year),
        missing_before=counting.missing(month.year - 1),
    )


def _ordered(means: Means, counting: Counting, by: By) -> list[Line]:
    lines = counting.lines(by)
    if by != "unit":
        return lines
    official = [of.name for of in Units(means.state).all()]
    return in_official_order(lines, counting.names("unit"), official)


KIND = ReportKind(
    name="execution",
    words="budget.execution.kind",
    permission=BudgetPermission.SEE,
    parameters=Month,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "execution.docx",
    inputs={"year": "number", "month": "number"},
)
