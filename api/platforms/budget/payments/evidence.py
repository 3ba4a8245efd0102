"""Conditions of the treasury that other platforms may wait for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from api.platforms.budget.payments import repository
from api.ports import EvidenceKind, EvidenceState
from api.services import Services
from config.vocabulary.time import begins_ms, day_of


class Returned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payment of a ``voucher`` was paid back by its payee to its unit, all of it or ``yuan``.
    Payments back are negative ones; they count from the day of ``after_ms``, UTC epoch ms, on.
    """

    voucher: Annotated[str, Meta(min_length=1, max_length=100)]
    yuan: Annotated[float, Meta(gt=0, le=10**12)] | None = None
    after_ms: Annotated[int, Meta(ge=0)]


def _check(services: Services, asked: Returned, now_ms: int) -> EvidenceState:
    """Since the day on which the sum was reached."""
    today = day_of(now_ms)
    with services.state.read() as connection:
        payment = repository.numbered(connection, asked.voucher)
        paid = repository.payment(connection, payment) if payment else None
        if paid is None:
            return EvidenceState(False)
        back = repository.paid_back(connection, paid, day_of(asked.after_ms))
    left = round(asked.yuan * 100) if asked.yuan else paid.amount
    for one in back:
        left += one.amount
        if left <= 0 and one.paid <= today:
            since_ms = begins_ms(date.fromisoformat(one.paid))
            return EvidenceState(True, since_ms, since_ms)
    return EvidenceState(False)


def _said(services: Services, asked: Returned) -> str:
    if asked.yuan is None:
        return services.words("budget.evidence.whole", voucher=asked.voucher)
    return services.words("budget.evidence.part", voucher=asked.voucher, yuan=f"{asked.yuan:,.2f}")


def _unknown(services: Services, asked: Returned) -> str:
    with services.state.read() as connection:
        known = repository.numbered(connection, asked.voucher)
    return "" if known else asked.voucher


EVIDENCE = (EvidenceKind("returned", Returned, _check, _said, _unknown),)
