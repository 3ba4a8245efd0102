"""The chain of a year as columns: figures of each hop, the rows behind them, the way of one
project or payment. Pure; money is whole fen.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.budget.ledger.records import Sum, Text
from api.platforms.budget.payments.records import Payment
from budget.chain import STAGES, WAYS, Entry, Stage, Tally, Way, match
from budget.detection.books import Texts
from budget.ledger import Coding, Mask, equal

Grade = Literal["all", "exact", "normalised", "near", "unmatched", "over", "unused"]
GRADES: tuple[Grade, ...] = get_args(Grade)
OF_SOURCES: tuple[Grade, ...] = ("over", "unused")
"""These are of the stage before: more went on than there was, or nothing did."""
A_PAGE = 50
NOWHERE = -1
BASIC = "基本支出"
"""Behind a unit's code: all its money that is of no project."""
Year = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")]
Codes = NDArray[np.int32]
Ints = NDArray[np.int64]


class Asked(BaseModel):
    """A question for a year's chain, of a unit or of all; an empty year is the newest one."""

    model_config = ConfigDict(extra="forbid")
    year: Year = ""
    unit: Text = ""

    def query(self, **changes: str) -> str:
        """As part of an address."""
        return urlencode(self.model_dump(exclude_defaults=True) | changes)


class AskedRows(Asked):
    """A question for the rows behind a figure: of the hop to the stage ``hop``."""

    hop: Stage = "payment"
    grade: Grade = "unmatched"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a stage: their ids in its table, fen, units, and for each the number of the source
    that it is part of towards the next stage.
    """

    ids: Ints
    cents: Ints
    units: Texts
    numbers: Codes


@dataclass(frozen=True, slots=True)
class Joint:
    """A hop. The stage before it added up by id: names, fen, units; and for each row of the next
    stage the number of the one that it comes from, :data:`NOWHERE` for none, and of its way in
    :data:`budget.chain.WAYS`.
    """

    names: tuple[str, ...]
    cents: Ints
    units: Texts
    found: Codes
    ways: Codes

    def used(self, cents: Ints) -> Ints:
        """Fen of the next stage's rows by the source that they come from."""
        known = self.found != NOWHERE
        total = np.zeros(len(self.names), dtype=np.int64)
        np.add.at(total, self.found[known], cents[known])
        return total

    def continued(self) -> Mask:
        """The sources from which anything went on."""
        found = np.zeros(len(self.names), dtype=bool)
        found[self.found[self.found != NOWHERE]] = True
        return found


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A change of indicators: unit, name in the stage of projects, fen."""

    unit: str
    project: str
    cents: int


@dataclass(frozen=True, slots=True)
class Linkage:
    """The chain of a year: stages that have rows, in order, and the hops between them.
    ``adjusted`` are changes of indicators.
    """

    stages: tuple[Stage, ...]
    rows: Mapping[Stage, Rows]
    hops: tuple[Joint, ...]
    adjusted: tuple[Adjusted, ...]

    def hop(self, below: Stage) -> int | None:
        """The number of the hop to a stage."""
        return self.stages.index(below) - 1 if below in self.stages[1:] else None


@dataclass(frozen=True, slots=True)
class Figures:
    """A hop in figures. ``ways`` add up to all rows ``below``. ``onward`` is what comes from the
    sources ``above``, also rows of other units; ``elsewhere`` are rows that come from sources of
    other units. ``over`` are sources from which more went on than they had, and by how much;
    ``unused`` those from which nothing did.
    """

    from_stage: Stage
    to_stage: Stage
    above: Tally
    below: Tally
    ways: Mapping[Way, Tally]
    onward: Tally
    elsewhere: Tally
    over: Tally
    unused: Tally

    @property
    def left_cents(self) -> int:
        """The rest of what was there above; below nothing where more went on."""
        return self.above.cents - self.onward.cents

    @property
    def unmatched_share(self) -> float:
        """Of rows below."""
        return self.ways["unmatched"].count / self.below.count if self.below.count else 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a payment's way: the id there, its fen, what went on from it in all, and how it
    was found from the stage below; ``row`` is that of its table where it is one alone.
    """

    stage: Stage
    name: str
    cents: int
    onward_cents: int
    way: Way


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of a year; ``linkage`` is None while it is being made, ``year`` where there is
    nothing at all. ``units`` are names by code.
    """

    year: int | None
    years: Sequence[int]
    linkage: Linkage | None
    units: Mapping[str, str]

    def figures(self, unit: str) -> list[Figures]:
        """Every hop of a unit, or of all."""
        return of_year(self.linkage, unit) if self.linkage else []

    def adjusted(self, unit: str = "", project: str = "") -> Tally:
        """Changes of indicators of a unit, of a project, or of all."""
        chosen = [
            of.cents
            for of in (self.linkage.adjusted if self.linkage else ())
            if unit in ("", of.unit) and project in ("", of.project)
        ]
        return Tally(len(chosen), sum(chosen))


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a figure: its number, the one that it names, the one that it was matched with;
    of a source ``onward_cents`` is what went on from it.
    """

    id: int
    number: str
    names: str
    matched: str
    way: Way | None
    unit: str
    cents: int
    onward_cents: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectChain:
    """The hops of a project in a year, and its payments by what they say themselves."""

    name: str
    figures: Sequence[Figures]
    paid: Sum


@dataclass(frozen=True, slots=True)
class PaymentChain:
    """The way of a payment back, the payment first; empty where the year's chain lacks it."""

    payment: Payment
    steps: Sequence[Step]


def project_key(code: str, unit: str) -> str:
    """The name of money in the stage of projects: its code, or the unit's basic expenditure."""
    return code or f"{unit}·{BASIC}"


def linked(
    stages: Mapping[Stage, Sequence[Entry]],
    ids: Mapping[Stage, Sequence[int]],
    adjusted: Sequence[Adjusted],
) -> Linkage:
    """The chain of the stages that have rows; ``ids`` are those of their tables."""
    present = tuple(of for of in STAGES if stages.get(of))
    numbers: dict[Stage, Codes] = {}
    hops = []
    for above, below in itertools.pairwise(present):
        of = match(stages[above], stages[below])
        numbers[above] = np.array(of.numbers, dtype=np.int32)
        hops.append(
            Joint(
                tuple(one.id for one in of.sources),
                np.array([one.cents for one in of.sources], dtype=np.int64),
                _coded([one.unit for one in of.sources]),
                np.array([NOWHERE if at is None else at for at in of.found], dtype=np.int32),
                np.array([WAYS.index(way) for way in of.ways], dtype=np.int32),
            )
        )
    rows = {
        of: Rows(
            np.array(ids[of], dtype=np.int64),
            np.array([one.cents for one in stages[of]], dtype=np.int64),
            _coded([one.unit for one in stages[of]]),
            numbers.get(of, np.zeros(len(stages[of]), dtype=np.int32)),
        )
        for of in present
    }
    return Linkage(present, rows, tuple(hops), tuple(adjusted))


def _coded(texts: Sequence[str]) -> Texts:
    coding = Coding()
    coding.add(texts)
    return coding.texts()


def of_year(linkage: Linkage, unit: str) -> list[Figures]:
    """Every hop of a unit, or of all."""
    found = []
    for at, hop in enumerate(linkage.hops):
        rows = linkage.rows[linkage.stages[at + 1]]
        sources = equal(hop.units, unit) if unit else np.ones(len(hop.names), dtype=bool)
        below = equal(rows.units, unit) if unit else np.ones(len(rows.ids), dtype=bool)
        found.append(figures(linkage, at, sources, below))
    return found


def of_project(linkage: Linkage, key: str) -> list[Figures]:
    """Every hop of what comes from a project, step by step; empty where it is not there."""
    if linkage.stages[:1] != ("project",) or not linkage.hops:
        return []
    sources: Mask = np.array([name == key for name in linkage.hops[0].names], dtype=bool)
    if not sources.any():
        return []
    found = []
    for at, hop in enumerate(linkage.hops):
        below = (hop.found != NOWHERE) & sources[hop.found]
        found.append(figures(linkage, at, sources, below))
        if at + 1 < len(linkage.hops):
            sources = np.zeros(len(linkage.hops[at + 1].names), dtype=bool)
            sources[linkage.rows[linkage.stages[at + 1]].numbers[below]] = True
    return found


def figures(linkage: Linkage, at: int, sources: Mask, below: Mask) -> Figures:
    """A hop with the chosen sources above and the chosen rows below."""
    hop, rows = linkage.hops[at], linkage.rows[linkage.stages[at + 1]]
    from_chosen = (hop.found != NOWHERE) & sources[hop.found]
    used = hop.used(rows.cents)
    over = sources & (used > hop.cents)
    unused = sources & ~hop.continued()
    return Figures(
        linkage.stages[at],
        linkage.stages[at + 1],
        _tally(hop.cents, sources),
        _tally(rows.cents, below),
        {way: _tally(rows.cents, below & (hop.ways == n)) for n, way in enumerate(WAYS)},
        _tally(rows.cents, from_chosen),
        _tally(rows.cents, below & (hop.found != NOWHERE) & ~from_chosen),
        _tally(used - hop.cents, over),
        _tally(hop.cents, unused),
    )


def _tally(cents: Ints, mask: Mask) -> Tally:
    return Tally(int(mask.sum()), int(cents[mask].sum()))


def way_of(linkage: Linkage, payment: int) -> list[Step]:
    """The way of a payment back to its project, as far as it was found; the payment first."""
    if linkage.stages[-1:] != ("payment",):
        return []
    rows = linkage.rows["payment"]
    (hits,) = np.nonzero(rows.ids == payment)
    if not len(hits):
        return []
    number = int(hits[0])
    steps = [Step("payment", "", int(rows.cents[number]), 0, "exact")]
    for at in range(len(linkage.hops) - 1, -1, -1):
        hop, below = linkage.hops[at], linkage.rows[linkage.stages[at + 1]]
        source = int(hop.found[number])
        if source == NOWHERE:
            break
        onward = int(below.cents[hop.found == source].sum())
        way = WAYS[int(hop.ways[number])]
        name, cents = hop.names[source], int(hop.cents[source])
        steps.append(Step(linkage.stages[at], name, cents, onward, way))
        # Rows that were added up are one source: the first of them shows where it comes from.
        number = int(np.flatnonzero(linkage.rows[linkage.stages[at]].numbers == source)[0])
    return steps


def behind(linkage: Linkage, asked: AskedRows) -> Ints | None:
    """The numbers of the rows behind a figure, or of the sources, those with the most money first;
    None where the year has no such hop.
    """
    at = linkage.hop(asked.hop)
    if at is None:
        return None
    hop, rows = linkage.hops[at], linkage.rows[asked.hop]
    if asked.grade in OF_SOURCES:
        used = hop.used(rows.cents)
        chosen = used > hop.cents if asked.grade == "over" else ~hop.continued()
        units, cents = hop.units, used - hop.cents if asked.grade == "over" else hop.cents
    else:
        every = np.ones(len(rows.ids), dtype=bool)
        chosen = every if asked.grade == "all" else hop.ways == WAYS.index(asked.grade)
        units, cents = rows.units, rows.cents
    if asked.unit:
        chosen = chosen & equal(units, asked.unit)
    found = np.flatnonzero(chosen)
    return found[np.argsort(-np.abs(cents[found]), kind="stable")]
