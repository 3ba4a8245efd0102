"""The books while they are written: everything that is numbered only at the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from simulators.treasury.days import Calendar
from simulators.treasury.payees import Payee, Payees
from simulators.treasury.units import Unit

INITIAL, FROM_ABOVE, CARRIED, ADDED = "年初预算", "上级专款", "上年结转", "追加"
GENERAL = "一般公共预算资金"
TENDER, CONSULTATION, INQUIRY, SINGLE, SCATTERED = (
    "公开招标",
    "竞争性磋商",
    "询价",
    "单一来源",
    "分散采购",
)
LIMIT_OF_LAW = 50_000_000
"""From 500,000 yuan on goods and services are bought by government procurement."""
LIMIT_WITHIN = 20_000_000
"""From 200,000 yuan on a unit compares offers by its internal rules."""
ROUND = 10_000
"""Indicators are issued in hundreds of yuan."""
SMALL = 4_000_000
"""Below it nobody writes a contract."""


@dataclass(slots=True, eq=False)
class Undertaking:
    """A project of a unit over years."""

    unit: Unit
    name: str
    shape: str
    stem: str
    first_year: int
    last_year: int
    environment: bool
    fund: str
    stations: tuple[str, ...] = ()
    number: str = ""


@dataclass(slots=True, eq=False)
class Change:
    """Of a line; ``document`` is shared by both sides of a shift."""

    on: date
    amount: int
    kind: str
    document: str
    number: str = ""


@dataclass(slots=True, eq=False)
class Line:
    """Money for one item of a unit, a project and a source in a year."""

    year: int
    unit: Unit
    project: Undertaking | None
    function: str
    item: str
    fund: str
    source: str
    issued_on: date
    unspent: int | None = None
    """Left at the end of the year; none where a small rest is drawn."""
    carried_from: Line | None = None
    """The line that left this money."""
    granted: int | None = None
    """The amount after its changes, where it does not follow from what was paid."""
    excess: int = 0
    """Paid beyond what there was."""
    changes: list[Change] = field(default_factory=list)
    number: str = ""


@dataclass(slots=True, eq=False)
class Deal:
    """A contract. ``paid_share`` is the part of its amount that its payments are."""

    unit: Unit
    supplier: Payee
    name: str
    signed_on: date
    method: str
    paid_share: float = 1.0
    number: str = ""


@dataclass(slots=True, eq=False)
class Draft:
    """A payment to be. Drafts with the same ``batch`` are of one application."""

    on: date
    line: Line
    payee: Payee
    amount: int
    purpose: str
    settlement: str = "转账"
    deal: Deal | None = None
    invoice: str = ""
    batch: Draft | None = None
    charged: Line | None = None
    """The line of which the indicator is given, where that is another one."""
    typed: Callable[[str], str] | None = None
    """Makes of the indicator's number the one that was typed."""
    name: str = ""
    repeats: bool = False
    """Paid again: no part of its contract's amount."""
    by_treasury: bool = False
    planted: bool = False
    """The application has the odd number of the indicator too."""
    dropped: bool = False
    """Never made after all."""
    number: str = ""


@dataclass(slots=True, eq=False)
class Card:
    """An asset to be."""

    unit: Unit
    name: str
    kind: str
    on: date
    value: int
    draft: Draft | None = None
    number: str = ""


@dataclass(slots=True, eq=False)
class Problem:
    """A problem of the audit office to be."""

    year: int
    unit: Unit
    kind: str
    text: str
    amount: int
    due_on: date
    state: str
    rectified_on: date | None
    number: str = ""


Numbered = Line | Change | Card | Problem


@dataclass(slots=True, eq=False)
class Mark:
    """A label to be."""

    kind: str
    drafts: Sequence[Draft]
    unit: Unit
    year: int
    note: str
    innocent: bool
    project: Undertaking | None = None
    rows: Sequence[Numbered] = ()


class Books:
    """All of it, with what every writer needs."""

    def __init__(self, days: Calendar, units: tuple[Unit, ...], payees: Payees) -> None:
        self.days = days
        self.units = units
        self.payees = payees
        self.lines: dict[tuple[object, ...], Line] = {}
        self.projects: list[Undertaking] = []
        self.drafts: list[Draft] = []
        self.deals: list[Deal] = []
        self.cards: list[Card] = []
        self.problems: list[Problem] = []
        self.marks: list[Mark] = []
        self.frozen: dict[tuple[str, int], bool] = {}
        """Units and years of which it is settled whether the three expenses may grow."""
        self.regulars: set[tuple[str, str]] = set()
        """Units with those who send them a bill every month."""
        self._documents = 0
        self._invoices: set[str] = set()

    def line(
        self,
        year: int,
        unit: Unit,
        item: str,
        project: Undertaking | None = None,
        source: str = INITIAL,
        function: str = "",
    ) -> Line:
        """The line, opened in January where it is the first time that somebody asks for it."""
        key = (year, unit.code, id(project), item, source)
        found = self.lines.get(key)
        if found is None:
            usual = unit.work if project else unit.basic
            opened = self.days.about(date(year, 1, 4 + self._documents % 9))
            fund = project.fund if project else GENERAL
            found = Line(year, unit, project, function or usual, item, fund, source, opened)
            self.lines[key] = found
        return found

    def opened(self, year: int, unit: Unit, item: str) -> bool:
        """Whether a unit has a line of a year for an item beside its projects."""
        return (year, unit.code, id(None), item, INITIAL) in self.lines

    def pay(
        self, on: date, line: Line, payee: Payee, amount: int, purpose: str, *, invoice: str = ""
    ) -> Draft:
        """A payment, written down."""
        draft = Draft(on, line, payee, amount, purpose, invoice=invoice)
        self.drafts.append(draft)
        return draft

    def deal(self, draft: Draft, name: str, method: str, signed_on: date) -> Deal:
        """A contract that a payment is the first of."""
        deal = Deal(draft.line.unit, draft.payee, name, signed_on, method)
        draft.deal = deal
        self.deals.append(deal)
        return deal

    def invoice(self, drawn: random.Random, year: int) -> str:
        """The number of a new one: eight digits on paper, twenty since they are electronic."""
        while True:
            if year >= 2023 and drawn.random() < 0.7:
                number = f"{year % 100}32{int(drawn.random() * 10**16):016}"
            else:
                number = f"{int(drawn.random() * 10**8):08}"
            if number not in self._invoices:
                self._invoices.add(number)
                return number

    def document(self, year: int) -> str:
        """The number of a letter of the finance bureau."""
        self._documents += 1
        return f"通财预〔{year}〕{self._documents % 400 + 1}号"


def money(drawn: random.Random, low: float, high: float) -> int:
    """Fen between two sums in yuan, small ones oftener; some sums are even."""
    yuan: float = low * (high / low) ** drawn.random()
    roll = drawn.random()
    if roll < 0.2:
        return round(yuan) * 100
    return round(yuan * 10) * 10 if roll < 0.4 else round(yuan * 100)


def even(amount: float) -> int:
    """In hundreds of yuan, as budgets are; at least one of them."""
    return max(round(amount / ROUND), 1) * ROUND


def method_for(amount: int) -> str:
    """The way in which a purchase of an amount has to be made."""
    if amount >= LIMIT_OF_LAW:
        return TENDER
    return CONSULTATION if amount >= LIMIT_WITHIN else SCATTERED
