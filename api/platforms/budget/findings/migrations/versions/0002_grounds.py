"""What a question without payments rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("budget_finding", sa.Column("grounds", sa.Text))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("budget_finding", "grounds")
