"""Tables of deadlines, of the office's rules and of a year's days off, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "deadlines",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=(
        *("deadline_event", "deadline_rule", "deadline_notice"),
        *("deadline_reminder", "deadline_feed"),
    ),
)

DEADLINE = sa.Table(
    "deadline",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("path", sa.String(300), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("permission", sa.String(80), nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("rule", sa.String(100), nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("rule_text", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("start", sa.String(20), nullable=False),
    sa.Column("started_ms", sa.BigInteger, nullable=False),
    sa.Column("extensions", sa.Text, nullable=False),
    sa.Column("pauses", sa.Text, nullable=False),
    sa.Column("paused_ms", sa.BigInteger),
    sa.Column("due_day", sa.String(10), nullable=False),
    sa.Column("due_ms", sa.BigInteger, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("reckoned", sa.Text, nullable=False),
    sa.Column("calendar", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("met_ms", sa.BigInteger),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("deadline_by_subject", "platform", "kind", "subject"),
    sa.Index("deadline_by_due", "state", "due_ms"),
    sa.Index("deadline_by_rule", "rule", "state"),
    sa.Index("deadline_by_responsible", "state", "unit", "permission", "username", "due_ms"),
)
EVENT = sa.Table(
    "deadline_event",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("deadline", sa.Integer, sa.ForeignKey("deadline.id"), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("before_ms", sa.BigInteger),
    sa.Column("after_ms", sa.BigInteger, nullable=False),
    sa.Index("deadline_event_by_deadline", "deadline", "id"),
    sa.Index("deadline_event_by_time", "at_ms"),
)
RULE = sa.Table(
    "deadline_rule",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("rule", sa.String(100), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("rule", "version", name="deadline_rule_version_once"),
)
NOTICE = sa.Table(
    "deadline_notice",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
REMINDER = sa.Table(
    "deadline_reminder",
    METADATA,
    sa.Column("deadline", sa.Integer, sa.ForeignKey("deadline.id"), primary_key=True),
    sa.Column("occasion", sa.String(40), primary_key=True),
    sa.Column("username", sa.String(40), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
FEED = sa.Table(
    "deadline_feed",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("renewed_ms", sa.BigInteger, nullable=False),
    sa.Index("deadline_feed_by_username", "username"),
)
