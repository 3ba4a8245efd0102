"""Cases and what belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _case() -> None:
    op.create_table(
        "supervision_case",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("openness", sa.String(10), nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("means", sa.String(20)),
        sa.Column("means_why", sa.Text),
        sa.Column("meeting_day", sa.Date),
        sa.Column("outcome", sa.Text),
        sa.Column("concluded_by", sa.String(40)),
        sa.Column("why", sa.Text),
        sa.Column("opened_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("supervision_case_by_state", "supervision_case", ["state", "id"])


def _case_copy() -> None:
    op.create_table(
        "supervision_case_copy",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("item", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("supervision_case_copy_of_case", "supervision_case_copy", ["case_id", "id"])
    op.create_index(
        "supervision_case_copy_of_item", "supervision_case_copy", ["platform", "kind", "item"]
    )


def _case_measure() -> None:
    op.create_table(
        "supervision_case_measure",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("means", sa.String(20), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("due_day", sa.Date),
        sa.Column("done_day", sa.Date),
        sa.Column("note", sa.Text),
        sa.Column("paper", sa.String(20)),
    )
    op.create_index(
        "supervision_case_measure_by_state", "supervision_case_measure", ["state", "unit"]
    )
    op.create_index(
        "supervision_case_measure_of_case", "supervision_case_measure", ["case_id", "id"]
    )


def _case_question() -> None:
    op.create_table(
        "supervision_case_question",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("due_day", sa.Date, nullable=False),
        sa.Column("asked_ms", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("paper", sa.String(20)),
        sa.Column("reason", sa.Text),
    )
    op.create_index(
        "supervision_case_question_by_state", "supervision_case_question", ["state", "unit"]
    )
    op.create_index(
        "supervision_case_question_of_case", "supervision_case_question", ["case_id", "id"]
    )


def _case_rectification() -> None:
    op.create_table(
        "supervision_case_rectification",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("due_day", sa.Date, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("listed_ms", sa.BigInteger, nullable=False),
        sa.Column("report", sa.Text),
        sa.Column("paper", sa.String(20)),
        sa.Column("confirmation", sa.Text),
        sa.Column("confirmer", sa.String(40)),
        sa.Column("reason", sa.Text),
    )
    op.create_index(
        "supervision_case_rectification_by_state",
        "supervision_case_rectification",
        ["state", "unit"],
    )
    op.create_index(
        "supervision_case_rectification_of_case",
        "supervision_case_rectification",
        ["case_id", "id"],
    )


def _case_removal() -> None:
    op.create_table(
        "supervision_case_removal",
        sa.Column("copy", sa.Integer, sa.ForeignKey("supervision_case_copy.id"), primary_key=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def upgrade() -> None:
    """Make the tables."""
    _case()
    _case_copy()
    _case_measure()
    _case_question()
    _case_rectification()
    _case_removal()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("supervision_case_removal")
    op.drop_table("supervision_case_rectification")
    op.drop_table("supervision_case_question")
    op.drop_table("supervision_case_measure")
    op.drop_table("supervision_case_copy")
    op.drop_table("supervision_case")
