"""A measure knows the day from which its term counts; when it is due, its term says."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
_RENAME = "ALTER TABLE supervision_case_measure RENAME COLUMN {} TO {}"


def upgrade() -> None:
    """Rename the column, which held nothing yet."""
    op.execute(_RENAME.format("due_day", "start_day"))


def downgrade() -> None:
    """Rename it back."""
    op.execute(_RENAME.format("start_day", "due_day"))
