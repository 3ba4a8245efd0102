"""Descriptions and rows of departments' tables, and control sheets."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES: dict[str, Sequence[sa.Column[Any]]] = {
    "budget_department_row": [
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
    ],
    "budget_control": [
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("month", sa.BigInteger, nullable=False),
        sa.Column("table", sa.Text),
        sa.Column("unit_code", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("rows", sa.BigInteger),
        sa.Column("amount", sa.BigInteger),
    ],
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_description",
        sa.Column("department", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
    )
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
    rows = "budget_department_row"
    op.create_index(f"{rows}_by_period", rows, ["department", "period", "id"])
    op.create_index(f"{rows}_by_project", rows, ["project"])


def downgrade() -> None:
    """Drop the tables."""
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_table("budget_description")
