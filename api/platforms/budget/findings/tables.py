"""Findings in the state database, changed by the steps of their procedure alone, and the runs of
the rules.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.platforms.budget.findings.records import FOR_DEPUTIES
from api.platforms.budget.permission import BudgetPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget_findings", Path(__file__).parent / "migrations", METADATA)
FINDING = sa.Table(
    "budget_finding",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("key", sa.String(32), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("rule", sa.String(80), nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(80), nullable=False),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("unit_name", sa.Text, nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("payments", sa.Text, nullable=False),
    sa.Column("loads", sa.Text, nullable=False),
    sa.Column("found_ms", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String(20)),
    sa.Column("why", sa.Text),
    sa.Column("asked", sa.Boolean, nullable=False),
    sa.Column("question", sa.Text),
    sa.Column("explanation", sa.Text),
    sa.Column("verdict", sa.Text),
    sa.Column("due_day", sa.Date),
    sa.Column("rectification", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("basis", sa.Text),
    sa.UniqueConstraint("key", "edition", name="budget_finding_once"),
    sa.Index("budget_finding_by_state", "state", "grade", "amount", "id"),
    sa.Index("budget_finding_by_unit", "unit", "id"),
)
"""``key`` names the question, ``edition`` counts how often it came anew after it was withdrawn.
``unit_name`` is as the treasury writes it, ``unit`` the id in our register, null where nobody
knows it yet. ``amount`` is fen; ``facts`` JSON, ``payments`` the numbers of vouchers as JSON,
``loads`` the ids of the loads that brought them. ``reason`` and ``why`` say why it was excluded.
``asked``: the unit has been asked. ``basis`` is JSON of what a question without payments rests
on (``records.Basis``).
"""
SCREENING = sa.Table(
    "budget_screening",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("asked_ms", sa.BigInteger, nullable=False),
    sa.Column("done_ms", sa.BigInteger),
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("withdrawn", sa.Integer, nullable=False),
    sa.Column("deferred", sa.Text, nullable=False),
)
"""A run of the rules that was asked for; ``done_ms`` is null until it is done."""


def _stage(reach: Reach) -> sa.ColumnElement[bool]:
    """The office sees all, the unit what it was asked, deputies what needs rectification."""
    if BudgetPermission.SCREEN in reach.permissions:
        return sa.true()
    if BudgetPermission.EXPLAIN in reach.permissions:
        return FINDING.c.asked
    return FINDING.c.state.in_(FOR_DEPUTIES)


MARKS = Marks(FINDING.c.unit, FINDING.c.secrecy, sa.false(), stage=_stage)
