"""A unit that was merged or renamed names the one that took over its duties."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of those that ended before: the office names their successors."""
    op.add_column("unit", sa.Column("successor", sa.String(40)))


def downgrade() -> None:
    """Who took over is lost; units and their last days stay."""
    op.drop_column("unit", "successor")
