"""The language that a person has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; empty: as the browser asks."""
    op.add_column(
        "account",
        sa.Column("language", sa.String(20), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("account", "language")
