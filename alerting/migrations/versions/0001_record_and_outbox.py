"""The record of alerts, the engine's snapshot, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alert",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("rule_id", sa.String(40), nullable=False),
        sa.Column("rule_version", sa.Integer, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("station", sa.String(40), nullable=False),
        sa.Column("indicator", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("began_ms", sa.BigInteger, nullable=False),
        sa.Column("fired_ms", sa.BigInteger, nullable=False),
        sa.Column("resolved_ms", sa.BigInteger),
        sa.Column("peak", sa.Float),
        sa.Column("peak_ms", sa.BigInteger),
        sa.Column("last_value", sa.Float),
        sa.Column("last_ms", sa.BigInteger),
        sa.Column("data_lost", sa.Boolean, nullable=False),
        sa.Column("retrospective", sa.Boolean, nullable=False),
        sa.Column("acknowledged_by", sa.String(100)),
        sa.Column("acknowledged_ms", sa.BigInteger),
    )
    op.create_index("alert_by_station", "alert", ["station", "fired_ms"])
    op.create_index("alert_by_state", "alert", ["state", "fired_ms"])
    op.create_table(
        "alert_transition",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("alert_id", sa.String(20), sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("change", sa.String(20), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("rule_version", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
    )
    op.create_table(
        "engine",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("alert_id", sa.String(20), sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("muted", sa.String(60), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_ms", sa.BigInteger),
        sa.Column("sent_ms", sa.BigInteger),
    )
    op.create_index("outbox_due", "outbox", ["next_ms"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("outbox", "engine", "alert_transition", "alert"):
        op.drop_table(table)
