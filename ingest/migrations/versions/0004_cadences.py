"""The cadence of a time: of the catalogue as it was, and of what imports brought."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "cadence",
        sa.Column("station", sa.String(40), primary_key=True),
        sa.Column("indicator", sa.String(40), primary_key=True),
        sa.Column("from_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("to_ms", sa.BigInteger),
        sa.Column("cadence_ms", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
    )
    op.create_index("cadence_by_revision", "cadence", ["revision"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("cadence")
