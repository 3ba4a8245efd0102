"""Years of a treasury from a seed."""

from __future__ import annotations

import random
from dataclasses import replace

from simulators.treasury import units
from simulators.treasury.auditing import write_problems
from simulators.treasury.books import Books
from simulators.treasury.closing import Closing
from simulators.treasury.days import Calendar
from simulators.treasury.debts import debts
from simulators.treasury.everyday import Everyday, write_monthly
from simulators.treasury.payees import Payees
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.planting import plant
from simulators.treasury.projects import Projects
from simulators.treasury.published.publishing import published
from simulators.treasury.records import Treasury

_ROWS_OF_A_UNIT = 330
"""A year, where there are enough payments for all units."""
_THIN = 200
"""Below so many rows of a unit and year only the greatest bills are written."""
_RESERVED = 0.05
"""Share of payments left for faults and what seems one."""


def treasury(seed: int, years: int = 5, payments: int = 200_000) -> Treasury:
    """A treasury of so many years and payments.

    Args:
        seed: anything it is the same for, on every machine.
        years: 3 to 6, the first is 2021.
        payments: about so many, from 5,000 on; below some 30,000 units and projects are fewer.
    """

    def chance(of: str) -> random.Random:
        return random.Random(f"{seed}/{years}/{payments}/{of}")

    days = Calendar(years)
    yearly = payments // years
    paying = units.load(yearly // _ROWS_OF_A_UNIT, chance("units"))
    books = Books(days, paying, Payees(chance("payees")))
    of_a_unit = yearly / len(paying)
    thin = of_a_unit < _THIN
    write_monthly(books, chance("monthly"), thin=thin)
    projects = Projects(books, chance("projects"), thin=thin)
    projects.write(1 if of_a_unit < 90 else 3 if thin else 5)
    everyday = Everyday(books, chance("everyday"))
    everyday.write(max(round(payments * (1 - _RESERVED)) - len(books.drafts), 0))
    write_problems(books, chance("audit"))
    plant(Field(books, projects.seasons, chance("plants")), payments, chance("later plants"))
    made = sum(not draft.dropped for draft in books.drafts)
    everyday.write(max(payments - made, 0), small=True)
    closed = Closing(books, chance("closing")).treasury(seed, chance("limits"))
    owed, of_debts = debts(days.years, chance("debts"))
    tables, of_tables = published(closed, chance("published"))
    return replace(
        closed,
        debts=tuple(owed),
        published=tuple(tables),
        labels=(*closed.labels, *of_debts, *of_tables),
    )
