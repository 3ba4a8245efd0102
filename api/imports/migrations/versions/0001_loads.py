"""Loads, their reports, and mappings of sources."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "load",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
        sa.Column("beat_ms", sa.BigInteger, nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("ordinal", sa.Integer),
        sa.Column("loaded_by", sa.String(40)),
        sa.Column("loaded_ms", sa.BigInteger),
        sa.Column("withdrawn_by", sa.String(40)),
        sa.Column("withdrawn_ms", sa.BigInteger),
        sa.Column("withdrawn_why", sa.String(500)),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("fresh", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("same", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("totals", sa.Text, nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=False),
        sa.Column("problem", sa.String(200), nullable=False),
        sa.Column("heard", sa.Boolean, nullable=False),
    )
    op.create_index("load_by_kind", "load", ["kind", "state"])
    op.create_table(
        "load_report",
        sa.Column("load", sa.Integer, sa.ForeignKey("load.id"), primary_key=True),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("faults", sa.Text, nullable=False),
    )
    op.create_table(
        "load_mapping",
        sa.Column("kind", sa.String(80), primary_key=True),
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.Column("kept_by", sa.String(40), nullable=False),
        sa.Column("kept_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("load_mapping")
    op.drop_table("load_report")
    op.drop_table("load")
