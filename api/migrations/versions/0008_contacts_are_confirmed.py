"""Codes by which people confirm their addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row for each code that was asked for; the code itself is in none."""
    op.create_table(
        "contact_code",
        sa.Column("nonce", sa.String(32), primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("contact", sa.Integer, nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("message_id", sa.String(32), nullable=False),
    )
    op.create_index("contact_code_by_username", "contact_code", ["username", "made_ms"])


def downgrade() -> None:
    """Codes that are on their way are good no more."""
    op.drop_table("contact_code")
