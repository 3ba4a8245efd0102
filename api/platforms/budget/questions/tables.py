"""Saved questions. An owner is a username, empty for what everybody sees."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget_questions", Path(__file__).parent / "migrations", METADATA)
QUESTION = sa.Table(
    "budget_question",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String(40), nullable=False),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("proposed", sa.String(20), nullable=False),
    sa.Column("page", sa.String(20), nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Index("budget_question_by_owner", "owner", "position"),
)
"""``asked`` is JSON of the values that the question of the ``page`` takes; ``name`` is empty where
``proposed`` is the name of one of the product's own.
"""
BEGUN = sa.Table(
    "budget_question_begun",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""One row once the office has changed the shared ones: from then on they are rows."""
