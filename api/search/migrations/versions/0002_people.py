"""People who find an entry by name."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "search_person",
        sa.Column("entry", sa.Integer, sa.ForeignKey("search_entry.id"), primary_key=True),
        sa.Column("username", sa.String(40), primary_key=True),
    )
    op.create_index("search_person_username", "search_person", ["username"])
