"""The register of sources."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "source",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("permission", sa.String(80), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("since_day", sa.String(10), nullable=False),
        sa.Column("due_amount", sa.Integer, nullable=False),
        sa.Column("due_unit", sa.String(12), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("server", sa.String(100), nullable=False),
        sa.Column("remote", sa.String(200), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("good_rows", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
        sa.Column("tried_ms", sa.BigInteger),
        sa.Column("taken_ms", sa.BigInteger),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.Column("problem_ms", sa.BigInteger),
        sa.Column("seen", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "name", name="source_name"),
    )
    op.create_table(
        "source_period",
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), primary_key=True),
        sa.Column("last_day", sa.String(10), primary_key=True),
        sa.Column("label", sa.String(10), nullable=False),
        sa.Column("deadline", sa.Integer, nullable=False),
        sa.Column("load", sa.Integer),
        sa.Column("notified_ms", sa.BigInteger),
    )
    op.create_table(
        "source_attempt",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("load", sa.Integer),
        sa.Column("why", sa.String(300), nullable=False),
    )
    op.create_index("source_attempt_by_source", "source_attempt", ["source", "id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("source_attempt")
    op.drop_table("source_period")
    op.drop_table("source")
