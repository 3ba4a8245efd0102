"""Proposals for review, and who wrote them apart."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_proposal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("proposer", sa.String(20), nullable=False),
        sa.Column("body", sa.String(40)),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("received_day", sa.Date, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("clause", sa.String(200)),
        sa.Column("law", sa.String(300)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("text", sa.String(10)),
        sa.Column("missing", sa.Text),
        sa.Column("review", sa.String(10)),
        sa.Column("ground", sa.String(20)),
        sa.Column("decided_day", sa.Date),
        sa.Column("passed_to", sa.String(100)),
        sa.Column("result", sa.String(20)),
        sa.Column("reply", sa.Text),
        sa.Column("told_way", sa.String(10)),
        sa.Column("told_day", sa.Date),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("documents_proposal_by_state", "documents_proposal", ["state", "id"])
    op.create_index("documents_proposal_by_day", "documents_proposal", ["received_day", "id"])
    op.create_table(
        "documents_proposal_identity",
        sa.Column(
            "proposal",
            sa.Integer,
            sa.ForeignKey("documents_proposal.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("contact", sa.String(100), nullable=False),
        sa.Column("organisation", sa.String(100), nullable=False),
    )
