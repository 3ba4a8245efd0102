"""Signatures of clauses."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "documents_signature",
        sa.Column("text_version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
