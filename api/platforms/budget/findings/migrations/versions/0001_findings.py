"""Findings, and the runs of the rules."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_finding",
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
        sa.UniqueConstraint("key", "edition", name="budget_finding_once"),
    )
    op.create_index(
        "budget_finding_by_state", "budget_finding", ["state", "grade", "amount", "id"]
    )
    op.create_index("budget_finding_by_unit", "budget_finding", ["unit", "id"])
    op.create_table(
        "budget_screening",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("asked_ms", sa.BigInteger, nullable=False),
        sa.Column("done_ms", sa.BigInteger),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sa.Column("deferred", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("budget_screening")
    op.drop_table("budget_finding")
