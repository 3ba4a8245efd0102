"""Payees of each project, and the span of its payments. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from api.platforms.budget.ledger.records import EPOCH
from budget.ledger import Ledger
from config.vocabulary.time import begins_ms

_ORGANISATION = re.compile(
    r"(?:公司|厂|合作社|事务所|经营部|商行|设计院|研究院|测绘院|工作室|门市部|商店|超市|农场|银行)$"
)
SHORTEST_PAYEE, SHORTEST_PROJECT = 6, 8
"""Characters of a name by which a text means one and no other."""

MOST_PURPOSES = 50
"""Of a project that are read: payments repeat themselves."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Organisations that a project paid, and the instants of its first and its last payment."""

    payees: tuple[str, ...]
    first_ms: int
    last_ms: int


def paid(ledger: Ledger) -> Mapping[str, Paid]:
    """The payees of every project in payments, by its code."""
    projects, payees = ledger.texts["project"], ledger.texts["payee"]
    pairs = np.unique(np.stack([projects.codes, payees.codes], axis=1), axis=0)
    of: dict[int, list[str]] = {}
    for project, payee in pairs.tolist():
        if payee >= 0 and is_organisation(payees.values[payee]):
            of.setdefault(project, []).append(payees.values[payee])
    rows = projects.codes >= 0
    codes, days = projects.codes[rows], ledger.days[rows]
    bounds = np.iinfo(np.int32)
    first = np.full(len(projects.values), bounds.max, dtype=np.int32)
    last = np.full(len(projects.values), bounds.min, dtype=np.int32)
    np.minimum.at(first, codes, days)
    np.maximum.at(last, codes, days)
    return {
        projects.values[number]: Paid(
            tuple(of.get(number, ())), _ms(int(first[number])), _ms(int(last[number]))
        )
        for number in np.unique(codes).tolist()
    }


def purposes(ledger: Ledger) -> Mapping[str, str]:
    """Different purposes of the payments of every project, a line each, by its code."""
    projects, uses = ledger.texts["project"], ledger.texts["use"]
    of: dict[int, list[str]] = {}
    for project, use in np.unique(np.stack([projects.codes, uses.codes], axis=1), axis=0).tolist():
        if project >= 0 and use >= 0 and len(of.setdefault(project, [])) < MOST_PURPOSES:
            of[project].append(uses.values[use])
    return {projects.values[project]: "\n".join(lines) for project, lines in of.items()}


def is_organisation(name: str) -> bool:
    """Whether a payee is one by whose name a text means it: no natural person, and no office."""
    return len(name) >= SHORTEST_PAYEE and bool(_ORGANISATION.search(name.strip()))


def _ms(day: int) -> int:
    return begins_ms(date.fromordinal(day + EPOCH))
