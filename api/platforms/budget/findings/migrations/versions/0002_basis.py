"""The basis of a question without payments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("budget_finding", sa.Column("basis", sa.Text))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("budget_finding", "basis")
