"""Motions in the state database. The row is changed by the steps of its procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from api.platforms.duty.motions.records import KIND
from api.platforms.duty.tables import SIGNATURE
from ingest.state.database import Migrations

METADATA = sa.MetaData()
MOTION = sa.Table(
    "duty_motion",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("lead", sa.String(40), nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("deputies", sa.Integer, nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False),
    sa.Column("session", sa.String(100)),
    sa.Column("submitted_day", sa.Date),
    sa.Column("decided_by", sa.String(100)),
    sa.Column("decided_day", sa.Date),
    sa.Column("committee", sa.String(40)),
    sa.Column("contacted_day", sa.Date),
    sa.Column("report", sa.Text),
    sa.Column("withdrawal", sa.Text),
    sa.Column("suggestion", sa.String(12)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("duty_motion_by_state", "state", "id"),
    sa.Index("duty_motion_by_lead", "lead", "id"),
)
"""``title`` is 案由, ``basis`` 案据, ``plan`` 方案; ``text_hash`` is the SHA-256 of the three.
``deputies`` have to sign, as the level asked when it was begun. ``withdrawal`` is why the deputies
wish to withdraw it; ``suggestion`` the id of the one that it became.
"""
MIGRATIONS = Migrations("duty-motions", Path(__file__).parent / "migrations", METADATA)


def _people(username: str) -> sa.ColumnElement[bool]:
    at = SIGNATURE.c
    asked = sa.select(at.item).where(at.kind == KIND, at.username == username)
    return sa.or_(MOTION.c.lead == username, MOTION.c.id.in_(asked))


MARKS = Marks(
    sa.cast(sa.null(), sa.String(40)),
    MOTION.c.secrecy,
    sa.false(),
    people=_people,
    private=MOTION.c.state == "draft",
)
"""Who sees a motion: a draft its author and whoever was asked to sign, later also the office and
all deputies. It belongs to the congress and to no unit.
"""
