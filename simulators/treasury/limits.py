"""Limits of the finance bureau on reception, vehicles and journeys abroad."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from simulators.treasury.records import BudgetLine, Payment, SpendingLimit

RECEPTION, VEHICLES = "30217 公务接待费", "30231 公务用车运行维护费"
ABROAD, CARS = "30212 因公出国(境)费用", "31013 公务用车购置"
ITEMS = (RECEPTION, VEHICLES, ABROAD, CARS)
FROZEN, AS_APPROVED = "合计不得超过上年决算数", "按批复预算执行"
_MANY = 0.5
"""Share of the years that did not grow of which that was required."""


def limits(
    lines: Sequence[BudgetLine],
    payments: Iterable[Payment],
    frozen: Mapping[tuple[str, int], bool],
    drawn: random.Random,
) -> tuple[SpendingLimit, ...]:
    """Of each unit and year with money for one of the items.

    Args:
        lines: of all items.
        payments: of all items.
        frozen: where it is settled whether the year's total may exceed that of the year before.
        drawn: settles the rest.
    """
    paid: dict[tuple[str, int], int] = {}
    for one in payments:
        if one.item in ITEMS:
            key = one.unit, one.paid_on.year
            paid[key] = paid.get(key, 0) + one.amount
    sums: dict[tuple[str, int], list[BudgetLine]] = {}
    for line in lines:
        if line.item in ITEMS:
            sums.setdefault((line.unit, line.year), []).append(line)
    made = []
    for (unit, year), of in sorted(sums.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        last = paid.get((unit, year - 1))
        grew = last is None or paid.get((unit, year), 0) > last
        forbidden = frozen.get((unit, year), not grew and drawn.random() < _MANY)
        made.append(
            SpendingLimit(
                year,
                unit,
                of[0].unit_name,
                sum(line.approved for line in of),
                sum(line.changed for line in of),
                last,
                FROZEN if forbidden and last is not None else AS_APPROVED,
            )
        )
    return tuple(made)
