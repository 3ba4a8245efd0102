"""Versions of checks that the office saved, hits of the newest version of each text, and what
people said of hits.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
CHECK = sa.Table(
    "documents_check",
    METADATA,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("author", sa.String(100), nullable=False),
    sa.Column("account", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("saved_ms", sa.BigInteger, nullable=False),
)
"""``document`` is JSON of a ``CheckDocument``; ``author`` the name as it was signed then."""
HITS = sa.Table(
    "documents_hits",
    METADATA,
    sa.Column("text_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("check_id", sa.String(80), primary_key=True),
    sa.Column("stamp", sa.String(64), nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("excused", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Index("documents_hits_by_stamp", "stamp"),
)
"""``content`` is JSON of the hits of one check, made by all that the ``stamp`` stands for; nothing
excuses ``found`` of them.
"""
JUDGEMENT = sa.Table(
    "documents_judgement",
    METADATA,
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
    sa.Index("documents_judgement_by_hit", "text", "check_id", "hit"),
)
"""The last one of a hit holds. ``title`` is the text's as it was then."""
MIGRATIONS = Migrations(
    "documents_rulebook",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=(CHECK.name, JUDGEMENT.name),
)
