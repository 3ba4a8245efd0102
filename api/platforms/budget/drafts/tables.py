"""Lines of drafts of a budget as departments send them, and points of review 初审意见."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.kinds.tables import TableField, loaded_table
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.tables import LINE_FIELDS, PAYMENT_FIELDS
from ingest.state.database import Migrations

METADATA = sa.MetaData()
_FUND = next(of for of in PAYMENT_FIELDS if of.name == "fund")
DRAFT_FIELDS = (
    *(of for of in LINE_FIELDS if of.kind != "money"),
    replace(_FUND, key=True, may_be_empty=True),
    TableField(
        "amount",
        "budget.field.draft-amount",
        "money",
        ("预算草案数", "草案数", "预算数", "申报数", "本年预算"),
        required=True,
    ),
    TableField(
        "carried",
        "budget.field.carried",
        "money",
        ("上年结转", "其中：上年结转", "上年结转结余", "结转资金"),
    ),
)
"""Those of 部门预算 without its sums, with the fund; one line may come from two funds."""
DRAFT_LINE = loaded_table("budget_draft_line", METADATA, DRAFT_FIELDS)
POINT = sa.Table(
    "budget_review_point",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("addressee", sa.String(100), nullable=False),
    sa.Column("author", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("budget_review_point_by_year", "year", "state", "id"),
)
"""``year`` is that of the draft, ``basis`` the law or figure, ``addressee`` who should answer it,
``reason`` why it was not taken up. ``unit`` is always null.
"""


def _stage(reach: Reach) -> sa.ColumnElement[bool]:
    """The office sees all; everybody else those of their own, whom ``people`` names."""
    return sa.true() if BudgetPermission.SCREEN in reach.permissions else sa.false()


MARKS = Marks(
    POINT.c.unit,
    POINT.c.secrecy,
    sa.false(),
    people=lambda username: POINT.c.author == username,
    stage=_stage,
)
MIGRATIONS = Migrations("budget_drafts", Path(__file__).parent / "migrations", METADATA)
