"""Counts of each suggestion."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_CHOSEN = ("unit", "secrecy", "year", "session", "topic")
_MEASURES = (
    *("assigned", "answered", "class_a", "class_b", "class_c", "class_d", "confirmed", "rated"),
    *("satisfied", "fairly", "dissatisfied", "silent", "promised", "claimed", "kept"),
)


def upgrade() -> None:
    """Empty tables: the events are counted from the first one on."""
    op.create_table(
        "duty_counted",
        sa.Column("suggestion", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("session", sa.String(10), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _MEASURES),
    )
    op.create_index("duty_counted_by_unit", "duty_counted", [*_CHOSEN, *_MEASURES])
    op.create_table(
        "duty_counted_through",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Nothing is lost that events do not say."""
    op.drop_table("duty_counted_through")
    op.drop_table("duty_counted")
