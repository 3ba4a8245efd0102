"""Loads by state before kind: the newest of a kind come by their id, without sorting all."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Exchange the index."""
    op.drop_index("load_by_kind", "load")
    op.create_index("load_by_state", "load", ["state", "kind"])


def downgrade() -> None:
    """Take the other one back."""
    op.drop_index("load_by_state", "load")
    op.create_index("load_by_kind", "load", ["kind", "state"])
