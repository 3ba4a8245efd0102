"""Payments that were taken back: a negative row undoes the payment before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, Payments
from budget.detection.payments.grouping import Mask, grouped

_LATEST = 180
"""Days after which a negative row is no reversal of a payment any more."""


def undone(payments: Payments, who: NDArray[np.int32]) -> Mask:
    """Payments that a later negative row of the same unit, payee and amount undoes; each undoes
    one. Of several on one day it is the one with the first number.
    """
    found = np.zeros(len(payments), bool)
    negative = payments.cents < 0
    if not negative.any():
        return found
    size = np.abs(payments.cents)
    near = np.isin(size, size[negative]) & (who != MISSING)
    groups = grouped(np.flatnonzero(near), payments.days, payments.unit.codes, who, size)
    back = negative[groups.rows]
    for _, rows in groups.each(groups.some(back) & groups.some(~back)):
        given: list[int] = []
        order = sorted(rows.tolist(), key=lambda row: _sequence(payments, row))
        for row in order:
            if payments.cents[row] > 0:
                given.append(row)
            elif given and payments.days[row] - payments.days[given[-1]] <= _LATEST:
                last = [one for one in given if payments.days[one] == payments.days[given[-1]]]
                found[last[0]] = True
                given.remove(last[0])
    return found


def _sequence(payments: Payments, row: int) -> tuple[int, bool, str, str, str]:
    return (
        int(payments.days[row]),
        bool(payments.cents[row] < 0),
        payments.voucher.at(row),
        payments.invoice.at(row),
        payments.use.at(row),
    )
