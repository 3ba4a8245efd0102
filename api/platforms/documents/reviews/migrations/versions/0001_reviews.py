"""Reviews, special ones, their points, and what committees are asked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_special",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened_day", sa.Date, nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "documents_review",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Integer, nullable=False),
        sa.Column("text_version", sa.Integer, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("special", sa.Integer, sa.ForeignKey("documents_special.id")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", sa.String(100)),
        sa.Column("origin", sa.String(200)),
        sa.Column("opened_day", sa.Date, nullable=False),
        *_handling(),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("documents_review_by_state", "documents_review", ["state", "id"])
    op.create_index("documents_review_by_text", "documents_review", ["text", "id"])
    op.create_index("documents_review_by_unit", "documents_review", ["unit", "id"])
    _points()
    _consultations()


def _handling() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("maker_day", sa.Date),
        sa.Column("letter", sa.Text),
        sa.Column("answer_until", sa.Date),
        sa.Column("answer", sa.Text),
        sa.Column("opinion", sa.Text),
        sa.Column("opinion_day", sa.Date),
        sa.Column("promise", sa.Text),
        sa.Column("promised_day", sa.Date),
        sa.Column("way", sa.String(10)),
        sa.Column("handled", sa.Text),
        sa.Column("handled_day", sa.Date),
        sa.Column("joined", sa.Integer),
        sa.Column("proposed", sa.String(10)),
        sa.Column("proposal", sa.Text),
        sa.Column("meeting", sa.String(100)),
        sa.Column("decided_day", sa.Date),
        sa.Column("result", sa.String(10)),
        sa.Column("ordered_day", sa.Date),
        sa.Column("conclusion", sa.Text),
        sa.Column("feedback", sa.Text),
        sa.Column("feedback_day", sa.Date),
    )


def _points() -> None:
    op.create_table(
        "documents_review_point",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("review", sa.Integer, sa.ForeignKey("documents_review.id"), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("test", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("label", sa.String(100)),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("law", sa.String(200), nullable=False),
        sa.Column("law_article", sa.String(100)),
        sa.Column("checked", sa.String(10), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("check_id", sa.String(100)),
        sa.Column("outcome", sa.Text),
        sa.Column("addressee", sa.String(100)),
        sa.Column("passed_day", sa.Date),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("documents_review_point_by_review", "documents_review_point", ["review", "id"])


def _consultations() -> None:
    op.create_table(
        "documents_review_consultation",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("review", sa.Integer, sa.ForeignKey("documents_review.id"), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("asked_day", sa.Date, nullable=False),
        sa.Column("finding", sa.String(10)),
        sa.Column("opinion", sa.Text),
        sa.Column("given_day", sa.Date),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index(
        "documents_review_consultation_by_review",
        "documents_review_consultation",
        ["review", "id"],
    )
