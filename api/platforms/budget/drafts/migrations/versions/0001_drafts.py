"""Lines of drafts of a budget, and points of their review."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "budget_draft_line",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("unit_code", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("project_code", sa.Text),
        sa.Column("project", sa.Text),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("economic", sa.Text, nullable=False),
        sa.Column("part", sa.Text),
        sa.Column("fund", sa.Text),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("carried", sa.BigInteger),
    )
    op.create_index("budget_draft_line_by_key", "budget_draft_line", ["key", "load"])
    op.create_index("budget_draft_line_by_load", "budget_draft_line", ["load"])
    op.create_table(
        "budget_review_point",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("addressee", sa.String(100), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("budget_review_point_by_year", "budget_review_point", ["year", "state", "id"])
