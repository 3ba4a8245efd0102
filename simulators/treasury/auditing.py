"""Problems that the audit office finds, none of a unit twice."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from config.files import read_toml
from simulators.treasury.books import Books, Problem, money
from simulators.treasury.units import DATA, REMEDY, Unit

_TAILS = ("", "，涉及金额{sum}万元", "，应予纠正", "，需进一步规范")
_FOUND = 0.45
"""Share of the years of a unit in which a problem is found."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of problem and its wordings."""

    kind: str
    words: tuple[str, ...]


def matters() -> tuple[Matter, ...]:
    """All of them."""
    rows = read_toml(DATA / "audits.toml", REMEDY)["problem"]
    return tuple(Matter(row["kind"], tuple(row["words"])) for row in rows)


def found(
    books: Books, unit: Unit, year: int, matter: Matter, words: str, drawn: random.Random
) -> Problem:
    """A problem with its term of half a year (Supervision Law, article 27), mostly rectified."""
    amount = money(drawn, 8_000, 3_000_000)
    due = date(year + 1, 1, 31) + timedelta(days=drawn.randint(0, 60))
    done = drawn.random() < 0.85
    text = words + drawn.choice(_TAILS).format(sum=round(amount / 1_000_000, 1))
    problem = Problem(
        year=year,
        unit=unit,
        kind=matter.kind,
        text=text,
        amount=amount,
        due_on=due,
        state="已整改" if done else "整改中",
        rectified_on=due - timedelta(days=drawn.randint(-20, 70)) if done else None,
    )
    books.problems.append(problem)
    return problem


def write_problems(books: Books, drawn: random.Random) -> None:
    """Of all units and years; those of a unit are different matters."""
    known = matters()
    for unit in books.units:
        free = drawn.sample(known, len(known))
        for year in books.days.years:
            if drawn.random() < _FOUND:
                matter = free.pop()
                found(books, unit, year, matter, drawn.choice(matter.words), drawn)
