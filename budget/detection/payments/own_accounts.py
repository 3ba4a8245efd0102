"""Money that a unit pays to itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.payments.grouping import Mask, grouped
from budget.detection.payments.identities import identity, payees
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import periods
from budget.detection.records import Question

_OF_AN_ACCOUNT = re.compile(
    r"(?:预算单位)?(?:零余额|实有资金|基本(?:存款)?|一般(?:存款)?|往来|结算|自有资金|其他资金|备用金|专用存款)"
    r"(?:账户|帐户|户|资金)?(?:资金)?$|(?:账户|帐户|专户)$"
)
"""What stands behind a unit's name where its accounts are told apart."""
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
_NEAR = 0.2


class OwnAccounts(Struct, frozen=True, forbid_unknown_fields=True):
    """``least_yuan`` of one payment. Lawful transfers, wages and the like, are the exclusions of
    the rule.
    """

    least_yuan: int = 1000


def find(books: Books, by: OwnAccounts) -> Iterator[Question]:
    """Payments whose payee is the payer by name or account, or the unit itself by name. Payments
    that come regularly and at much the same amount are transfers like wages.
    """
    payments = books.payments
    own = _own(payments, books.units)
    own &= (payments.cents >= 100 * by.least_yuan) & (payments.days != NO_DAY)
    if not own.any():
        return
    who = payees(payments.payee, payments.payee_account)
    rows = np.flatnonzero(own & ~undone(payments, who) & ~_regular(payments, who, own))
    for row in rows.tolist():
        yield asked(
            payments, (row,), 2, int(payments.cents[row]), account=payments.payee_account.at(row)
        )


def _own(payments: Payments, units: Mapping[str, str]) -> Mask:
    names: dict[str, int] = {}
    payee = _numbers(payments.payee, _bare, names)
    unit = _numbers(payments.unit, lambda text: _bare(units.get(text, text)), names)
    payer = _numbers(payments.payer, _bare, names)
    accounts: dict[str, int] = {}
    into = _numbers(payments.payee_account, _digits, accounts)
    out = _numbers(payments.payer_account, _digits, accounts)
    named = (payee != MISSING) & ((payee == unit) | (payee == payer))
    return named | ((into != MISSING) & (into == out))


def _numbers(
    texts: Texts, plain: Callable[[str], str], known: dict[str, int]
) -> NDArray[np.int32]:
    """The same number for the same plain text, in all columns that share what is known."""
    bare = [plain(text) for text in texts.values]
    own = [known.setdefault(text, len(known)) if text else MISSING for text in bare]
    return np.array([*own, MISSING], np.int32)[texts.codes]


def _bare(name: str) -> str:
    whole = _OF_AN_ACCOUNT.sub("", _IN_BRACKETS.sub("", name.strip()))
    return identity(whole or name) if name else ""


def _digits(account: str) -> str:
    return re.sub(r"\W", "", account)


def _regular(payments: Payments, who: NDArray[np.int32], own: Mask) -> Mask:
    """Rows of a series, whose amounts are near the usual one."""
    groups = grouped(np.flatnonzero(own), payments.days, payments.unit.codes, who)
    steady = periods(groups, payments.days) > 0
    found = np.zeros(len(payments), bool)
    for _, rows in groups.each(steady & (groups.sizes > 3)):
        cents = payments.cents[rows].astype(float)
        usual = float(np.median(cents))
        found[rows] = np.abs(cents - usual) <= _NEAR * usual
    return found & (who != MISSING)
