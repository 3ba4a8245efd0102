"""Texts, their versions with the whole document, and the articles of each version as rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()


def _facts() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("passed", sa.String(10)),
        sa.Column("published", sa.String(10)),
        sa.Column("in_force", sa.String(10)),
        sa.Column("valid_until", sa.String(10)),
    )


TEXT = sa.Table(
    "documents_text",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("version", sa.Integer, nullable=False),
    *_facts(),
    sa.Column("named", sa.String(300), nullable=False),
    sa.Column("repealed", sa.String(10)),
    sa.Column("why", sa.String(500), nullable=False),
    sa.Column("kept_by", sa.String(40), nullable=False),
    sa.Column("kept_ms", sa.BigInteger, nullable=False),
    sa.Index("documents_text_by_named", "named"),
    sa.Index("documents_text_by_published", "published", "id"),
    sa.Index("documents_text_by_unit", "unit", "id"),
)
"""``version`` is the newest one, whose facts these are; ``named`` is the title as it is cited."""
VERSION = sa.Table(
    "documents_text_version",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("text", sa.Integer, sa.ForeignKey("documents_text.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    *_facts(),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("file_name", sa.String(300), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("kept_by", sa.String(40), nullable=False),
    sa.Column("kept_ms", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("text", "version", name="documents_text_version_once"),
    sa.Index("documents_text_version_by_content", "sha256"),
)
"""``content`` is the document as JSON: 款, 项, headings, preamble and attachments stand there."""
ARTICLE = sa.Table(
    "documents_text_article",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column(
        "text_version", sa.Integer, sa.ForeignKey("documents_text_version.id"), nullable=False
    ),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("inserted", sa.Integer, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("book", sa.Text, nullable=False),
    sa.Column("chapter", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("text_version", "position", name="documents_text_article_once"),
)
MIGRATIONS = Migrations(
    "documents_texts",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("documents_text_version", "documents_text_article"),
)
