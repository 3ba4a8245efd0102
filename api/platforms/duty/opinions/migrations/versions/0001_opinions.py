"""Opinions of voters, and who wrote them apart."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "duty_opinion",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("deputy", sa.String(40), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("received_day", sa.Date, nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("location", sa.String(100)),
        sa.Column("number", sa.String(60)),
        sa.Column("passed_day", sa.Date),
        sa.Column("outcome", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("suggestion", sa.String(9)),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_opinion_by_deputy", "duty_opinion", ["deputy", "id"])
    op.create_index("duty_opinion_by_state", "duty_opinion", ["state", "id"])
    op.create_table(
        "duty_opinion_identity",
        sa.Column(
            "opinion",
            sa.Integer,
            sa.ForeignKey("duty_opinion.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("for_office", sa.Boolean, nullable=False),
    )
