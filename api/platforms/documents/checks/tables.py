"""Trials of drafts on the texts that are kept, and what they found."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
TRIAL = sa.Table(
    "documents_trial",
    METADATA,
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
"""``position`` is the row of the last text version that was examined: newer versions have higher
ones.
"""
LINE = sa.Table(
    "documents_trial_line",
    METADATA,
    sa.Column("trial", sa.Integer, sa.ForeignKey("documents_trial.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("change", sa.String(10), nullable=False),
    sa.Column("text", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("hit", sa.Text, nullable=False),
)
MIGRATIONS = Migrations("documents_checks", Path(__file__).parent / "migrations", METADATA)
