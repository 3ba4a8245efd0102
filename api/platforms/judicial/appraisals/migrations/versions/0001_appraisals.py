"""Appraisals of duty."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "judicial_appraisal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        sa.Column("basis", sa.String(100), nullable=False),
        sa.Column("poll", sa.Integer, nullable=False, unique=True),
        sa.Column("report", sa.Text),
        sa.Column("last_day", sa.Date),
        sa.Column("meeting", sa.String(100)),
        sa.Column("decided_day", sa.Date),
        sa.Column("decision", sa.Text),
        sa.Column("measures", sa.Text),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
