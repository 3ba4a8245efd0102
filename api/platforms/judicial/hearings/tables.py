"""Tables of occasions, seats and comments. The rows of the first two are changed by the steps of
their procedures alone.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.platforms.judicial.permission import JudicialPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()
HEARING = sa.Table(
    "judicial_hearing",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("from_ms", sa.BigInteger, nullable=False),
    sa.Column("until_ms", sa.BigInteger),
    sa.Column("location", sa.String(200)),
    sa.Column("link", sa.String(500)),
    sa.Column("openness", sa.String(10), nullable=False),
    sa.Column("closed_why", sa.Text),
    sa.Column("seats", sa.String(3), nullable=False),
    sa.Column("seed", sa.String(32), nullable=False),
    sa.Column("notice_days", sa.Integer, nullable=False),
    sa.Column("late_why", sa.Text),
    sa.Column("late_allotment_why", sa.Text),
    sa.Column("outcome", sa.String(20)),
    sa.Column("outcome_day", sa.Date),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("judicial_hearing_by_state", "state", "from_ms"),
)
"""``seats`` is the quota in digits; ``seed`` was drawn when it was made, before anybody asked;
``notice_days`` is the number of the rule of the kind on that day; ``outcome`` the form of what
followed.
"""
SEAT = sa.Table(
    "judicial_seat",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("hearing", sa.Integer, sa.ForeignKey("judicial_hearing.id"), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("batch", sa.Integer),
    sa.Column("turn", sa.Integer),
    sa.Column("had", sa.Integer),
    sa.Column("last_day", sa.Date),
    sa.Column("conflict", sa.String(20)),
    sa.Column("why", sa.Text),
    sa.UniqueConstraint("hearing", "username", name="judicial_seat_once"),
    sa.Index("judicial_seat_by_person", "username"),
)
"""``batch`` and ``turn`` are those of the order, ``had`` and ``last_day`` the reasons for them;
``conflict`` is a kind and no more.
"""
ATTENDANCE = sa.Table(
    "judicial_attendance",
    METADATA,
    sa.Column("hearing", sa.Integer, sa.ForeignKey("judicial_hearing.id"), primary_key=True),
    sa.Column("meeting", sa.Integer, nullable=False, unique=True),
)
"""The meeting by which people sign in to an occasion."""
COMMENT = sa.Table(
    "judicial_comment",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("hearing", sa.Integer, sa.ForeignKey("judicial_hearing.id"), nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("signed", sa.String(210), nullable=False),
    sa.Index("judicial_comment_by_hearing", "hearing"),
)
"""A comment without its author, but where the author wished to be named. The id is drawn, and no
instant is kept.
"""
COMMENTED = sa.Table(
    "judicial_commented",
    METADATA,
    sa.Column("seat", sa.Integer, sa.ForeignKey("judicial_seat.id"), primary_key=True),
)
"""Who has commented."""
MIGRATIONS = Migrations(
    "judicial-hearings",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("judicial_attendance", "judicial_comment", "judicial_commented"),
)


def _known(reach: Reach) -> sa.ColumnElement[bool]:
    """A draft is the body's own."""
    if JudicialPermission.SUBMIT in reach.permissions:
        return sa.true()
    return HEARING.c.state != "draft"


MARKS = Marks(HEARING.c.unit, HEARING.c.secrecy, sa.false(), stage=_known)
_INTERNAL = sa.literal(1)
_NOBODY = sa.cast(sa.null(), sa.String(40))
OWN_MARKS = Marks(
    _NOBODY,
    _INTERNAL,
    sa.false(),
    people=lambda username: SEAT.c.username == username,
    private=sa.true(),
)
"""A seat as its person sees it."""
OFFICE_MARKS = Marks(_NOBODY, _INTERNAL, sa.false())
"""A seat as the office sees it, which alone keeps the list."""
