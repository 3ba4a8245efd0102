"""Saved versions of checks, kept hits, and what people said of hits."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_check",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "documents_hits",
        sa.Column("text_version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("check_id", sa.String(80), primary_key=True),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("excused", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("documents_hits_by_stamp", "documents_hits", ["stamp"])
    op.create_table(
        "documents_judgement",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("text", sa.Integer, nullable=False),
        sa.Column("text_version", sa.Integer, nullable=False),
        sa.Column("check_id", sa.String(80), nullable=False),
        sa.Column("hit", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "documents_judgement_by_hit", "documents_judgement", ["text", "check_id", "hit"]
    )
