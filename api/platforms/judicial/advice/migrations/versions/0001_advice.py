"""Procuratorial advice."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "judicial_advice",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("maker", sa.String(40), nullable=False),
        sa.Column("addressee", sa.String(40), nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("written_ms", sa.BigInteger, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("issued_day", sa.Date),
        sa.Column("reply_day", sa.Date),
        sa.Column("reply", sa.Text),
        sa.Column("replied_day", sa.Date),
        sa.Column("paper", sa.String(20)),
        sa.Column("effect", sa.String(20)),
        sa.Column("how", sa.Text),
        sa.Column("checked_by", sa.String(40)),
        sa.Column("confirmed_by", sa.String(40)),
    )
    op.create_index("judicial_advice_by_topic", "judicial_advice", ["topic", "state", "id"])
