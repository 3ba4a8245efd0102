"""Monthly figures of bodies."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "judicial_table",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("body", sa.String(40), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("sent_by", sa.String(40), nullable=False),
        sa.Column("sent_ms", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.UniqueConstraint("body", "month", "version"),
    )
    op.create_table(
        "judicial_break",
        sa.Column("body", sa.String(40), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("marked_by", sa.String(40), nullable=False),
        sa.Column("marked_ms", sa.BigInteger, nullable=False),
    )
