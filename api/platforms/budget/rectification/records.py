"""Problems of an audit, their rectification, and what is counted of a year. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from msgspec import Meta, Struct
from pydantic import BaseModel, Field, StringConstraints

from api.procedures.procedure import Row

KIND = "rectification"
Way = Literal["at-once", "by-stage", "lasting"]
"""立行立改, 分阶段整改, 长期坚持: how reports on rectification sort problems."""
WAYS: tuple[Way, ...] = get_args(Way)
RUNNING = ("open", "reported", "confirmed")
OVER = ("closed", "withdrawn")
STATES = (*RUNNING, *OVER)
Confirmer = Literal["audit", "office"]
CONFIRMERS: tuple[Confirmer, ...] = get_args(Confirmer)
Standing = Literal["", "gone", "changed"]
"""Whether the problem stands as it was opened: its load was withdrawn, or it says something else
by now.
"""
LONGEST_TEXT = 2000
LONGEST_TITLE = 300
"""Characters."""
A_PAGE = 50
YEAR = r"^(|\d{4})$"


class OfYear(Struct, frozen=True):
    """The year of an audit."""

    year: Annotated[int, Meta(ge=2000, le=2100)]


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it. ``unit`` is an id of the
    register; an empty ``year`` is the newest.
    """

    year: Annotated[str, StringConstraints(pattern=YEAR)] = ""
    unit: Annotated[str, StringConstraints(max_length=40)] = ""
    state: Annotated[str, StringConstraints(max_length=20)] = ""
    way: Annotated[str, StringConstraints(max_length=20)] = ""
    late: Annotated[str, StringConstraints(pattern=r"^(|yes)$")] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page", "year"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of an audit that stands, as its table has it. ``year`` is 0 where none is given,
    ``amount`` fen or None, ``due`` an ISO day or empty.
    """

    number: str
    year: int
    unit_code: str
    category: str
    text: str
    amount: int | None
    due: str
    state: str
    rectified: str
    load: int

    @property
    def content(self) -> tuple[str, int | None]:
        """All that a rectification rests on."""
        return self.text, self.amount


@dataclass(frozen=True, slots=True)
class Tally:
    """How many problems of a year, or of a unit in it: ``unopened`` were not handed to a unit
    yet, ``late`` run beyond their day. Money is fen.
    """

    unit: str = ""
    unopened: int = 0
    open: int = 0
    reported: int = 0
    confirmed: int = 0
    closed: int = 0
    late: int = 0
    amount: int = 0
    put_right: int = 0

    @property
    def problems(self) -> int:
        """All, which is what shares are of."""
        return self.unopened + self.open + self.reported + self.confirmed + self.closed

    @property
    def share(self) -> float | None:
        """Of 1, those that were struck off; None where there are no problems."""
        return self.closed / self.problems if self.problems else None


@dataclass(frozen=True, slots=True)
class Returned:
    """A problem that an earlier audit had found at the unit as well."""

    number: str
    year: int
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A problem that nobody was asked to put right yet. ``unit_name`` is its name by the treasury,
    ``unit`` the proposed id in the register, or empty.
    """

    problem: Problem
    unit_name: str
    unit: str
    before: Sequence[Returned]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, the first due first, with what is counted of the year."""

    year: int | None
    years: Sequence[int]
    rows: Sequence[Row]
    total: int
    whole: Tally
    by_unit: Sequence[Tally]

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // A_PAGE))


def tallied(rows: Iterable[Row], today: str) -> Mapping[str, Tally]:
    """Rectifications that were not taken back, by unit. Rows have ``unit``, ``state``,
    ``due_day``, ``amount`` and ``put_right``.
    """
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        of = counts[row["unit"]]
        of[row["state"]] += 1
        of["late"] += row["state"] == "open" and row["due_day"].isoformat() < today
        of["amount"] += row["amount"] or 0
        of["put_right"] += row["put_right"] or 0
    return {unit: Tally(unit, **of) for unit, of in counts.items()}


def together(tallies: Iterable[Tally], unopened: Sequence[Problem] = ()) -> Tally:
    """All in one, with the problems that nobody was asked to put right yet."""
    found = [*tallies]
    more = Tally(unopened=len(unopened), amount=sum(of.amount or 0 for of in unopened))
    names = ("unopened", "open", "reported", "confirmed", "closed", "late", "amount", "put_right")
    return Tally(**{name: sum(getattr(of, name) for of in (*found, more)) for name in names})


def stands(row: Row, now: Problem | None) -> Standing:
    """Whether the problem of a rectification stands as it was opened."""
    if now is None:
        return "gone"
    return "" if now.content == (row["text"], row["amount"]) else "changed"
