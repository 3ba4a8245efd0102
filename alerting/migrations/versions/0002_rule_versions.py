"""Versions of rules that were saved by people."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rule_version",
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rule_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger, nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("rule_id", "version"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("rule_version")
