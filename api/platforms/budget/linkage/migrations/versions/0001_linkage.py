"""The chain of each year as columns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_linkage_making",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("year", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "budget_linkage_part",
        sa.Column("making", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(30), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "budget_linkage_of_year",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("making", sa.Integer, nullable=False),
        sa.Column("loads", sa.Text, nullable=False),
    )
