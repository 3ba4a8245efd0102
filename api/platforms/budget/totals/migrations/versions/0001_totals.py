"""Totals of payments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_payee_total",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("payee", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("payments", sa.Integer, nullable=False),
    )
    op.create_index(
        "budget_payee_total_by_generation", "budget_payee_total", ["generation", "month", "unit"]
    )
    op.create_table(
        "budget_phrase",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("field", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("budget_phrase_by_generation", "budget_phrase", ["generation", "field"])
    op.create_table(
        "budget_total",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("project_name", sa.Text, nullable=False),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("economic", sa.Text, nullable=False),
        sa.Column("fund", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("payments", sa.Integer, nullable=False),
    )
    op.create_index("budget_total_by_generation", "budget_total", ["generation", "month", "unit"])
    op.create_table(
        "budget_totals_generation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "budget_totals_made",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("loads", sa.Text, nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.Column("beat_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "budget_totals_of_load",
        sa.Column("load", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("budget_totals_of_load")
    op.drop_table("budget_totals_made")
    op.drop_table("budget_totals_generation")
    op.drop_table("budget_total")
    op.drop_table("budget_phrase")
    op.drop_table("budget_payee_total")
