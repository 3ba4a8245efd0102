"""Rows of the tables that a treasury hands over. Money is fen; units, items and projects are codes
as the tables write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Payment:
    """A voucher; ``amount`` is negative where money came back."""

    voucher: str
    application: str
    unit: str
    unit_name: str
    payee: str
    payee_account: str
    payer: str
    payer_account: str
    amount: int
    paid_on: date
    purpose: str
    function: str
    item: str
    project: str
    project_name: str
    fund: str
    settlement: str
    indicator: str
    contract: str
    invoice: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """Money that a unit may spend. ``amount`` is as issued: adjustments come on top of it."""

    number: str
    unit: str
    unit_name: str
    project: str
    project_name: str
    function: str
    item: str
    fund: str
    amount: int
    issued_on: date
    source: str
    document: str
    higher_document: str
    year: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Of an indicator for a month; all plans of one are its amount after adjustments."""

    number: str
    indicator: str
    unit: str
    month: str
    amount: int


@dataclass(frozen=True, slots=True)
class Application:
    """For one payment, or for all lines of a batch."""

    number: str
    indicator: str
    unit: str
    amount: int
    applied_on: date
    purpose: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Of an indicator that stands; money that got an indicator of its own has none."""

    number: str
    year: int
    unit: str
    project: str
    item: str
    adjusted_on: date
    amount: int
    kind: str
    document: str


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Approved at the beginning, after changes, and paid; ``final`` is none where not closed."""

    year: int
    unit: str
    project: str
    function: str
    item: str
    unit_name: str
    project_name: str
    kind: str
    approved: int
    changed: int
    final: int | None


@dataclass(frozen=True, slots=True)
class Project:
    """Of a unit, over years; ``stations`` are those that it should improve."""

    code: str
    name: str
    unit: str
    unit_name: str
    first_year: int
    last_year: int
    environment: bool
    stations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """A card of the register of assets; ``voucher`` may be empty."""

    number: str
    unit: str
    name: str
    kind: str
    bought_on: date
    value: int
    voucher: str


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Found by the audit office, with the state of its rectification."""

    number: str
    year: int
    unit: str
    kind: str
    text: str
    amount: int
    due_on: date
    state: str
    rectified_on: date | None


@dataclass(frozen=True, slots=True)
class Contract:
    """Of a procurement."""

    number: str
    unit: str
    supplier: str
    name: str
    amount: int
    signed_on: date
    method: str


@dataclass(frozen=True, slots=True)
class Control:
    """The sum of a unit's payments in a month, by the finance bureau's own count."""

    year: int
    month: int
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class SpendingLimit:
    """The three expenses of a unit in a year together; ``last`` is what was paid the year before,
    none in the first year. ``rule`` says whether it may be exceeded.
    """

    year: int
    unit: str
    unit_name: str
    approved: int
    changed: int
    last: int | None
    rule: str


@dataclass(frozen=True, slots=True)
class Debt:
    """Of an area, a kind and a quarter, each sum rounded to a hundredth of 亿元. ``limit`` is
    ``first_limit`` of January and ``raised``; ``repaid`` has ``by_refinancing`` in it.
    """

    number: str
    year: int
    quarter: int
    area: str
    kind: str
    first_limit: int
    raised: int
    limit: int
    begin: int
    new: int
    refinanced: int
    repaid: int
    by_refinancing: int
    end: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A published table: texts, and figures in hundredths of 万元."""

    name: str
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Tables of a department's budget or final account; ``form`` and ``style`` of the files."""

    number: str
    year: int
    department: str
    name: str
    stage: str
    form: str
    style: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A planted fault, or what only seems one. ``keys`` are numbers of rows in other tables:
    indicators, adjustments, assets, audit problems, debts; or cells of published tables, as
    ``NUMBER!SHEET!CELL``.
    """

    kind: str
    vouchers: tuple[str, ...]
    unit: str
    year: int
    note: str
    innocent: bool
    project: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Treasury:
    """Everything that a seed gives; payments by day."""

    seed: int
    payments: tuple[Payment, ...]
    indicators: tuple[Indicator, ...]
    plans: tuple[Plan, ...]
    applications: tuple[Application, ...]
    adjustments: tuple[Adjustment, ...]
    budget_lines: tuple[BudgetLine, ...]
    projects: tuple[Project, ...]
    assets: tuple[Asset, ...]
    audit_problems: tuple[AuditProblem, ...]
    contracts: tuple[Contract, ...]
    controls: tuple[Control, ...]
    labels: tuple[Label, ...]
    limits: tuple[SpendingLimit, ...]
    debts: tuple[Debt, ...] = ()
    published: tuple[Published, ...] = ()
