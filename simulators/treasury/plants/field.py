"""The books as whoever plants in them needs them: what is free, and what is taken."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from config.files import read_toml
from simulators.treasury.books import (
    CARRIED,
    INITIAL,
    SMALL,
    Books,
    Change,
    Draft,
    Line,
    Mark,
    Numbered,
    Undertaking,
    method_for,
)
from simulators.treasury.projects import Season
from simulators.treasury.units import DATA, REMEDY, Unit, subordinates

_TRIES = 4000
HARD = 0.1
"""Share of faults that hardly anybody would find."""


class ExhaustedError(Exception):
    """Nothing is left of the sort that a fault needs."""


class Field:
    """Whatever is taken once changes no more, so that no two faults disturb each other."""

    def __init__(self, books: Books, seasons: Sequence[Season], drawn: random.Random) -> None:
        self.books = books
        self.days = books.days
        self.payees = books.payees
        self.drawn = drawn
        self.words: dict[str, Any] = read_toml(DATA / "plants.toml", REMEDY)
        self.below = subordinates(books.units)
        self._base = tuple(books.drafts)
        self._used: set[Draft] = set()
        self._spent: dict[Line, int] = {}
        self._crossed: set[Line] = set()
        self.held: set[tuple[str, int]] = set()
        """Codes of units with years of which the three expenses are settled."""
        self._pinned: set[tuple[Undertaking, int]] = set()
        self._shaped: set[tuple[Undertaking, int]] = set()
        self._seasons = drawn.sample(list(seasons), len(seasons))
        self._of: dict[Undertaking, dict[int, Season]] = {}
        for season in seasons:
            self._of.setdefault(season.project, {})[season.year] = season
        self._sums: dict[tuple[Undertaking, int], int] = {
            (season.project, season.year): season.paid() for season in seasons
        }
        self._bought: dict[tuple[str, int], int] = {}
        for draft in self._base:
            if not draft.line.item.startswith(("301", "309")):
                key = draft.line.unit.code, draft.line.year
                self._bought[key] = self._bought.get(key, 0) + draft.amount
        self._spare = [season for season in self._seasons if season.project.shape != "subsidy"]

    @property
    def hard(self) -> bool:
        """Whether this one is to be nearly undetectable."""
        return self.drawn.random() < HARD

    def years_of(self, project: Undertaking) -> dict[int, Season]:
        """A project's years."""
        return self._of[project]

    def season(
        self,
        shapes: Collection[str] = ("service",),
        *,
        after: int = 0,
        before: int = 0,
        fits: Callable[[Season], bool] | None = None,
    ) -> Season:
        """A year of a project that is free, taken; with so many years of it after and before.

        Raises:
            ExhaustedError: there is none.
        """
        for season in self._seasons:
            project = season.project
            span = range(season.year - before, season.year + after + 1)
            if project.shape not in shapes or not season.drafts:
                continue
            if any(year not in self._of[project] for year in span):
                continue
            if any((project, year) in self._pinned for year in span):
                continue
            if fits and not fits(season):
                continue
            self.pin(project, span)
            self._shaped.update((project, year) for year in span)
            self._seasons.remove(season)
            self._seasons.append(season)
            return season
        raise ExhaustedError

    def bought(self, unit: Unit, year: int) -> int:
        """All that a unit spends in a year, but for wages and works."""
        return self._bought[unit.code, year]

    def pin(self, project: Undertaking, years: Iterable[int]) -> None:
        """Keep the years of a project as they are from now on."""
        self._pinned.update((project, year) for year in years)

    def draft(self, fits: Callable[[Draft], bool]) -> Draft:
        """A payment of the base that fits, taken with the year of its project.

        Raises:
            ExhaustedError: none was met.
        """
        for _ in range(_TRIES):
            draft = self.drawn.choice(self._base)
            line = draft.line
            if draft in self._used or line.source != INITIAL or not fits(draft):
                continue
            if line.project and (line.project, line.year) in self._pinned:
                continue
            if line.project:
                self.pin(line.project, [line.year])
            self._used.add(draft)
            return draft
        raise ExhaustedError

    def roomy(
        self, item: str, amount: int, *, first: int = 0, last: int = 9999, unit: Unit | None = None
    ) -> Line:
        """A line for an item in a project that an amount changes little."""
        years = self.days.years
        span = range(max(first, years[0]), min(last, years[-1]) + 1)
        spare = [
            season
            for season in self._spare
            if season.year in span
            and (season.project, season.year) not in self._shaped
            and unit in (None, season.project.unit)
        ]
        fitting = [one for one in spare if self._sums[one.project, one.year] >= 4 * amount]
        if fitting:
            season = self.drawn.choice(fitting)
            return self.books.line(season.year, season.project.unit, item, season.project)
        year = self.drawn.choice(span)
        return self.books.line(year, unit or self.drawn.choice(self.books.units), item)

    def day(self, year: int, first_month: int = 2, last_month: int = 10) -> date:
        """A working day of some months."""
        return self.days.in_month(year, self.drawn.randint(first_month, last_month), self.drawn)

    def later(self, day: date, low: int, high: int) -> date:
        """A working day so many days later, in the same year."""
        return self.days.later(day, self.drawn.randint(low, high))

    def shortly_before(self, day: date, low: int = 5, high: int = 40) -> date:
        """A working day before another one, in the same year."""
        first = date(day.year, 1, 4)
        return self.days.about(max(day - timedelta(days=self.drawn.randint(low, high)), first))

    def spent(self, line: Line) -> int:
        """Paid of a line until somebody first asked for one."""
        if not self._spent:
            for draft in self.books.drafts:
                self._spent[draft.line] = self._spent.get(draft.line, 0) + draft.amount
                if draft.charged:
                    self._crossed.update((draft.line, draft.charged))
        return self._spent.get(line, 0)

    def crossed(self, line: Line) -> bool:
        """Whether a payment is of a line by its item, and of another one by its indicator, as far
        as ``spent`` knows.
        """
        return line in self._crossed

    def invoice(self, year: int) -> str:
        """A new one."""
        return self.books.invoice(self.drawn, year)

    def trade_and_thing(self, table: str = "goods") -> tuple[str, str]:
        """Something to buy, with the trade that sells it."""
        trade = self.drawn.choice(list(self.words[table]))
        return trade, self.drawn.choice(self.words[table][trade])

    def carry(self, line: Line, left: int, spent: float = 1.0) -> tuple[Line, list[Draft]]:
        """Carry the rest of a line into the next year, where a share of it is spent early."""
        line.unspent = left
        year = line.year + 1
        carried = self.books.line(year, line.unit, line.item, line.project, CARRIED)
        carried.issued_on = self.day(year, 1, 1)
        carried.carried_from = line
        paid = round(left * spent)
        carried.unspent = left - paid
        if not paid:
            return carried, []
        payee = self.payees.favourites(line.unit, "consulting")[0]
        draft = self.books.pay(self.day(year, 2, 5), carried, payee, paid, "上年结转项目尾款")
        draft.invoice = self.invoice(year)
        if paid >= SMALL:
            self.books.deal(draft, f"{line.item[6:]}合同", method_for(paid), self.day(year, 1, 1))
        return carried, [draft]

    def change(self, line: Line, on: date, amount: int, kind: str, document: str) -> Change:
        """An adjustment of a line."""
        change = Change(on, amount, kind, document)
        line.changes.append(change)
        return change

    def fault(
        self,
        kind: str,
        drafts: Sequence[Draft],
        unit: Unit,
        year: int,
        note: str,
        project: Undertaking | None = None,
        rows: Sequence[Numbered] = (),
    ) -> None:
        """Label a planted fault."""
        self.books.marks.append(Mark(kind, drafts, unit, year, note, False, project, rows))

    def innocent(
        self,
        kind: str,
        drafts: Sequence[Draft],
        unit: Unit,
        year: int,
        reason: str,
        project: Undertaking | None = None,
        rows: Sequence[Numbered] = (),
    ) -> None:
        """Label what only seems one."""
        self.books.marks.append(Mark(kind, drafts, unit, year, reason, True, project, rows))
