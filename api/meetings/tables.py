"""Tables of meetings and notices, of who is invited, who came, and what was said."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "meetings",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("meeting_pass", "meeting_check_in", "meeting_minutes", "meeting_opinion"),
)

MEETING = sa.Table(
    "meeting",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("wants", sa.String(10), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("agenda", sa.Text),
    sa.Column("from_ms", sa.BigInteger),
    sa.Column("until_ms", sa.BigInteger),
    sa.Column("location", sa.String(200)),
    sa.Column("link", sa.String(500)),
    sa.Column("invited", sa.Text),
)
INVITATION = sa.Table(
    "meeting_invitation",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("meeting", sa.Integer, sa.ForeignKey("meeting.id"), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("host", sa.String(40), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("why", sa.Text),
    sa.UniqueConstraint("meeting", "username", name="meeting_invitation_once"),
    sa.UniqueConstraint("meeting", "number", name="meeting_invitation_number"),
    sa.Index("meeting_invitation_by_person", "username"),
)
PASS = sa.Table(
    "meeting_pass",
    METADATA,
    sa.Column("invitation", sa.Integer, sa.ForeignKey("meeting_invitation.id"), primary_key=True),
    sa.Column("serial", sa.Integer, primary_key=True),
    sa.Column("issued_ms", sa.BigInteger, nullable=False),
)
CHECK_IN = sa.Table(
    "meeting_check_in",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(36), nullable=False, unique=True),
    sa.Column("invitation", sa.Integer, sa.ForeignKey("meeting_invitation.id"), nullable=False),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("received_ms", sa.BigInteger, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Index("meeting_check_in_by_invitation", "invitation"),
)
MINUTES = sa.Table(
    "meeting_minutes",
    METADATA,
    sa.Column("meeting", sa.Integer, sa.ForeignKey("meeting.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("signed", sa.String(210), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
OPINION = sa.Table(
    "meeting_opinion",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("invitation", sa.Integer, sa.ForeignKey("meeting_invitation.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("signed", sa.String(210), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("meeting_opinion_by_invitation", "invitation"),
)
CHANGE_SENT = sa.Table(
    "meeting_change_sent",
    METADATA,
    sa.Column("meeting", sa.Integer, sa.ForeignKey("meeting.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
