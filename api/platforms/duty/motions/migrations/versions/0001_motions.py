"""Motions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of their own: they share signatures with suggestions."""
    op.create_table(
        "duty_motion",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("lead", sa.String(40), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("deputies", sa.Integer, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("session", sa.String(100)),
        sa.Column("submitted_day", sa.Date),
        sa.Column("decided_by", sa.String(100)),
        sa.Column("decided_day", sa.Date),
        sa.Column("committee", sa.String(40)),
        sa.Column("contacted_day", sa.Date),
        sa.Column("report", sa.Text),
        sa.Column("withdrawal", sa.Text),
        sa.Column("suggestion", sa.String(12)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_motion_by_state", "duty_motion", ["state", "id"])
    op.create_index("duty_motion_by_lead", "duty_motion", ["lead", "id"])


def downgrade() -> None:
    """Motions are lost."""
    op.drop_table("duty_motion")
