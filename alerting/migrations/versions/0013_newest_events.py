"""Alert events by the instant of their last alert: a list begins without sorting all."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("alert_event_by_time", "alert_event", ["latest_ms"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("alert_event_by_time", "alert_event")
