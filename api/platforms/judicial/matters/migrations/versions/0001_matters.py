"""Matters, and the lines of inspections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "judicial_matter",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("opened_ms", sa.BigInteger, nullable=False),
        sa.Column("requests", sa.Text),
        sa.Column("meeting", sa.String(120)),
        sa.Column("meeting_day", sa.Date),
        sa.Column("draft", sa.String(20)),
        sa.Column("final", sa.String(20)),
        sa.Column("report_day", sa.Date),
        sa.Column("report", sa.Text),
        sa.Column("law", sa.String(120)),
        sa.Column("plan", sa.Text),
        sa.Column("from_day", sa.Date),
        sa.Column("until_day", sa.Date),
        sa.Column("class_of", sa.Text),
        sa.Column("cases", sa.String(6)),
        sa.Column("period", sa.String(120)),
        sa.Column("problem", sa.Text),
        sa.Column("decided_meeting", sa.String(120)),
        sa.Column("decided_day", sa.Date),
        sa.Column("decided", sa.Text),
        sa.Column("opinions", sa.Text),
        sa.Column("opinions_of", sa.String(120)),
        sa.Column("basis", sa.String(120)),
        sa.Column("answer_day", sa.Date),
        sa.Column("answer", sa.Text),
        sa.Column("answered_day", sa.Date),
        sa.Column("paper", sa.String(20)),
        sa.Column("evaluated_meeting", sa.String(120)),
        sa.Column("evaluated_day", sa.Date),
        sa.Column("evaluated", sa.Text),
        sa.Column("rating", sa.String(20)),
        sa.Column("further", sa.Text),
    )
    op.create_table(
        "judicial_matter_line",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("matter", sa.Integer, nullable=False),
        sa.Column("sort", sa.String(20), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("judicial_matter_by_state", "judicial_matter", ["kind", "state", "id"])
    op.create_index("judicial_matter_by_unit", "judicial_matter", ["unit", "id"])
    op.create_index("ix_judicial_matter_line_matter", "judicial_matter_line", ["matter"])
