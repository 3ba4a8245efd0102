"""Draws of closed files."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "judicial_draw",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("number_day", sa.Date, nullable=False),
        sa.Column("count", sa.Integer),
        sa.Column("list_hash", sa.String(64)),
        sa.Column("number", sa.String(60)),
        sa.Column("typed_by", sa.String(40)),
        sa.Column("seed", sa.String(64)),
        sa.Column("drawn", sa.Text),
        sa.Column("findings", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("measures", sa.Text),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
