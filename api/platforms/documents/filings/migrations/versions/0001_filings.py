"""Filings, their papers, the register, hand-outs, and receipts of the province's platform."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_filing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("passed", sa.Date),
        sa.Column("published", sa.Date),
        sa.Column("in_force", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("basis", sa.Text),
        sa.Column("amends", sa.String(10)),
        sa.Column("reason", sa.String(20)),
        sa.Column("remark", sa.Text),
        sa.Column("lacking", sa.Text),
        sa.Column("entry", sa.String(10)),
    )
    op.create_index("documents_filing_by_unit", "documents_filing", ["unit", "id"])
    op.create_index("documents_filing_by_state", "documents_filing", ["state", "id"])
    op.create_index("documents_filing_by_number", "documents_filing", ["number"])
    _papers()
    _handed()


def _papers() -> None:
    filing = sa.ForeignKey("documents_filing.id")
    op.create_table(
        "documents_filing_paper",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("filing", sa.Integer, filing, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("attachment", sa.Integer, nullable=False, unique=True),
        sa.Column("unreadable", sa.Text, nullable=False),
        sa.Column("reading", sa.Text, nullable=False),
    )
    op.create_index("documents_filing_paper_by_filing", "documents_filing_paper", ["filing", "id"])
    op.create_table(
        "documents_register",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False, unique=True
        ),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Integer, nullable=False),
        sa.Column("text_version", sa.Integer, nullable=False),
        sa.Column("receipt", sa.Integer, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("year", "number", name="documents_register_once"),
    )


def _handed() -> None:
    op.create_table(
        "documents_handout",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("opinion", sa.Text),
    )
    op.create_index("documents_handout_by_filing", "documents_handout", ["filing", "id"])
    op.create_index("documents_handout_by_unit", "documents_handout", ["unit", "id"])
    op.create_table(
        "documents_official_receipt",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("link", sa.String(500), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "documents_official_receipt_by_filing", "documents_official_receipt", ["filing", "id"]
    )
