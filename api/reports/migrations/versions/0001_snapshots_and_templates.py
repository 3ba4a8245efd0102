"""Frozen papers, and templates of the office."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "report_template",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_name", sa.String(100), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "report_template_by_kind", "report_template", ["platform", "kind", "id"]
    )
    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("template", sa.Integer, sa.ForeignKey("report_template.id")),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_name", sa.String(100), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "report_snapshot_by_kind", "report_snapshot", ["platform", "kind", "id"]
    )
    op.create_table(
        "report_reach",
        sa.Column("snapshot", sa.Integer, sa.ForeignKey("report_snapshot.id"), primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
        sa.Column("secrecy", sa.Integer, primary_key=True),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("report_reach")
    op.drop_table("report_snapshot")
    op.drop_table("report_template")
