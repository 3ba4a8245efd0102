"""The books that rules look at: payments as columns, and what stands beside them as rows.

Money is whole fen, a day is the number of days since 1970-01-01. What an export lacks is missing,
never guessed. The order of rows means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MISSING = -1
"""The code of a text that is not there."""
NO_DAY = int(np.iinfo(np.int32).min)
"""The day of a row without one."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of n texts: ``values[codes[i]]``, or nothing where the code is :data:`MISSING`."""

    codes: NDArray[np.int32]
    values: tuple[str, ...] = ()

    def at(self, row: int) -> str:
        """The text of a row, empty where there is none."""
        code = self.codes[row]
        return "" if code == MISSING else self.values[code]

    @property
    def known(self) -> bool:
        """Whether any row has one."""
        return bool(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """n payments. ``ids`` name them towards whoever asked; ``economic`` and ``function`` are codes
    of the classifications of expenditure (支出经济分类, 支出功能分类) without their names.
    """

    ids: NDArray[np.int64]
    cents: NDArray[np.int64]
    days: NDArray[np.int32]
    unit: Texts
    payee: Texts
    payee_account: Texts
    payer: Texts
    payer_account: Texts
    use: Texts
    economic: Texts
    function: Texts
    project: Texts
    indicator: Texts
    voucher: Texts
    application: Texts
    contract: Texts
    invoice: Texts
    fund: Texts

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Money that a unit may spend (指标).

    ``source`` is one of 年初预算, 上级专款, 上年结转, 追加, 调剂.
    """

    id: str
    year: int
    unit: str
    project: str
    function: str
    economic: str
    fund: str
    cents: int
    day: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A change of a line during the year; ``kind`` is one of 调整, 调剂, 追加, 追减."""

    id: str
    year: int
    unit: str
    project: str
    economic: str
    cents: int
    day: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """Money approved for a unit, project and item; ``final_cents`` is of the final account."""

    year: int
    unit: str
    project: str
    function: str
    economic: str
    basic: bool
    """Of basic expenditure 基本支出, not of a project."""
    approved_cents: int
    adjusted_cents: int
    final_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingLimit:
    """The three public expenses (三公经费) of a unit in a year together. ``last_cents``: of the
    final account of the year before, None where nobody said; ``requirement``: the bureau's words
    on what may be spent (控制要求).
    """

    year: int
    unit: str
    approved_cents: int
    adjusted_cents: int
    last_cents: int | None
    requirement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A thing in a unit's register of assets."""

    id: str
    unit: str
    name: str
    day: int
    cents: int
    voucher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProblem:
    """Something that an audit found in a year."""

    id: str
    year: int
    unit: str
    kind: str
    text: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract of procurement; ``way`` is how the supplier was chosen (采购方式)."""

    id: str
    unit: str
    supplier: str
    name: str
    cents: int
    day: int
    way: str


Stage = Literal["budget", "accounts"]
"""Of a set of published tables: 预算 or 决算."""
Money = Literal["fiscal", "general", "all"]
"""The money of a published table: 财政拨款, 一般公共预算 alone, or with the unit's own income."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A sum that a department published, by what it stands for: ``total`` (expense of the year),
    ``class/208``, ``three-public/abroad``. ``step`` is the last decimal of its table in fen, 0
    where it is exact; ``cell`` is as spreadsheets name it.
    """

    means: str
    label: str
    money: Money
    cents: int
    step: int
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedBreak:
    """A cell of published tables that does not hold; ``cents`` is what it says less what it
    should, None where it is no sum.
    """

    check: str
    title: str
    sheet: str
    cell: str
    label: str
    says: str
    should: str
    unit: str
    cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSet:
    """The tables that a department published of a year at a stage."""

    id: int
    department: str
    """Its name, or its code."""
    year: int
    stage: Stage
    figures: tuple[PublishedFigure, ...] = ()
    breaks: tuple[PublishedBreak, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """Government debt of a year, or of one of its quarters (1 to 4; 0: the year): of a ``kind``
    (一般债务, 专项债务), of an area where it names one (a town or park), and of a project where it
    names one by code or name. ``limit_cents`` is None where nobody gave a limit.
    """

    year: int
    quarter: int = 0
    area: str = ""
    kind: str
    project: str
    name: str
    limit_cents: int | None
    beginning_cents: int
    issued_cents: int
    repaid_cents: int
    interest_cents: int
    end_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything that rules may look at. An empty table was not handed in: a rule that needs it
    is deferred, and says so.
    """

    payments: Payments
    indicators: tuple[Indicator, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[BudgetLine, ...] = ()
    limits: tuple[SpendingLimit, ...] = ()
    assets: tuple[Asset, ...] = ()
    problems: tuple[AuditProblem, ...] = ()
    contracts: tuple[Contract, ...] = ()
    debts: tuple[Debt, ...] = ()
    published: tuple[PublishedSet, ...] = ()
    units: dict[str, str] = field(default_factory=dict)
    """Names of units by their codes, where payments carry codes."""
    projects: dict[str, str] = field(default_factory=dict)
    """Names of projects by their codes."""
    superiors: dict[str, str] = field(default_factory=dict)
    """The department of each subordinate unit."""
