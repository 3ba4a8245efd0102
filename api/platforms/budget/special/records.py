"""The topic of a report, and its sums by year, quarter and payee. Pure; money is whole fen."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from api.platforms.budget.ledger.records import EPOCH, Sum, sums
from budget.detection.books import Texts
from budget.ledger import Ledger, Mask, equal, holding

MOST_YEARS = 10
LONGEST_TEXT = 6000
MOST_PAYEES = 20
MOST_ROWS = 300
"""Of findings and adjustments."""
_BETWEEN = re.compile(r"[、，,；;\n]+")


class Topic(Struct, frozen=True):
    """A topic: ``units`` and ``projects`` are codes or names with commas between them; ``words``
    must each be part of the use or of the project's name. What is empty asks for all; what is
    given must hold together. ``text`` are words of the office's own, which stand where the centre
    would write.
    """

    title: Annotated[str, Meta(min_length=1, max_length=60)]
    from_year: Annotated[int, Meta(ge=2000, le=2100)]
    to_year: Annotated[int, Meta(ge=2000, le=2100)]
    units: Annotated[str, Meta(max_length=500)] = ""
    projects: Annotated[str, Meta(max_length=500)] = ""
    fund: Annotated[str, Meta(max_length=100)] = ""
    words: Annotated[str, Meta(max_length=100)] = ""
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""

    @property
    def years(self) -> Sequence[int]:
        """From the first to the last."""
        return range(self.from_year, self.to_year + 1)

    @property
    def budgeted(self) -> bool:
        """Whether budgets can be told: they name neither a fund nor a use."""
        return not self.fund.strip() and not self.words.strip()


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a topic; None: not known."""

    year: int
    approved: int | None
    adjusted: int | None
    final: int | None
    paid: int
    payments: int

    @property
    def done(self) -> float | None:
        """Of the budget as it was changed last that was paid."""
        return self.paid / self.adjusted if self.adjusted and self.adjusted > 0 else None


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter: what was paid in it, and in its year up to its end; the budget is the year's."""

    year: int
    quarter: int
    paid: int
    to_date: int
    adjusted: int | None

    @property
    def done(self) -> float | None:
        """Of the year's budget that was paid by its end."""
        return self.to_date / self.adjusted if self.adjusted and self.adjusted > 0 else None


@dataclass(frozen=True, slots=True)
class Budget:
    """Sums of lines of a year of a unit and project."""

    year: int
    unit: str
    project: str
    approved: int
    adjusted: int
    final: int | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of a budget."""

    day: str
    unit: str
    project: str
    change: str
    amount: int
    document: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding that concerns the topic: its id, unit, question, fen, and how it stands."""

    id: int
    unit: str
    text: str
    amount: int
    state: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Codes of units and projects that were chosen with their names; None where none was asked
    for.
    """

    units: Mapping[str, str] | None
    projects: Mapping[str, str] | None

    def suits(self, unit: str, project: str) -> bool:
        """Whether a line is chosen."""
        return (self.units is None or unit in self.units) and (
            self.projects is None or project in self.projects
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """All that a report says; ``last_paid`` is the day of the last payment, ISO text."""

    topic: Topic
    chosen: Chosen
    years: Sequence[Year]
    quarters: Sequence[Quarter]
    payees: Sequence[Sum]
    payments: int
    last_paid: str
    adjustments: Sequence[Adjustment]
    findings: Sequence[Asked]
    effects: Sequence[str]


def parts(text: str) -> list[str]:
    """Values with commas between them."""
    return [of.strip() for of in _BETWEEN.split(text) if of.strip()]


def matching(asked: Sequence[str], known: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Those of known names by code that are asked for by code, by name, or by the end of one, and
    what nothing was found for.
    """
    found: dict[str, str] = {}
    missing = []
    for one in asked:
        hits = {code: name for code, name in known.items() if one in (code, name)}
        hits = hits or {code: name for code, name in known.items() if name.endswith(one)}
        if not hits:
            missing.append(one)
        found |= hits
    return found, missing


def selected(ledger: Ledger, topic: Topic, chosen: Chosen) -> Mask:
    """Payments of the topic."""
    first = date(topic.from_year, 1, 1).toordinal() - EPOCH
    behind = date(topic.to_year + 1, 1, 1).toordinal() - EPOCH
    mask = (ledger.days >= first) & (ledger.days < behind)
    for codes, name in ((chosen.units, "unit"), (chosen.projects, "project")):
        if codes is not None:
            mask &= holding(ledger.texts[name], codes.__contains__)
    if fund := topic.fund.strip():
        mask &= equal(ledger.texts["fund"], fund)
    for word in topic.words.casefold().split():
        mask &= _has(ledger.texts["use"], word) | _has(ledger.texts["project_name"], word)
    return mask


def by_year(ledger: Ledger, mask: Mask, topic: Topic, budgets: Sequence[Budget]) -> list[Year]:
    """Every year of the span."""
    years = _years(ledger)
    found = []
    for year in topic.years:
        rows = mask & (years == year)
        of_year = [of for of in budgets if of.year == year] if topic.budgeted else []
        finals = [of.final for of in of_year if of.final is not None]
        found.append(
            Year(
                year,
                sum(of.approved for of in of_year) if of_year else None,
                sum(of.adjusted for of in of_year) if of_year else None,
                sum(finals) if finals else None,
                int(ledger.cents[rows].sum()),
                int(rows.sum()),
            )
        )
    return found


def by_quarter(ledger: Ledger, mask: Mask, years: Sequence[Year]) -> list[Quarter]:
    """Quarters of each year up to the last one with a payment."""
    months = ledger.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found = []
    for of in years:
        to_date = 0
        own = []
        for quarter in range(4):
            first = (of.year - 1970) * 12 + 3 * quarter
            rows = mask & (months >= first) & (months < first + 3)
            paid = int(ledger.cents[rows].sum())
            to_date += paid
            own.append(Quarter(of.year, quarter + 1, paid, to_date, of.adjusted))
        last = max((at for at, one in enumerate(own) if one.paid), default=-1)
        found += own[: last + 1]
    return found


def payees(ledger: Ledger, mask: Mask) -> list[Sum]:
    """Sums by payee, the greatest first."""
    return sums(ledger, mask, "payee")


def last_paid(ledger: Ledger, mask: Mask) -> str:
    """The day of the last payment, ISO text; empty where there is none."""
    days = ledger.days[mask]
    return date.fromordinal(int(days.max()) + EPOCH).isoformat() if len(days) else ""


def vouchers(ledger: Ledger, mask: Mask) -> set[str]:
    """Numbers of the vouchers of payments."""
    column = ledger.texts["voucher"]
    return {column.values[code] for code in column.codes[mask].tolist() if code >= 0}


def concerns(
    row: Mapping[str, object],
    own: Collection[str],
    numbers: Collection[str],
    topic: Topic,
    chosen: Chosen,
) -> bool:
    """Whether a finding is about the topic: it names a payment of it (``own`` of the finding's
    vouchers), or it names none and is about a chosen project, or about a chosen unit as a whole.
    """
    if own:
        return any(of in numbers for of in own)
    if chosen.projects is not None:
        subject = str(row["subject"])
        return any(of and of in subject for of in (*chosen.projects, *chosen.projects.values()))
    return topic.budgeted


def _has(column: Texts, word: str) -> Mask:
    return holding(column, lambda text: word in text.casefold())


def _years(ledger: Ledger) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    years = ledger.days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return years + 1970
