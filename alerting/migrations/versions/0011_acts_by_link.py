"""Whether somebody acted by the link of a message, without a password."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: until now nobody could."""
    by_link = sa.Column("by_link", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("alert_event_act", by_link)


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("alert_event_act", "by_link")
