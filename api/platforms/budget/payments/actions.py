"""Look payments up, and see a natural person's name, which is recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from api import audit
from api.accounts.records import Account
from api.platforms.budget.ledger.actions import Ledgers, up_to_date
from api.platforms.budget.ledger.records import Narrowing, Sum, named, sums, whole
from api.platforms.budget.payments import repository
from api.platforms.budget.payments.records import (
    A_PAGE,
    PERSONS,
    Asked,
    AskedTotals,
    Found,
    Payment,
    allowed,
    behind,
    chosen,
)
from api.platforms.budget.permission import BudgetPermission
from api.services import Services
from api.web.declared import Declared
from budget.persons import is_person, masked, masked_account, masked_in

A_SLICE = 500
"""Payments of a table that are read at once."""


class UnknownPayment(Declared):
    """There is none, or it stands no more."""

    status = 404
    words = "budget.payments.unknown"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums by value with names for values, that of all, the budget of each unit in fen, and
    whether they are of all loads in force.
    """

    sums: Sequence[Sum]
    name: Callable[[str], str]
    whole: Sum
    approved: Mapping[str, int]
    up_to_date: bool


def totals(services: Services, ledgers: Ledgers, account: Account, asked: AskedTotals) -> Totals:
    """Sums of the payments that a question is for. Natural persons among payees are one line
    without a name.
    """
    ledger = ledgers.now(services.state)
    mask = allowed(ledger, asked, persons=account.may(BudgetPermission.UNMASK))
    found = sums(ledger, mask, asked.by)
    return Totals(
        together(found) if asked.by == "payee" else found,
        named(ledger, asked.by),
        whole(ledger, mask),
        _approved(services, asked),
        up_to_date(services.state),
    )


def _approved(services: Services, asked: AskedTotals) -> Mapping[str, int]:
    """Of a whole year by unit, where nothing else was asked for."""
    narrowed = asked.model_dump(exclude={"by", "period", "unit"}, exclude_defaults=True)
    if len(asked.period) != len("2026") or asked.by != "unit" or narrowed:
        return {}
    with services.state.read() as connection:
        return repository.approved(connection, asked.period)


def names(
    services: Services, ledgers: Ledgers, asked: Narrowing
) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """Functions that give the names of units, and of projects."""
    ledger = ledgers.now(services.state)
    same: Callable[[str], str] = lambda value: value  # noqa: E731
    unit = named(ledger, "unit") if asked.unit else same
    return unit, named(ledger, "project") if asked.project else same


def found(services: Services, ledgers: Ledgers, account: Account, asked: Asked) -> Found:
    """A page of payments."""
    ledger = ledgers.now(services.state)
    mask = chosen(ledger, asked, persons=account.may(BudgetPermission.UNMASK))
    ids = behind(ledger, mask, asked.before, A_PAGE + 1)
    with services.state.read() as connection:
        some = repository.payments(connection, ids)
        if not mask.any() and (number := repository.numbered(connection, asked.q)):
            one = repository.payments(connection, [number])
            return Found(tuple(map(_masked, one)), Sum("", one[0].amount, 1), "")
    last = some[A_PAGE - 1] if len(some) > A_PAGE else None
    following = f"{last.paid}.{last.id}" if last else ""
    return Found(tuple(map(_masked, some[:A_PAGE])), whole(ledger, mask), following)


def every(
    services: Services, ledgers: Ledgers, account: Account, asked: Asked, most: int
) -> tuple[list[Payment], int]:
    """Payments of all pages, ``most`` at most, and how many there are."""
    ledger = ledgers.now(services.state)
    mask = chosen(ledger, asked, persons=account.may(BudgetPermission.UNMASK))
    ids = behind(ledger, mask, "", most)
    some: list[Payment] = []
    for begin in range(0, len(ids), A_SLICE):
        with services.state.read() as connection:
            some += repository.payments(connection, ids[begin : begin + A_SLICE])
    return [_masked(of) for of in some], int(mask.sum())


def of_vouchers(services: Services, numbers: Collection[str]) -> list[Payment]:
    """Payments of some vouchers that stand, the earliest first; natural persons are masked."""
    with services.state.read() as connection:
        some = repository.of_vouchers(connection, numbers)
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
    """Name and account of a natural person, as payee or payer, and where the use names them."""
    people = [name for name in (of.payee, of.payer) if name and is_person(name)]
    use = of.use
    for name in people:
        use = use and masked_in(use, name)
    if not people:
        return of
    return replace(
        of,
        payee=of.payee and masked(of.payee),
        payee_account=_account(of.payee, of.payee_account),
        payer=of.payer and masked(of.payer),
        payer_account=_account(of.payer, of.payer_account),
        use=use,
    )


def _account(name: str | None, number: str | None) -> str | None:
    return masked_account(number) if number and is_person(name or "") else number


def together(found: Sequence[Sum]) -> list[Sum]:
    """Sums by payee with all natural persons as one line, whose value is :data:`PERSONS`."""
    persons = [of for of in found if is_person(of.value)]
    if not persons:
        return list(found)
    together = Sum(PERSONS, sum(of.amount for of in persons), sum(of.payments for of in persons))
    bodies = [of for of in found if not is_person(of.value)]
    return sorted([*bodies, together], key=lambda of: (-of.amount, of.value))
