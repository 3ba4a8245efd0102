"""A release is found by its public number and listed by the day of the reply; replies are found by
their suggestion.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row is changed."""
    op.create_index("duty_answer_by_suggestion", "duty_answer", ["suggestion"])
    op.create_index("duty_release_by_number", "duty_release", ["public_number"], unique=True)
    op.create_index(
        "duty_release_shown", "duty_release", ["state", "answered_day", "public_number"]
    )


def downgrade() -> None:
    """Back to the state before."""
    op.drop_index("duty_release_shown", "duty_release")
    op.drop_index("duty_release_by_number", "duty_release")
    op.drop_index("duty_answer_by_suggestion", "duty_answer")
