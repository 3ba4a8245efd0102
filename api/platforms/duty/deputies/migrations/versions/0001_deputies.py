"""Terms of the congress and their deputies."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "duty_term",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("from_day", sa.Date, nullable=False),
        sa.Column("until_day", sa.Date),
    )
    op.create_table(
        "duty_deputy",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("term", sa.Integer, sa.ForeignKey("duty_term.number"), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("delegation", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("constituency", sa.String(100), nullable=False),
        sa.Column("certificate", sa.String(40)),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.Column("gender", sa.String(10), nullable=False),
        sa.Column("education", sa.String(40), nullable=False),
        sa.Column("code", sa.String(8), nullable=False, unique=True),
        sa.UniqueConstraint("term", "username"),
        sa.UniqueConstraint("term", "certificate"),
    )
    op.create_index("duty_deputy_by_username", "duty_deputy", ["username", "term"])
