"""Rectifications in the state database, changed by the steps of their procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.platforms.budget.permission import BudgetPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget_rectification", Path(__file__).parent / "migrations", METADATA)
RECTIFICATION = sa.Table(
    "budget_rectification",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger),
    sa.Column("load", sa.Integer, nullable=False),
    sa.Column("unit_code", sa.Text, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("way", sa.String(20), nullable=False),
    sa.Column("due_day", sa.Date, nullable=False),
    sa.Column("opened_ms", sa.BigInteger, nullable=False),
    sa.Column("progress", sa.Text),
    sa.Column("rectification", sa.Text),
    sa.Column("put_right", sa.BigInteger),
    sa.Column("evidence", sa.String(20)),
    sa.Column("reason", sa.Text),
    sa.Column("confirmed_by", sa.String(20)),
    sa.Column("confirmation", sa.Text),
    sa.Column("confirmer", sa.String(40)),
    sa.Column("outcome", sa.Text),
    sa.Column("why", sa.Text),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.UniqueConstraint("number", "edition", name="budget_rectification_once"),
    sa.Index("budget_rectification_by_year", "year", "due_day", "id"),
    sa.Index("budget_rectification_by_unit", "unit", "id"),
)
"""``number`` is that of the problem in the audit's table, ``edition`` counts how often it was
opened after it was taken back. ``text``, ``category``, ``amount`` (fen) and ``load`` are as the
table had them then: a load that is withdrawn takes nothing from here. ``put_right`` is fen,
``evidence`` the id of an attachment; ``reason`` says why it was not done in time, ``confirmer`` is
the first of two people of the office.
"""


def _stage(reach: Reach) -> sa.ColumnElement[bool]:
    """Deputies see what runs and what was struck off, and nothing that was opened by mistake."""
    if reach.permissions & {BudgetPermission.SCREEN, BudgetPermission.EXPLAIN}:
        return sa.true()
    return RECTIFICATION.c.state != "withdrawn"


MARKS = Marks(RECTIFICATION.c.unit, RECTIFICATION.c.secrecy, sa.false(), stage=_stage)
