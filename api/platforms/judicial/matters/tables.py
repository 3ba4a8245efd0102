"""Matters in the state database, changed by the steps of their procedures alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.platforms.judicial.matters.records import Seen, states
from api.platforms.judicial.permission import JudicialPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()
MATTER = sa.Table(
    "judicial_matter",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("opened_ms", sa.BigInteger, nullable=False),
    sa.Column("requests", sa.Text),
    sa.Column("meeting", sa.String(120)),
    sa.Column("meeting_day", sa.Date),
    sa.Column("draft", sa.String(20)),
    sa.Column("final", sa.String(20)),
    sa.Column("report_day", sa.Date),
    sa.Column("report", sa.Text),
    sa.Column("law", sa.String(120)),
    sa.Column("plan", sa.Text),
    sa.Column("from_day", sa.Date),
    sa.Column("until_day", sa.Date),
    sa.Column("class_of", sa.Text),
    sa.Column("cases", sa.String(6)),
    sa.Column("period", sa.String(120)),
    sa.Column("problem", sa.Text),
    sa.Column("decided_meeting", sa.String(120)),
    sa.Column("decided_day", sa.Date),
    sa.Column("decided", sa.Text),
    sa.Column("opinions", sa.Text),
    sa.Column("opinions_of", sa.String(120)),
    sa.Column("basis", sa.String(120)),
    sa.Column("answer_day", sa.Date),
    sa.Column("answer", sa.Text),
    sa.Column("answered_day", sa.Date),
    sa.Column("paper", sa.String(20)),
    sa.Column("evaluated_meeting", sa.String(120)),
    sa.Column("evaluated_day", sa.Date),
    sa.Column("evaluated", sa.Text),
    sa.Column("rating", sa.String(20)),
    sa.Column("further", sa.Text),
    sa.Index("judicial_matter_by_state", "kind", "state", "id"),
    sa.Index("judicial_matter_by_unit", "unit", "id"),
)
"""``unit`` is the body supervised. ``draft``, ``final`` and ``paper`` are ids of attachments.
``answer_day`` is the day that a resolution or decision sets for the written answer, null where it
sets none. ``cases`` is how many make the class, ``rating`` the result of a vote where one was
held.
"""
LINE = sa.Table(
    "judicial_matter_line",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("matter", sa.Integer, nullable=False, index=True),
    sa.Column("sort", sa.String(20), nullable=False),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
"""Groups of an inspection, and its findings by clause."""
MIGRATIONS = Migrations("judicial_matters", Path(__file__).parent / "migrations", METADATA)


def _within(*seen: Seen) -> sa.ColumnElement[bool]:
    found = states(seen)
    at = MATTER.c
    return sa.or_(*(sa.and_(at.kind == kind, at.state.in_(of)) for kind, of in found.items()))


def _stage(reach: Reach) -> sa.ColumnElement[bool]:
    """The office sees all, a body what was put to it, deputies what was heard or sent out."""
    if JudicialPermission.CHECK in reach.permissions:
        return sa.true()
    if JudicialPermission.SUBMIT in reach.permissions:
        return _within("body", "all")
    return _within("all")


MARKS = Marks(MATTER.c.unit, MATTER.c.secrecy, sa.false(), stage=_stage)


def marks_of(kind: str) -> Marks:
    """The marks of one kind of matter: through its procedure no other is seen or changed."""
    at = MATTER.c
    return Marks(at.unit, at.secrecy, sa.false(), private=at.kind != kind, stage=_stage)
