"""Plants faults of all kinds among payments, and before each one what only seems like it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import cycle

from simulators.treasury.plants import (
    audits,
    budgets,
    duplicates,
    hints,
    indicators,
    overspending,
    purchases,
    suppliers,
    three_expenses,
    timing,
    transfers,
)
from simulators.treasury.plants.field import ExhaustedError, Field
from simulators.treasury.plants.kinds import Kind

KINDS = (
    duplicates.KIND,
    purchases.SPLITS,
    timing.RUSHES,
    suppliers.CONCENTRATIONS,
    suppliers.NEWCOMERS,
    indicators.NONES,
    indicators.OVERS,
    transfers.OWNS,
    transfers.DOWNS,
    three_expenses.OUTSIDES,
    three_expenses.INSIDES,
    budgets.SHIFTS,
    budgets.CARRIES,
    budgets.OTHERS,
    timing.SLOWNESS,
    purchases.ASSETS,
    audits.KIND,
)
LATER_KINDS = (hints.WEEKENDS, hints.ROUNDS)
LIMIT_KINDS = (overspending.KIND,)
"""They come last: nothing may be paid any more of a line whose limit is set."""
INNOCENTS = 5
"""For each fault."""
_MOST = 0.0048
_MOST_OF_ALL = 0.0049
"""Share of payments in faults, without the later kinds and with them."""


def plant(field: Field, payments: int, later: random.Random) -> None:
    """Plant among so many payments; kinds take turns, so that a small treasury has many. The
    later kinds draw by a chance of their own, and leave the earlier ones as they were.
    """
    left = _plant(field, payments, KINDS, int(payments * _MOST))
    field.drawn = later
    left += int(payments * _MOST_OF_ALL) - int(payments * _MOST)
    left = _plant(field, payments, LATER_KINDS, left)
    _plant(field, payments, LIMIT_KINDS, left)
    overspending.leave_room(field)


def _plant(field: Field, payments: int, kinds: tuple[Kind, ...], left: int) -> int:
    """Plant in at most so many rows; the rows that are left then."""
    wanted = {kind.name: max(1, round(kind.share * payments / 10_000)) for kind in kinds}
    alike = {kind.name: cycle(kind.innocents) for kind in kinds}
    spent = set[str]()
    for turn in range(max(wanted.values())):
        for kind in field.drawn.sample(kinds, len(kinds)):
            due = turn < wanted[kind.name] and kind.name not in spent
            if not due or kind.most_rows > left:
                continue
            if not _innocents(field, kind, alike[kind.name]):
                spent.add(kind.name)
                continue
            try:
                kind.plant(field)
            except ExhaustedError:
                spent.add(kind.name)
                continue
            left -= len(field.books.marks[-1].drafts)
    return left


def _innocents(field: Field, kind: Kind, ways: Iterator[Callable[[Field], None]]) -> bool:
    """Whether enough of them found room."""
    made = failed = 0
    while made < INNOCENTS and failed < len(kind.innocents):
        try:
            next(ways)(field)
        except ExhaustedError:
            failed += 1
        else:
            made, failed = made + 1, 0
    return made == INNOCENTS
