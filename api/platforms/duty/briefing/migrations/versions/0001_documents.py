"""Documents for deputies, views of confidential ones, weekly messages."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "duty_document",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("marking", sa.String(20), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_document_by_state", "duty_document", ["state", "id"])
    op.create_table(
        "duty_document_view",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document", sa.Integer, sa.ForeignKey("duty_document.id"), nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
        sa.Column("signed", sa.String(210), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("duty_document_view_by_document", "duty_document_view", ["document", "id"])
    op.create_table(
        "duty_document_digest",
        sa.Column("week", sa.String(8), primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
