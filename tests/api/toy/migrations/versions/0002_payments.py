"""Payments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "toy_payment",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("payee", sa.Text),
        sa.Column("paid", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("progress", sa.Float),
    )
    op.create_index("toy_payment_by_key", "toy_payment", ["key", "load"])
    op.create_index("toy_payment_by_load", "toy_payment", ["load"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("toy_payment")
