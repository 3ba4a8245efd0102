"""Columns of payments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_ledger_generation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "budget_ledger_part",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(30), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "budget_ledger_of_load",
        sa.Column("load", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
    )
    op.create_table(
        "budget_ledger_made",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("loads", sa.Text, nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.Column("beat_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("made", "of_load", "part", "generation"):
        op.drop_table(f"budget_ledger_{name}")
