"""Corrections and reviews of readings, and the revision that they have come to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("series", sa.String(80), nullable=False),
        sa.Column("from_ms", sa.BigInteger, nullable=False),
        sa.Column("to_ms", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("quality", sa.Integer, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_by", sa.String(100)),
        sa.Column("withdrawn_ms", sa.BigInteger),
    )
    op.create_index("correction_by_series", "correction", ["series", "from_ms"])
    op.create_index("correction_by_revision", "correction", ["revision"], unique=True)
    op.create_table(
        "correction_revision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("correction_revision", "correction"):
        op.drop_table(table)
