"""Tables of letters. Rows with a ``state`` are changed by the steps of their procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
LETTER = sa.Table(
    "judicial_letter",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("received_day", sa.Date, nullable=False),
    sa.Column("registered_day", sa.Date, nullable=False),
    sa.Column("way", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("topic", sa.String(20), nullable=False),
    sa.Column("town", sa.String(40)),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("objected", sa.String(40)),
    sa.Column("passed_day", sa.Date),
    sa.Column("accepted_day", sa.Date),
    sa.Column("refusal", sa.String(20)),
    sa.Column("outcome", sa.String(20)),
    sa.Column("answer", sa.Text),
    sa.Column("answered_day", sa.Date),
    sa.Column("repeat_of", sa.Integer),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("judicial_letter_by_unit", "unit", "id"),
    sa.Index("judicial_letter_by_state", "state", "id"),
    sa.Index("judicial_letter_by_registered_day", "registered_day"),
)
"""``unit`` is the body to which it was passed on, ``objected`` the last that sent it back;
``town`` null: the whole district, or none is said. ``repeat_of`` is the first letter of the same
person. No column says who wrote, or how a case should end.
"""
PETITIONER = sa.Table(
    "judicial_petitioner",
    METADATA,
    sa.Column(
        "letter",
        sa.Integer,
        sa.ForeignKey("judicial_letter.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("phone", sa.String(30), nullable=False),
    sa.Column("address", sa.String(100), nullable=False),
    sa.Column("mark", sa.String(64)),
    sa.Index("judicial_petitioner_by_mark", "mark"),
)
"""The person who wrote, apart from the letter: no event, no list and no item reads this table.
``mark`` is the keyed hash by which letters of one person are joined. Rows go some time after the
last answer or the closing of the letter.
"""
MIGRATIONS = Migrations("judicial-letters", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(LETTER.c.unit, LETTER.c.secrecy, sa.false())
