"""Rows of the court's table of suits against units."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table, by key and by load."""
    op.create_table(
        "judicial_suit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("month", sa.String(10), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("concluded", sa.BigInteger, nullable=False),
        sa.Column("lost", sa.BigInteger, nullable=False),
        sa.Column("attended", sa.BigInteger),
        sa.Column("unit", sa.String(40)),
    )
    op.create_index("judicial_suit_by_key", "judicial_suit", ["key", "load"])
    op.create_index("judicial_suit_by_load", "judicial_suit", ["load"])
