"""The value at which an alert fired."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of older alerts the value is not known."""
    op.add_column("alert", sa.Column("fired_value", sa.Float))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("alert", "fired_value")
