"""Tables of polls, named answers and anonymous ballots, in the state database.

Nothing of an anonymous ballot has a number that counts up, a time, or a row that joins the answers
of a person: the answers to each question lie under keys drawn at random, in tables that have no
other order (``WITHOUT ROWID`` on SQLite). Who has voted stands apart, with the day alone.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "ballots", Path(__file__).parent / "migrations", METADATA, insert_only=("ballot_response",)
)

POLL = sa.Table(
    "ballot_poll",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("series", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("design", sa.String(10), nullable=False),
    sa.Column("audience", sa.String(10), nullable=False),
    sa.Column("units", sa.Text, nullable=False),
    sa.Column("last_day", sa.String(10), nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("token", sa.String(40), nullable=False, unique=True),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("answered", sa.Integer, nullable=False),
)
VOTER = sa.Table(
    "ballot_voter",
    METADATA,
    sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
    sa.Column("voter", sa.String(64), primary_key=True),
    sa.Column("day", sa.String(10), nullable=False),
    sqlite_with_rowid=False,
)
BOX = sa.Table(
    "ballot_box",
    METADATA,
    sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
ANSWER = sa.Table(
    "ballot_answer",
    METADATA,
    sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
    sa.Column("question", sa.String(40), primary_key=True),
    sa.Column("random_key", sa.String(32), primary_key=True),
    sa.Column("answer", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
DRAFT = sa.Table(
    "ballot_draft",
    METADATA,
    sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
    sa.Column("username", sa.String(40), primary_key=True),
    sa.Column("answers", sa.Text, nullable=False),
)
RESPONSE = sa.Table(
    "ballot_response",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("signed", sa.String(210), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.UniqueConstraint("poll", "username", "number", name="ballot_response_once"),
)
