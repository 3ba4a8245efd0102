"""Tables that offices send."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES: dict[str, Sequence[sa.Column[Any]]] = {
    "budget_payment": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("application", sa.Text),
        sa.Column("unit_code", sa.Text),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("payee", sa.Text),
        sa.Column("payee_account", sa.Text),
        sa.Column("payer", sa.Text),
        sa.Column("payer_account", sa.Text),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("paid", sa.String(10), nullable=False),
        sa.Column("use", sa.Text),
        sa.Column("function", sa.Text),
        sa.Column("economic", sa.Text),
        sa.Column("project_code", sa.Text),
        sa.Column("project", sa.Text),
        sa.Column("fund", sa.Text),
        sa.Column("settlement", sa.Text),
        sa.Column("indicator", sa.Text),
        sa.Column("contract", sa.Text),
        sa.Column("invoice", sa.Text),
    ],
    "budget_indicator": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("year", sa.BigInteger),
        sa.Column("unit_code", sa.Text),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("project_code", sa.Text),
        sa.Column("project", sa.Text),
        sa.Column("function", sa.Text),
        sa.Column("economic", sa.Text),
        sa.Column("fund", sa.Text),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("issued", sa.String(10), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("document", sa.Text),
        sa.Column("upper_document", sa.Text),
    ],
    "budget_plan": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("indicator", sa.Text),
        sa.Column("unit_code", sa.Text),
        sa.Column("month", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
    ],
    "budget_application": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("indicator", sa.Text),
        sa.Column("unit_code", sa.Text),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("applied", sa.String(10), nullable=False),
        sa.Column("use", sa.Text),
    ],
    "budget_adjustment": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("year", sa.BigInteger),
        sa.Column("unit_code", sa.Text),
        sa.Column("project_code", sa.Text),
        sa.Column("economic", sa.Text),
        sa.Column("decided", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("document", sa.Text),
    ],
    "budget_line": [
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("unit_code", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("project_code", sa.Text),
        sa.Column("project", sa.Text),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("economic", sa.Text, nullable=False),
        sa.Column("part", sa.Text),
        sa.Column("approved", sa.BigInteger, nullable=False),
        sa.Column("adjusted", sa.BigInteger),
        sa.Column("final", sa.BigInteger),
    ],
    "budget_project": [
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("unit_code", sa.Text),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("begins", sa.BigInteger),
        sa.Column("ends", sa.BigInteger),
        sa.Column("environmental", sa.Text),
        sa.Column("stations", sa.Text),
    ],
    "budget_asset": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("unit_code", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("bought", sa.String(10)),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("voucher", sa.Text),
    ],
    "budget_problem": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("year", sa.BigInteger),
        sa.Column("unit_code", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger),
        sa.Column("due", sa.String(10)),
        sa.Column("state", sa.Text),
        sa.Column("rectified", sa.String(10)),
    ],
    "budget_contract": [
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("unit_code", sa.Text),
        sa.Column("supplier", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("signed", sa.String(10)),
        sa.Column("way", sa.Text),
    ],
}


def upgrade() -> None:
    """Make the tables, each with the columns that every table has which is loaded."""
    for name, columns in TABLES.items():
        op.create_table(
            name,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("load", sa.Integer, nullable=False),
            sa.Column("row", sa.Integer, nullable=False),
            sa.Column("key", sa.String(64), nullable=False),
            sa.Column("digest", sa.String(64), nullable=False),
            *columns,
        )
        op.create_index(f"{name}_by_key", name, ["key", "load"])
        op.create_index(f"{name}_by_load", name, ["load"])


def downgrade() -> None:
    """Drop the tables."""
    for name in reversed(TABLES):
        op.drop_table(name)
