"""Occasions, seats and comments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _hearing()
    _seat()
    op.create_table(
        "judicial_attendance",
        sa.Column("hearing", sa.Integer, sa.ForeignKey("judicial_hearing.id"), primary_key=True),
        sa.Column("meeting", sa.Integer, nullable=False, unique=True),
    )
    op.create_table(
        "judicial_comment",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("hearing", sa.Integer, sa.ForeignKey("judicial_hearing.id"), nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("signed", sa.String(210), nullable=False),
    )
    op.create_index("judicial_comment_by_hearing", "judicial_comment", ["hearing"])
    op.create_table(
        "judicial_commented",
        sa.Column("seat", sa.Integer, sa.ForeignKey("judicial_seat.id"), primary_key=True),
    )


def _hearing() -> None:
    op.create_table(
        "judicial_hearing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("from_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger),
        sa.Column("location", sa.String(200)),
        sa.Column("link", sa.String(500)),
        sa.Column("openness", sa.String(10), nullable=False),
        sa.Column("closed_why", sa.Text),
        sa.Column("seats", sa.String(3), nullable=False),
        sa.Column("seed", sa.String(32), nullable=False),
        sa.Column("notice_days", sa.Integer, nullable=False),
        sa.Column("late_why", sa.Text),
        sa.Column("late_allotment_why", sa.Text),
        sa.Column("outcome", sa.String(20)),
        sa.Column("outcome_day", sa.Date),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("judicial_hearing_by_state", "judicial_hearing", ["state", "from_ms"])


def _seat() -> None:
    op.create_table(
        "judicial_seat",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("hearing", sa.Integer, sa.ForeignKey("judicial_hearing.id"), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("batch", sa.Integer),
        sa.Column("turn", sa.Integer),
        sa.Column("had", sa.Integer),
        sa.Column("last_day", sa.Date),
        sa.Column("conflict", sa.String(20)),
        sa.Column("why", sa.Text),
        sa.UniqueConstraint("hearing", "username", name="judicial_seat_once"),
    )
    op.create_index("judicial_seat_by_person", "judicial_seat", ["username"])
