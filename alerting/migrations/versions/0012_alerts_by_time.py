"""An index of alerts by when they fired: the newest of many are listed without sorting all."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("alert_by_time", "alert", ["fired_ms"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("alert_by_time", "alert")
