"""The kinds of this room."""

from __future__ import annotations

from typing import Any

from budget.detection.payments import duplicates, hints, own_accounts, payee_shares, splits
from budget.detection.records import Input, RuleKind

_PAYEES: frozenset[Input] = frozenset({"unit", "payee", "days"})
KINDS: tuple[RuleKind[Any], ...] = (
    RuleKind(
        name="duplicate-payment",
        parameters=duplicates.Duplicates,
        needs=_PAYEES,
        find=duplicates.find,
    ),
    RuleKind(name="split-payment", parameters=splits.Splits, needs=_PAYEES, find=splits.find),
    RuleKind(
        name="payee-concentration",
        parameters=payee_shares.Concentration,
        needs=_PAYEES,
        find=payee_shares.concentrations,
    ),
    RuleKind(
        name="new-payee",
        parameters=payee_shares.Newcomers,
        needs=_PAYEES,
        find=payee_shares.newcomers,
    ),
    RuleKind(
        name="own-account",
        parameters=own_accounts.OwnAccounts,
        needs=_PAYEES,
        find=own_accounts.find,
    ),
    RuleKind(
        name="weekend-payment",
        parameters=hints.Weekends,
        needs=_PAYEES,
        find=hints.weekends,
    ),
    RuleKind(name="round-sum", parameters=hints.RoundSums, needs=_PAYEES, find=hints.round_sums),
)
