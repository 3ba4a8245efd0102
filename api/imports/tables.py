"""Tables of loads, their reports and the mappings of sources, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("imports", Path(__file__).parent / "migrations", METADATA)

LOAD = sa.Table(
    "load",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(80), nullable=False),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("file", sa.String(200), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("mapping", sa.Text, nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Column("beat_ms", sa.BigInteger, nullable=False),
    sa.Column("claim", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("ordinal", sa.Integer),
    sa.Column("loaded_by", sa.String(40)),
    sa.Column("loaded_ms", sa.BigInteger),
    sa.Column("withdrawn_by", sa.String(40)),
    sa.Column("withdrawn_ms", sa.BigInteger),
    sa.Column("withdrawn_why", sa.String(500)),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("fresh", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("same", sa.Integer, nullable=False),
    sa.Column("faults", sa.Integer, nullable=False),
    sa.Column("totals", sa.Text, nullable=False),
    sa.Column("from_month", sa.String(7), nullable=False),
    sa.Column("until_month", sa.String(7), nullable=False),
    sa.Column("problem", sa.String(200), nullable=False),
    sa.Column("heard", sa.Boolean, nullable=False),
    sa.Index("load_by_kind", "kind", "state"),
)
LOAD_REPORT = sa.Table(
    "load_report",
    METADATA,
    sa.Column("load", sa.Integer, sa.ForeignKey("load.id"), primary_key=True),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("faults", sa.Text, nullable=False),
)
LOAD_MAPPING = sa.Table(
    "load_mapping",
    METADATA,
    sa.Column("kind", sa.String(80), primary_key=True),
    sa.Column("source", sa.String(100), primary_key=True),
    sa.Column("mapping", sa.Text, nullable=False),
    sa.Column("kept_by", sa.String(40), nullable=False),
    sa.Column("kept_ms", sa.BigInteger, nullable=False),
)
