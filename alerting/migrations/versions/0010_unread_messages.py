"""Messages that a reader has not opened are counted on every page."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index that counts them."""
    op.create_index("message_unread", "message", ["reader", "read_ms"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("message_unread", "message")
