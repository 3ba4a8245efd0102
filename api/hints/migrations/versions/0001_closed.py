"""Hints that were closed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "closed_hint",
        sa.Column("username", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
    )
