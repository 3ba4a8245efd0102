"""Publishes the accounts of a treasury, some with a fault, and labels them."""

from __future__ import annotations

import random
from collections.abc import Iterable

from simulators.treasury.published.accounts import (
    ALL,
    BUDGET,
    CHANGED,
    FINAL,
    FUNCTIONS,
    TOTAL,
    Account,
    Key,
    accounts,
)
from simulators.treasury.published.faults import (
    UNPAID,
    WRONG,
    Fault,
    off_by_rounding,
    put,
)
from simulators.treasury.published.sheets import Layout, draw
from simulators.treasury.records import Label, Published, Treasury

_FAULTS = 0.075
"""Share of published sets with a fault, of each kind."""
_STAGES = {BUDGET: "budget", FINAL: "final"}


class _Publisher:
    """Draws sets one by one, and keeps their labels."""

    def __init__(self, drawn: random.Random) -> None:
        self._drawn = drawn
        self.sets: list[Published] = []
        self.labels: list[Label] = []

    def publish(self, account: Account, kind: str) -> None:
        """A set, with a fault of a kind, or without one where there is no kind."""
        drawn = self._drawn
        layout = Layout(
            blanks=drawn.random() < 0.25,
            notes=drawn.random() < 0.4,
            adjusted=account.stage == FINAL and drawn.random() < 0.5,
        )
        rounding = off_by_rounding(account)
        fault = put(account, kind, drawn) if kind else None
        stage = _STAGES[account.stage]
        number = f"{account.year}-{stage}-{account.department}"
        form = "xlsx" if drawn.random() < 0.5 else "csv"
        sheets, cells = draw(account, layout)
        style = drawn.choice(("plain", "thousands", "mixed"))
        self.sets.append(
            Published(
                number,
                account.year,
                account.department,
                account.name,
                account.stage,
                form,
                style,
                tuple(sheets),
            )
        )
        self._label(
            account, layout, kind, fault, {key: f"{number}!{at}" for key, at in cells.items()}
        )
        if not fault or kind != WRONG:
            self._rounded(account, rounding, number, cells)

    def _label(
        self,
        account: Account,
        layout: Layout,
        kind: str,
        fault: Fault | None,
        cells: dict[Key, str],
    ) -> None:
        if fault:
            self._say(kind, account, fault.note, [cells[fault.key]], innocent=False)
        total = [cells[FUNCTIONS, TOTAL, ALL]]
        if not fault or kind != WRONG:
            if layout.blanks:
                self._say(WRONG, account, "blank rows between the classes", total, innocent=True)
            if layout.notes:
                self._say(WRONG, account, "a note with a figure below", total, innocent=True)
        if fault and kind == UNPAID:
            return
        if layout.adjusted:
            note = "the year's adjusted figure has a column of its own"
            self._say(UNPAID, account, note, [cells[FUNCTIONS, TOTAL, CHANGED]], innocent=True)
        elif account.stage == BUDGET:
            note = "a budget says what was approved, not what was paid"
            self._say(UNPAID, account, note, total, innocent=True)
        else:
            self._say(UNPAID, account, "rounded to hundredths of 万元", total, innocent=True)

    def _rounded(
        self, account: Account, keys: list[Key], number: str, cells: dict[Key, str]
    ) -> None:
        if keys:
            at = [f"{number}!{cells[key]}" for key in keys]
            self._say(WRONG, account, "off by rounding only", at, innocent=True)

    def _say(
        self, kind: str, account: Account, note: str, keys: Iterable[str], *, innocent: bool
    ) -> None:
        unit = f"{account.department}001"
        self.labels.append(Label(kind, (), unit, account.year, note, innocent, "", tuple(keys)))


def published(made: Treasury, drawn: random.Random) -> tuple[list[Published], list[Label]]:
    """Budget and final account of every department and year, with their labels.

    Args:
        made: what is summed up.
        drawn: decides what is wrong, and how the tables layout.
    """
    known = list(accounts(made))
    count = max(round(len(known) * _FAULTS), 1)
    finals = [at for at, one in enumerate(known) if one.stage == FINAL]
    unpaid = set(drawn.sample(finals, count))
    rest = [at for at in range(len(known)) if at not in unpaid]
    wrong = set(drawn.sample(rest, count))
    publisher = _Publisher(drawn)
    for at, account in enumerate(known):
        publisher.publish(account, UNPAID if at in unpaid else WRONG if at in wrong else "")
    return publisher.sets, publisher.labels
