"""Figures for deputies."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "duty_figure",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("measure", sa.String(20)),
        sa.Column("year", sa.String(4), nullable=False),
        sa.Column("span", sa.String(10), nullable=False),
        sa.Column("value", sa.String(24), nullable=False),
        sa.Column("before", sa.String(24)),
        sa.Column("year_before", sa.String(24)),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_figure_by_topic", "duty_figure", ["topic", "state", "id"])
