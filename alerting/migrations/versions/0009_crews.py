"""Who works there while a maintenance window lasts."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Older ones name nobody."""
    op.add_column("silence", sa.Column("crew", sa.String(100), nullable=False, server_default=""))
