"""Tables of corrections, reviews, findings and cadences, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("ingest", Path(__file__).parents[1] / "migrations", METADATA)

CORRECTION = sa.Table(
    "correction",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.String(80), nullable=False),
    sa.Column("from_ms", sa.BigInteger, nullable=False),
    sa.Column("to_ms", sa.BigInteger, nullable=False),
    sa.Column("value", sa.Float),
    sa.Column("quality", sa.Integer, nullable=False),
    sa.Column("by", sa.String(100), nullable=False),
    sa.Column("why", sa.String(500), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("withdrawn_by", sa.String(100)),
    sa.Column("withdrawn_ms", sa.BigInteger),
    sa.Column("account", sa.String(40)),
    sa.Column("withdrawn_account", sa.String(40)),
    sa.Index("correction_by_revision", "revision", unique=True),
    sa.Index("correction_by_series", "series", "from_ms"),
)
REVISION = sa.Table(
    "correction_revision",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.BigInteger, nullable=False),
)
FINDING = sa.Table(
    "finding",
    METADATA,
    sa.Column("series", sa.String(80), primary_key=True),
    sa.Column("layer", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("from_ms", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("to_ms", sa.BigInteger, nullable=False),
    sa.Column("quality", sa.Integer, nullable=False),
    sa.Column("cause", sa.Integer, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("finding_by_end", "to_ms"),
)
CHANGE = sa.Table(
    "finding_change",
    METADATA,
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.String(80), nullable=False),
    sa.Column("from_ms", sa.BigInteger, nullable=False),
    sa.Column("to_ms", sa.BigInteger, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
FLAGGING = sa.Table(
    "flagging",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.BigInteger, nullable=False),
)
CADENCE = sa.Table(
    "cadence",
    METADATA,
    sa.Column("station", sa.String(40), primary_key=True),
    sa.Column("indicator", sa.String(40), primary_key=True),
    sa.Column("from_ms", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("to_ms", sa.BigInteger),
    sa.Column("cadence_ms", sa.BigInteger, nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Index("cadence_by_revision", "revision"),
)
