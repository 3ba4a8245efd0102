"""A row of the audit names the person for whom somebody acted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; empty: on one's own account."""
    op.add_column(
        "audit",
        sa.Column("on_behalf", sa.String(40), nullable=False, server_default=sa.text("''")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("audit", "on_behalf")
