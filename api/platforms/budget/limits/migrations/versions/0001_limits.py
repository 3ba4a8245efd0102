"""Limits of the three public expenses, as the finance bureau sends them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, with the columns that every table has which is loaded."""
    op.create_table(
        "budget_limit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("unit_code", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("approved", sa.BigInteger, nullable=False),
        sa.Column("adjusted", sa.BigInteger),
        sa.Column("last", sa.BigInteger),
        sa.Column("requirement", sa.Text),
    )
    op.create_index("budget_limit_by_key", "budget_limit", ["key", "load"])
    op.create_index("budget_limit_by_load", "budget_limit", ["load"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("budget_limit")
