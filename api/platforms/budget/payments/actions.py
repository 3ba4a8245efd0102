"""Look payments up, and see a natural person's name, which is recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from api import audit
from api.accounts.records import Account
from api.platforms.budget.payments import repository
from api.platforms.budget.payments.records import (
    A_PAGE,
    PERSONS,
    Asked,
    AskedTotals,
    Found,
    Payment,
)
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.totals import actions as totals
from api.platforms.budget.totals import repository as kept
from api.platforms.budget.totals.records import Sum
from api.services import Services
from api.web.declared import Declared
from budget.persons import is_person, masked, masked_account


class UnknownPayment(Declared):
    """There is none, or it stands no more."""

    status = 404
    words = "budget.payments.unknown"


def sums(services: Services, asked: AskedTotals) -> tuple[Sequence[Sum], Sum, bool]:
    """Sums by value, that of all, and whether they are of all loads in force. Natural persons
    among payees are one line without a name.
    """
    with services.state.read() as connection:
        found = kept.sums(connection, asked.by, asked)
        whole = kept.whole(connection, asked)
    if asked.by == "payee":
        found = _together(found)
    return found, whole, totals.up_to_date(services.state)


def approved(services: Services, asked: AskedTotals) -> Mapping[str, int]:
    """Fen of the budget of each unit, where a whole year was asked for, and nothing else of it."""
    narrowed = asked.model_dump(exclude={"by", "period", "unit"}, exclude_defaults=True)
    if len(asked.period) != len("2026") or asked.by != "unit" or narrowed:
        return {}
    with services.state.read() as connection:
        return repository.approved(connection, asked.period)


def project_names(services: Services, codes: Sequence[str]) -> Mapping[str, str]:
    """Names of projects by their codes."""
    with services.state.read() as connection:
        return kept.project_names(connection, codes)


def found(services: Services, account: Account, asked: Asked) -> Found:
    """A page of payments."""
    persons = account.may(BudgetPermission.UNMASK)
    with services.state.read() as connection:
        some = repository.payments(connection, asked, A_PAGE + 1, persons=persons)
        if asked.in_totals:
            whole = kept.whole(connection, asked)
        else:
            whole = repository.counted(connection, asked, persons=persons)
    last = some[A_PAGE - 1] if len(some) > A_PAGE else None
    counted = asked.in_totals or whole.payments <= repository.COUNTED
    following = f"{last.paid}.{last.id}" if last else ""
    return Found(tuple(_masked(of) for of in some[:A_PAGE]), whole, counted, following)


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[list[Payment], int | None]:
    """Payments of all pages, ``most`` at most, and how many there are; None where that was not
    counted.
    """
    persons = account.may(BudgetPermission.UNMASK)
    first = asked.model_copy(update={"before": ""})
    with services.state.read() as connection:
        some = repository.payments(connection, first, most + 1, persons=persons)
    total = len(some) if len(some) <= most else None
    return [_masked(of) for of in some[:most]], total


def numbered(services: Services, numbers: Collection[str]) -> list[Payment]:
    """Payments of some vouchers that stand, the earliest first; natural persons are masked."""
    with services.state.read() as connection:
        some = repository.numbered(connection, numbers)
    return [_masked(of) for of in some]


def one(services: Services, payment_id: int) -> Payment:
    """A payment, a natural person masked.

    Raises:
        UnknownPayment
    """
    return _masked(_one(services, payment_id))


def unmasked(services: Services, account: Account, payment_id: int) -> Payment:
    """A payment as it was sent; that somebody saw it is recorded.

    Raises:
        UnknownPayment
    """
    payment = _one(services, payment_id)
    with services.state.begin() as connection:
        audit.record(
            connection,
            by=account.actor,
            action="budget.unmask",
            subject=str(payment_id),
            detail=payment.number,
            at_ms=services.now_ms(),
        )
    return payment


def _one(services: Services, payment_id: int) -> Payment:
    with services.state.read() as connection:
        payment = repository.payment(connection, payment_id)
    if payment is None:
        raise UnknownPayment(f"payment {payment_id} does not stand")
    return payment


def _masked(of: Payment) -> Payment:
    if not is_person(of.payee or ""):
        return of
    account = masked_account(of.payee_account) if of.payee_account else None
    return replace(of, payee=masked(of.payee or ""), payee_account=account)


def _together(found: Sequence[Sum]) -> list[Sum]:
    persons = [of for of in found if is_person(of.value)]
    if not persons:
        return list(found)
    together = Sum(PERSONS, sum(of.amount for of in persons), sum(of.payments for of in persons))
    bodies = [of for of in found if not is_person(of.value)]
    return sorted([*bodies, together], key=lambda of: (-of.amount, of.value))
