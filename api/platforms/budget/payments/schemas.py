"""Payments and their totals over the API. Money is whole fen."""

from __future__ import annotations

from pydantic import BaseModel

from api.platforms.budget.ledger.records import By


class SumState(BaseModel):
    """Payments of one value, which is a code or a name; an empty value: they have none."""

    value: str
    name: str
    amount_fen: int
    payments: int
    approved_fen: int | None


class TotalsState(BaseModel):
    """Sums by a value, the greatest first. ``up_to_date``: they are of all loads in force."""

    by: By
    amount_fen: int
    payments: int
    up_to_date: bool
    sums: list[SumState]


class PaymentState(BaseModel):
    """A payment that stands; a natural person is masked. ``load`` and ``row`` say where it came
    from.
    """

    id: int
    number: str
    application: str | None
    unit_code: str | None
    unit: str
    payee: str | None
    payee_account: str | None
    payer: str | None
    payer_account: str | None
    amount_fen: int
    paid: str
    use: str | None
    function: str | None
    economic: str | None
    project_code: str | None
    project: str | None
    fund: str | None
    settlement: str | None
    indicator: str | None
    contract: str | None
    invoice: str | None
    load: int
    row: int


class ListState(BaseModel):
    """Fifty payments at most, of so many; ask again with ``before`` of ``following``, empty at the
    end.
    """

    payments: list[PaymentState]
    amount_fen: int
    count: int
    following: str
