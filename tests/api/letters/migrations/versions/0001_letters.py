"""Letters."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("assigned_day", sa.Date),
        sa.Column("result", sa.String(20)),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_table(
        "letter_copy",
        sa.Column("letter", sa.Integer, sa.ForeignKey("letter.id"), primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("letter_copy")
    op.drop_table("letter")
