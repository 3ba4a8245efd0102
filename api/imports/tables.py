"""Tables of loads with their reports, and of sources with their mappings and terms."""

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
    sa.Column("unit", sa.String(40), nullable=False, server_default=sa.text("''")),
    sa.Index("load_by_state", "state", "kind"),
    sa.Index("load_by_unit", "unit", "id"),
)
"""``unit`` is whoever owed the table when it came; empty where no source is registered."""
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
SOURCE = sa.Table(
    "source",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("kind", sa.String(80), nullable=False),
    sa.Column("permission", sa.String(80), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("since_day", sa.String(10), nullable=False),
    sa.Column("due_amount", sa.Integer, nullable=False),
    sa.Column("due_unit", sa.String(12), nullable=False),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("server", sa.String(100), nullable=False),
    sa.Column("remote", sa.String(200), nullable=False),
    sa.Column("hour", sa.Integer, nullable=False),
    sa.Column("good_rows", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Column("tried_ms", sa.BigInteger),
    sa.Column("taken_ms", sa.BigInteger),
    sa.Column("problem", sa.String(300), nullable=False),
    sa.Column("problem_ms", sa.BigInteger),
    sa.Column("seen", sa.Text, nullable=False),
    sa.UniqueConstraint("kind", "name", name="source_name"),
)
SOURCE_PERIOD = sa.Table(
    "source_period",
    METADATA,
    sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), primary_key=True),
    sa.Column("last_day", sa.String(10), primary_key=True),
    sa.Column("label", sa.String(10), nullable=False),
    sa.Column("deadline", sa.Integer, nullable=False),
    sa.Column("load", sa.Integer),
    sa.Column("notified_ms", sa.BigInteger),
)
SOURCE_ATTEMPT = sa.Table(
    "source_attempt",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Column("load", sa.Integer),
    sa.Column("why", sa.String(300), nullable=False),
    sa.Index("source_attempt_by_source", "source", "id"),
)
