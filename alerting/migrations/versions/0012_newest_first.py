"""Alerts and deliveries by time: the newest of many are listed without sorting all."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("alert_by_time", "alert", ["fired_ms"])
    op.create_index("delivery_by_time", "delivery", ["created_ms"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("delivery_by_time", "delivery")
    op.drop_index("alert_by_time", "alert")
