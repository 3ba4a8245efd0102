"""Notes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "toy_note",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
    )
    op.create_table(
        "toy_note_unit",
        sa.Column("note", sa.Integer, sa.ForeignKey("toy_note.id"), primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("toy_note_unit")
    op.drop_table("toy_note")
