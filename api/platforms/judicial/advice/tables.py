"""Procuratorial advice in the state database, changed by the steps of its procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks, Units
from api.platforms.judicial.advice.records import OPEN_TO_DEPUTIES
from api.platforms.judicial.permission import JudicialPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()
ADVICE = sa.Table(
    "judicial_advice",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("maker", sa.String(40), nullable=False),
    sa.Column("addressee", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("written_ms", sa.BigInteger, nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("topic", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("issued_day", sa.Date),
    sa.Column("reply_day", sa.Date),
    sa.Column("reply", sa.Text),
    sa.Column("replied_day", sa.Date),
    sa.Column("paper", sa.String(20)),
    sa.Column("effect", sa.String(20)),
    sa.Column("how", sa.Text),
    sa.Column("checked_by", sa.String(40)),
    sa.Column("confirmed_by", sa.String(40)),
    sa.Index("judicial_advice_by_topic", "topic", "state", "id"),
)
"""``unit`` has it in hand: the procuratorate while it writes and checks, the addressee while it is
to reply. ``reply_day`` is the day that the advice itself sets, null where it sets none. ``effect``
and ``how`` it was checked are of one person of the procuratorate, and another confirms them.
"""
MIGRATIONS = Migrations("judicial_advice", Path(__file__).parent / "migrations", METADATA)


def _concerns(units: Units) -> sa.ColumnElement[bool]:
    """The procuratorate always, the addressee from the day on which it was sent."""
    at = ADVICE.c
    received = sa.and_(at.addressee.in_(units), at.issued_day.is_not(None))
    return sa.or_(at.maker.in_(units), received)


def _stage(reach: Reach) -> sa.ColumnElement[bool]:
    """The office sees what was sent, deputies what was replied to, units what is theirs."""
    if JudicialPermission.CHECK in reach.permissions:
        return ADVICE.c.issued_day.is_not(None)
    if JudicialPermission.SUBMIT in reach.permissions:
        return sa.true()
    return ADVICE.c.state.in_(OPEN_TO_DEPUTIES)


MARKS = Marks(ADVICE.c.unit, ADVICE.c.secrecy, sa.false(), concerns=_concerns, stage=_stage)
