"""Proposals that were set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "supervision_case_aside",
        sa.Column("case_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(20), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("item", sa.String(100), primary_key=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
