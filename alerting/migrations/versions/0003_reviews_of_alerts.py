"""The verdicts of people on alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the marks."""
    op.add_column("alert", sa.Column("reviewed_as", sa.String(20)))
    op.add_column("alert", sa.Column("reviewed_by", sa.String(100)))
    op.add_column("alert", sa.Column("reviewed_ms", sa.BigInteger))
    op.add_column("alert", sa.Column("review_note", sa.String(500)))


def downgrade() -> None:
    """Drop the marks."""
    for mark in ("review_note", "reviewed_ms", "reviewed_by", "reviewed_as"):
        op.drop_column("alert", mark)
