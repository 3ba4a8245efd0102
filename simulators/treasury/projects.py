"""Projects over years: services, works by progress, purchases, subsidies, school-year money."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.files import read_toml
from simulators.treasury.books import (
    CARRIED,
    FROM_ABOVE,
    GENERAL,
    SMALL,
    TENDER,
    Books,
    Card,
    Change,
    Deal,
    Draft,
    Line,
    Undertaking,
    even,
    method_for,
    money,
)
from simulators.treasury.payees import Payee
from simulators.treasury.units import DATA, REMEDY, Unit, stations

_CARRIES, _FROM_ABOVE = 0.1, 0.08
"""Share of the years of a project with money carried on, and with late money from above."""
_ADJUSTED = 0.07
"""Share of the years of a project with an adjustment."""
_TOP = 0.4
"""Most that one payee has of a regular service project."""
_CALM = 0.36
"""Most of a year's money that regular projects spend in its last two months."""


@dataclass(slots=True, eq=False)
class Season:
    """A year of a project."""

    project: Undertaking
    year: int
    kinds: list[dict[str, Any]]
    total: int
    drafts: list[Draft] = field(default_factory=list)

    def paid(self) -> int:
        """Of all its payments."""
        return sum(draft.amount for draft in self.drafts)


class Projects:
    """Writes the projects of units into the books."""

    def __init__(self, books: Books, drawn: random.Random, *, thin: bool) -> None:
        self._books = books
        self._drawn = drawn
        self._thin = thin
        self._rows: list[dict[str, Any]] = read_toml(DATA / "projects.toml", REMEDY)["project"]
        self._stations = stations()
        self._busy: dict[tuple[str, int], set[str]] = {}
        self.seasons: list[Season] = []

    def write(self, per_unit: int) -> None:
        """So many projects of each unit, running side by side."""
        for unit in self._books.units:
            open_to = [
                row for row in self._rows if unit.department in row.get("of", [unit.department])
            ]
            weights = [3 if row["shape"] == "service" else 1 for row in open_to]
            for at in range(per_unit):
                row = self._drawn.choices(open_to, weights)[0]
                self._project(unit, row, at)

    def _project(self, unit: Unit, row: dict[str, Any], at: int) -> None:
        drawn, years = self._drawn, self._books.days.years
        first, last = years[0], years[-1]
        if row["shape"] == "construction":
            first = drawn.randint(years[0], max(years[0], years[-1] - 1))
            last = min(first + drawn.randint(1, 2), years[-1])
        elif drawn.random() < 0.2 and len(years) > 3:
            first, last = drawn.choice(((first + 1, last), (first, last - 1), (first + 2, last)))
        fund = "政府性基金" if unit.department == "114" and drawn.random() < 0.5 else GENERAL
        aimed = row.get("environment", False)
        project = Undertaking(
            unit=unit,
            name=row["name"] + ("" if at == 0 else f"（{at + 1}）"),
            shape=row["shape"],
            stem=row["stem"],
            first_year=first,
            last_year=last,
            environment=aimed,
            fund=fund,
            stations=tuple(drawn.sample(self._stations, drawn.randint(1, 2))) if aimed else (),
        )
        self._books.projects.append(project)
        scale = money(drawn, row["low"], row["high"])
        self._years(project, row, scale // 2 if self._thin else scale)

    def _years(self, project: Undertaking, row: dict[str, Any], scale: int) -> None:
        shapes: dict[str, Callable[[Season], None]] = {
            "service": self._service,
            "equipment": self._equipment,
            "subsidy": self._subsidy,
            "school-year": self._school_year,
        }
        seasons = [
            Season(project, year, row["in"], round(scale * self._drawn.uniform(0.9, 1.12)))
            for year in range(project.first_year, project.last_year + 1)
        ]
        if project.shape == "construction":
            self._works(seasons, scale)
        else:
            for season in seasons:
                shapes[project.shape](season)
        self.seasons += seasons
        for season in seasons:
            self._calm(season)
            if season.project.shape in ("service", "school-year"):
                _spread(season)
                self._adjust(season)
        self._carry(seasons)

    def _line_pay(
        self, season: Season, kind: dict[str, Any], on: date, amount: int, purpose: str
    ) -> Draft:
        books, drawn, project = self._books, self._drawn, season.project
        line = books.line(season.year, project.unit, kind["item"], project)
        payee = books.payees.to(kind["to"], project.unit, drawn)
        draft = books.pay(on, line, payee, amount, purpose)
        if kind["to"] != "person":
            draft.invoice = books.invoice(drawn, season.year)
        season.drafts.append(draft)
        return draft

    def _small_ones(self, season: Season, count: int, sum_: int, months: tuple[int, ...]) -> None:
        drawn = self._drawn
        each = min(sum_ // count, SMALL // 2)
        for _ in range(count):
            kind = drawn.choice(season.kinds)
            on = self._books.days.in_month(season.year, drawn.choice(months), drawn)
            amount = round(each * drawn.uniform(0.3, 1.7))
            self._line_pay(season, kind, on, amount, drawn.choice(kind["purposes"]))

    def _contracts(self, season: Season, count: int, sum_: int) -> None:
        """Contracts with as many suppliers, paid by instalments a month or more apart."""
        drawn, books = self._drawn, self._books
        taken: set[str] = set()
        for _ in range(count):
            kind = drawn.choice(season.kinds)
            amount = round(sum_ / count * drawn.uniform(0.75, 1.25))
            parts = drawn.randint(1, 2 if self._thin else 3)
            month = drawn.randint(2, 6)
            purpose = drawn.choice(kind["purposes"])
            supplier = self._supplier(season, kind["to"], taken)
            signed = books.days.in_month(season.year, month - 1, drawn)
            deal: Deal | None = None
            for part in range(parts):
                on = books.days.in_month(
                    season.year, min(month + part * drawn.randint(2, 3), 11), drawn
                )
                named = purpose if parts == 1 else f"{purpose}第{part + 1}期款"
                share = round(amount / parts * drawn.uniform(0.93, 1.07))
                draft = self._line_pay(season, kind, on, share, named)
                draft.payee = supplier
                if deal is None:
                    name = f"{season.project.stem}{purpose}合同"
                    deal = books.deal(draft, name, method_for(amount), signed)
                draft.deal = deal

    def _supplier(self, season: Season, trade: str, taken: set[str]) -> Payee:
        """Somebody who does nothing else for the unit in the year, as far as there is anybody."""
        payees, unit = self._books.payees, season.project.unit
        busy = self._busy.setdefault((unit.code, season.year), set())
        known = [*payees.favourites(unit, trade), *payees.of_trade(trade)]
        free = [
            one
            for one in known
            if one.name not in busy and (unit.code, one.name) not in self._books.regulars
        ]
        fresh = [one for one in free if one.name not in taken] or known
        supplier = self._drawn.choice(fresh[:4])
        busy.add(supplier.name)
        taken.add(supplier.name)
        return supplier

    def _service(self, season: Season) -> None:
        count = self._drawn.randint(3, 5)
        self._contracts(season, count, round(season.total * 0.8))
        few = self._drawn.randint(2, 3 if self._thin else 6)
        self._small_ones(season, few, round(season.total * 0.2), tuple(range(2, 13)))

    def _school_year(self, season: Season) -> None:
        self._contracts(season, 3, round(season.total * 0.5))
        few = self._drawn.randint(4, 8)
        months = (3, 4, 5, 6, 9, 9, 10, 10, 11)
        self._small_ones(season, few, round(season.total * 0.5), months)

    def _equipment(self, season: Season) -> None:
        drawn, books = self._drawn, self._books
        taken: set[str] = set()
        for _ in range(drawn.randint(3, 4 if self._thin else 7)):
            kind = drawn.choice(season.kinds)
            high = min(season.total / 250, 400_000)
            amount = money(drawn, max(high / 4, 6_000), high)
            thing = drawn.choice(kind["purposes"])
            on = books.days.in_month(season.year, drawn.randint(3, 10), drawn)
            draft = self._line_pay(season, kind, on, amount, f"购置{thing}")
            draft.payee = self._supplier(season, kind["to"], taken)
            self._with_contract(draft)
            recorded = books.days.later(on, drawn.randint(0, 40))
            known_by = draft if drawn.random() < 0.85 else None
            books.cards.append(
                Card(
                    season.project.unit, thing, _class_of(kind["item"]), recorded, amount, known_by
                )
            )

    def _subsidy(self, season: Season) -> None:
        drawn, books = self._drawn, self._books
        kind = drawn.choice(season.kinds)
        purpose = drawn.choice(kind["purposes"])
        count = drawn.randint(3, 4 if self._thin else 8)
        persons = list({books.payees.person(drawn): None for _ in range(count)})
        rate = drawn.randint(60, 240) * 1000
        for month in (3, 6, 9, 12):
            on = books.days.in_month(season.year, month, drawn)
            first: Draft | None = None
            for person in persons:
                named = f"{season.year}年第{month // 3}季度{purpose}"
                draft = self._line_pay(season, kind, on, rate, named)
                draft.payee = person
                draft.settlement, draft.by_treasury = "代发", True
                draft.batch, first = first, first or draft

    def _works(self, seasons: list[Season], scale: int) -> None:
        """A contract by progress over the years, its settlement, and who supervises the works."""
        drawn, books = self._drawn, self._books
        season, kind = seasons[0], seasons[0].kinds[0]
        purpose = drawn.choice(kind["purposes"])
        unit = season.project.unit
        supplier = drawn.choice(books.payees.favourites(unit, "building"))
        steps: list[tuple[Season, int, str, float]] = [(season, 3, "预付款", 0.2)]
        months = [
            (one, month)
            for one in seasons
            for month in ((5, 7, 9, 10) if one is season else (2, 4, 6, 8))
        ]
        each = 0.6 / len(months)
        for number, (one, month) in enumerate(months, start=1):
            steps.append((one, month, f"第{number}次进度款", each * drawn.uniform(0.7, 1.2)))
        steps.append((seasons[-1], 11, "竣工结算款", 0.08))
        deal: Deal | None = None
        for one, month, step, share in steps:
            on = books.days.in_month(one.year, month, drawn)
            draft = self._line_pay(one, kind, on, round(scale * share), f"{purpose}{step}")
            draft.payee = supplier
            if deal is None:
                signed = books.days.in_month(one.year, 1, drawn)
                deal = books.deal(draft, f"{season.project.name}{purpose}施工合同", TENDER, signed)
                deal.paid_share = 0.97
            draft.deal = deal
        for one in seasons:
            on = books.days.in_month(one.year, drawn.randint(4, 10), drawn)
            fee = self._line_pay(one, kind, on, round(scale * 0.012), f"{purpose}监理费")
            fee.payee = drawn.choice(books.payees.favourites(unit, "consulting"))

    def _calm(self, season: Season) -> None:
        """Bring the greatest late payments forward until the end of the year is no rush."""
        late = sorted(
            (one for one in season.drafts if one.on.month >= 11), key=lambda one: -one.amount
        )
        rest = sum(one.amount for one in late)
        for draft in late:
            if season.project.shape == "subsidy" or rest <= _CALM * season.paid():
                return
            rest -= draft.amount
            draft.on = self._books.days.in_month(season.year, 10, self._drawn)

    def _adjust(self, season: Season) -> None:
        """A shift between two items, or an addition, in some years."""
        drawn, books = self._drawn, self._books
        sums: dict[Line, int] = {}
        for draft in season.drafts:
            sums[draft.line] = sums.get(draft.line, 0) + draft.amount
        if len(sums) < 2 or drawn.random() >= _ADJUSTED:
            return
        giver, taker = drawn.sample(list(sums), 2)
        amount = even(min(sums[giver], sums[taker]) * drawn.uniform(0.01, 0.09))
        on = books.days.in_month(season.year, drawn.randint(3, 9), drawn)
        document = books.document(season.year)
        if drawn.random() < 0.6:
            giver.changes.append(Change(on, -amount, "调剂", document))
            taker.changes.append(Change(on, amount, "调剂", document))
        else:
            taker.changes.append(Change(on, amount, "追加", document))

    def _carry(self, seasons: list[Season]) -> None:
        """Money left and spent early in the next year, and money from above in autumn."""
        drawn, books = self._drawn, self._books
        rested = False
        for season, following in zip(seasons, [*seasons[1:], None], strict=True):
            if season.project.shape not in ("service", "school-year"):
                return
            kind = drawn.choice(season.kinds)
            if drawn.random() < _FROM_ABOVE:
                self._from_above(season, kind)
            own = [one for one in season.drafts if one.line.item == kind["item"]]
            if not following or rested or not own or drawn.random() >= _CARRIES:
                rested = False
                continue
            rested = True
            left = round(season.paid() * drawn.uniform(0.03, 0.12))
            own[0].line.unspent = left
            line = books.line(
                following.year, season.project.unit, kind["item"], season.project, CARRIED
            )
            line.issued_on = books.days.in_month(following.year, 1, drawn)
            line.carried_from = own[0].line
            on = books.days.in_month(following.year, drawn.randint(2, 5), drawn)
            draft = self._line_pay(following, kind, on, left, drawn.choice(kind["purposes"]))
            draft.line = line
            self._with_contract(draft)

    def _from_above(self, season: Season, kind: dict[str, Any]) -> None:
        drawn, books = self._drawn, self._books
        line = books.line(
            season.year, season.project.unit, kind["item"], season.project, FROM_ABOVE
        )
        line.issued_on = books.days.in_month(season.year, drawn.randint(8, 10), drawn)
        on = books.days.in_month(season.year, drawn.randint(11, 12), drawn)
        amount = round(season.paid() * drawn.uniform(0.06, 0.18))
        draft = self._line_pay(season, kind, on, amount, drawn.choice(kind["purposes"]))
        draft.line = line
        self._with_contract(draft)

    def _with_contract(self, draft: Draft) -> None:
        """Of its own, where a payment is not small."""
        if draft.amount >= SMALL:
            signed = self._books.days.about(date(draft.on.year, max(draft.on.month - 1, 1), 12))
            self._books.deal(draft, f"{draft.purpose}合同", method_for(draft.amount), signed)


def _spread(season: Season) -> None:
    """See to it that no payee has most of the money."""
    for _ in range(8):
        sums: dict[str, int] = {}
        for draft in season.drafts:
            sums[draft.payee.name] = sums.get(draft.payee.name, 0) + draft.amount
        top = max(sums, key=lambda name: sums[name])
        if sums[top] <= _TOP * sum(sums.values()):
            return
        for draft in season.drafts:
            if draft.payee.name == top:
                draft.amount = round(draft.amount * 0.8)


def _class_of(item: str) -> str:
    return {"31002": "家具和用具", "31003": "设备", "31007": "无形资产"}.get(item[:5], "设备")
