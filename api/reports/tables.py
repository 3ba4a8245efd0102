"""Tables of frozen papers and of the office's templates, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "reports",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("report_snapshot", "report_reach", "report_template"),
)

TEMPLATE = sa.Table(
    "report_template",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("file_name", sa.String(200), nullable=False),
    sa.Column("content", sa.LargeBinary),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("made_name", sa.String(100), nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Index("report_template_by_kind", "platform", "kind", "id"),
)
SNAPSHOT = sa.Table(
    "report_snapshot",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
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
    sa.Index("report_snapshot_by_kind", "platform", "kind", "id"),
)
REACH = sa.Table(
    "report_reach",
    METADATA,
    sa.Column("snapshot", sa.Integer, sa.ForeignKey("report_snapshot.id"), primary_key=True),
    sa.Column("unit", sa.String(40), primary_key=True),
    sa.Column("secrecy", sa.Integer, primary_key=True),
)
"""How far the figures of a snapshot reach: ``unit`` is empty where that is all units."""
