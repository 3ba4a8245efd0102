"""Money that a unit pays to itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.payments.grouping import Mask, combined, grouped
from budget.detection.payments.identities import holder, payees
from budget.detection.payments.purchases import of_purchases
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import covered
from budget.detection.records import Question

_DIVISIONS = ("省", "自治区", "市", "区", "县", "州", "盟", "旗")
_SHORTEST = 4
_NEAR = 0.03
"""Difference of logarithms between one amount and the next that is much the same."""


class OwnAccounts(Struct, frozen=True, forbid_unknown_fields=True):
    """``least_yuan`` of one payment. ``codes`` are the beginnings of the economic codes that are
    looked at, where codes are those of the national classification: wages go to such accounts
    lawfully. Other lawful transfers are the exclusions of the rule.
    """

    least_yuan: int = 1000
    codes: tuple[str, ...] = ()


def find(books: Books, by: OwnAccounts) -> Iterator[Question]:
    """Payments whose payee is the payer by name or account, or the unit itself by name, also
    without the names of province, city and county before it. What comes nearly every month and at
    much the same amount is a transfer like wages.
    """
    payments = books.payments
    own = (payments.cents >= 100 * by.least_yuan) & (payments.days != NO_DAY)
    own &= of_purchases(payments, by.codes) & _own(payments, books.units)
    if not own.any():
        return
    who = payees(payments.payee, payments.payee_account)
    for row in np.flatnonzero(own & ~undone(payments, who) & ~_regular(payments, own)).tolist():
        account = payments.payee_account.at(row)
        yield asked(payments, (row,), 2, int(payments.cents[row]), account=account)


def _own(payments: Payments, units: Mapping[str, str]) -> Mask:
    names: dict[str, int] = {}
    payee = _numbers(payments.payee, holder, names)
    unit = _numbers(payments.unit, lambda text: holder(units.get(text, text)), names)
    payer = _numbers(payments.payer, holder, names)
    accounts: dict[str, int] = {}
    into = _numbers(payments.payee_account, _digits, accounts)
    out = _numbers(payments.payer_account, _digits, accounts)
    known = list(names)
    named = _same(payee, unit, known) | _same(payee, payer, known)
    own: Mask = named | ((into != MISSING) & (into == out))
    return own


def _same(one: NDArray[np.int32], other: NDArray[np.int32], names: Sequence[str]) -> Mask:
    """Whether two names are of one unit."""
    pairs, of = np.unique(combined(one + 1, other + 1), return_index=True, return_inverse=True)[1:]
    same = [
        MISSING not in (a, b) and (a == b or _is_short(names[a], names[b]))
        for a, b in zip(one[pairs].tolist(), other[pairs].tolist(), strict=True)
    ]
    return np.array(same, bool)[of]


def _is_short(one: str, other: str) -> bool:
    """Whether one name is the other without its province, city or county."""
    short, long = sorted((one, other), key=len)
    before = long.removesuffix(short)
    return len(short) >= _SHORTEST and before != long and before.endswith(_DIVISIONS)


def _numbers(
    texts: Texts, plain: Callable[[str], str], known: dict[str, int]
) -> NDArray[np.int32]:
    """The same number for the same plain text, in all columns that share what is known."""
    bare = [plain(text) for text in texts.values]
    own = [known.setdefault(text, len(known)) if text else MISSING for text in bare]
    return np.array([*own, MISSING], np.int32)[texts.codes]


def _digits(account: str) -> str:
    return re.sub(r"\W", "", account)


def _regular(payments: Payments, own: Mask) -> Mask:
    """Rows of which there are some at much the same amount in most months."""
    rows = np.flatnonzero(own)
    amount = np.log(payments.cents[rows].astype(float))
    order = np.lexsort((amount, payments.unit.codes[rows]))
    rows, amount = rows[order], amount[order]
    apart = np.diff(amount) > _NEAR
    apart |= np.diff(payments.unit.codes[rows]) != 0
    cluster = np.zeros(len(payments), np.int64)
    cluster[rows] = np.concatenate(([0], np.cumsum(apart)))
    groups = grouped(np.sort(rows), payments.days, cluster)
    found = np.zeros(len(payments), bool)
    found[groups.rows] = covered(groups, payments.days)[groups.of]
    return found
