"""Tables of rules, alerts, the engine, the outbox and duty calendars, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "alerting",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("duty_entry", "duty_feed"),
)

VERSION = sa.Table(
    "rule_version",
    METADATA,
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("rule_id", sa.String(40), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("author", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("valid_from_ms", sa.BigInteger, nullable=False),
    sa.Column("saved_ms", sa.BigInteger, nullable=False),
    sa.Column("author_account", sa.String(40)),
    sa.UniqueConstraint("rule_id", "version"),
)
ALERT = sa.Table(
    "alert",
    METADATA,
    sa.Column("id", sa.String(20), primary_key=True),
    sa.Column("rule_id", sa.String(40), nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("about", sa.String(20), nullable=False),
    sa.Column("station", sa.String(40), nullable=False),
    sa.Column("indicator", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("began_ms", sa.BigInteger, nullable=False),
    sa.Column("fired_ms", sa.BigInteger, nullable=False),
    sa.Column("resolved_ms", sa.BigInteger),
    sa.Column("peak", sa.Float),
    sa.Column("peak_ms", sa.BigInteger),
    sa.Column("last_value", sa.Float),
    sa.Column("last_ms", sa.BigInteger),
    sa.Column("data_lost", sa.Boolean, nullable=False),
    sa.Column("retrospective", sa.Boolean, nullable=False),
    sa.Column("acknowledged_by", sa.String(100)),
    sa.Column("acknowledged_ms", sa.BigInteger),
    sa.Column("reviewed_as", sa.String(20)),
    sa.Column("reviewed_by", sa.String(100)),
    sa.Column("reviewed_ms", sa.BigInteger),
    sa.Column("review_note", sa.String(500)),
    sa.Column("fired_value", sa.Float),
    sa.Column("acknowledged_account", sa.String(40)),
    sa.Column("reviewed_account", sa.String(40)),
    sa.Index("alert_by_state", "state", "fired_ms"),
    sa.Index("alert_by_station", "station", "fired_ms"),
)
TRANSITION = sa.Table(
    "alert_transition",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("alert_id", sa.String(20), sa.ForeignKey("alert.id"), nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("change", sa.String(20), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("value", sa.Float),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
)
ENGINE = sa.Table(
    "engine",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("snapshot", sa.LargeBinary, nullable=False),
)
OUTBOX = sa.Table(
    "outbox",
    METADATA,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("alert_id", sa.String(20), sa.ForeignKey("alert.id"), nullable=False),
    sa.Column("event", sa.String(20), nullable=False),
    sa.Column("audience", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("muted", sa.String(60), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_ms", sa.BigInteger),
    sa.Column("sent_ms", sa.BigInteger),
    sa.Column(
        "storm", sa.String(20), key="alert_event", nullable=False, server_default=sa.text("''")
    ),
    sa.Index("outbox_due", "next_ms"),
    sa.Index("outbox_of_alert", "alert_id"),
    sa.Index("outbox_of_storm", "alert_event"),
)
DUTY_ENTRY = sa.Table(
    "duty_entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("position", sa.String(40), nullable=False),
    sa.Column("saved_ms", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(100), nullable=False),
    sa.Column("account", sa.String(40), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
DUTY_FEED = sa.Table(
    "duty_feed",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("renewed_ms", sa.BigInteger, nullable=False),
    sa.Index("duty_feed_by_username", "username"),
)
