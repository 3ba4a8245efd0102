"""Trials of checks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_trial",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("check_id", sa.String(80), nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("draft_hash", sa.String(64), nullable=False),
        sa.Column("stamp_now", sa.String(64), nullable=False),
        sa.Column("stamp_draft", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("asked_now", sa.Integer, nullable=False),
        sa.Column("asked_draft", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    trial = sa.ForeignKey("documents_trial.id")
    op.create_table(
        "documents_trial_line",
        sa.Column("trial", sa.Integer, trial, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("text", sa.Integer, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("hit", sa.Text, nullable=False),
    )
