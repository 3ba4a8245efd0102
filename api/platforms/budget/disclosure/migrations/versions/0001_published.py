"""Published tables that the centre keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _sets()
    _figures()


def _sets() -> None:
    op.create_table(
        "budget_published",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("department", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("year", sa.Integer),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("ordinal", sa.Integer),
        sa.Column("tables", sa.Integer, nullable=False),
        sa.Column("breaks", sa.Integer, nullable=False),
        sa.Column("deferred", sa.Integer, nullable=False),
        sa.Column("checked", sa.Text, nullable=False),
        sa.Column("sent_by", sa.String(40), nullable=False),
        sa.Column("sent_ms", sa.BigInteger, nullable=False),
        sa.Column("confirmed_by", sa.String(40), nullable=False),
        sa.Column("confirmed_ms", sa.BigInteger),
        sa.Column("withdrawn_by", sa.String(40), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger),
        sa.Column("why", sa.String(500), nullable=False),
    )
    op.create_index("budget_published_by_year", "budget_published", ["state", "year"])
    op.create_index("budget_published_by_digest", "budget_published", ["digest"])
    op.create_table(
        "budget_published_table",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("published", sa.Integer, sa.ForeignKey("budget_published.id"), nullable=False),
        sa.Column("file", sa.String(300), nullable=False),
        sa.Column("sheet", sa.String(100), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("unit_from", sa.String(10), nullable=False),
    )
    op.create_index("budget_published_table_by_set", "budget_published_table", ["published", "id"])


def _figures() -> None:
    op.create_table(
        "budget_published_figure",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("table", sa.Integer, sa.ForeignKey("budget_published_table.id"), nullable=False),
        sa.Column("side", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("cell", sa.String(20), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("heading", sa.String(200), nullable=False),
        sa.Column("is_total", sa.Boolean, nullable=False),
        sa.Column("fen", sa.BigInteger, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
    )
    op.create_index("budget_published_figure_by_table", "budget_published_figure", ["table", "id"])
    op.create_table(
        "budget_published_meaning",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("published", sa.Integer, sa.ForeignKey("budget_published.id"), nullable=False),
        sa.Column("means", sa.String(40), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("money", sa.String(10), nullable=False),
        sa.Column("fen", sa.BigInteger, nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("sheet", sa.String(100), nullable=False),
        sa.Column("cell", sa.String(20), nullable=False),
    )
    op.create_index(
        "budget_published_meaning_by_set", "budget_published_meaning", ["published", "id"]
    )
