"""Rectifications."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "budget_rectification",
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
    )
    op.create_index(
        "budget_rectification_by_year", "budget_rectification", ["year", "due_day", "id"]
    )
    op.create_index("budget_rectification_by_unit", "budget_rectification", ["unit", "id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("budget_rectification")
