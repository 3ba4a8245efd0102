"""The event by which an audience knows an alert."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was told until now was told by itself."""
    alert_event = sa.Column("storm", sa.String(20), nullable=False, server_default="")
    op.add_column("outbox", alert_event)
    op.execute(
        "update outbox set storm = alert_id where muted = '' and event in ('fired', 'resolved')"
    )
    op.create_index("outbox_of_alert", "outbox", ["alert_id"])
    op.create_index("outbox_of_storm", "outbox", ["storm"])


def downgrade() -> None:
    """Drop the column."""
    op.drop_index("outbox_of_storm", "outbox")
    op.drop_index("outbox_of_alert", "outbox")
    op.drop_column("outbox", "storm")
