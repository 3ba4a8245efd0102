"""Texts that the centre keeps."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_text",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("version", sa.Integer, nullable=False),
        *_facts(),
        sa.Column("named", sa.String(300), nullable=False),
        sa.Column("repealed", sa.String(10)),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("kept_by", sa.String(40), nullable=False),
        sa.Column("kept_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("documents_text_by_named", "documents_text", ["named"])
    op.create_index("documents_text_by_published", "documents_text", ["published", "id"])
    op.create_index("documents_text_by_unit", "documents_text", ["unit", "id"])
    _versions()


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


def _versions() -> None:
    op.create_table(
        "documents_text_version",
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
    )
    op.create_index("documents_text_version_by_content", "documents_text_version", ["sha256"])
    version = sa.ForeignKey("documents_text_version.id")
    op.create_table(
        "documents_text_article",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("text_version", sa.Integer, version, nullable=False),
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
