"""An index of deadlines by who must act."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    columns = ["state", "unit", "permission", "username", "due_ms"]
    op.create_index("deadline_by_responsible", "deadline", columns)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("deadline_by_responsible", "deadline")
