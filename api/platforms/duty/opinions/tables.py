"""Tables of opinions. Rows with a ``state`` are changed by the steps of their procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()

OPINION = sa.Table(
    "duty_opinion",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("deputy", sa.String(40), nullable=False),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("received_day", sa.Date, nullable=False),
    sa.Column("title", sa.String(60), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("location", sa.String(100)),
    sa.Column("number", sa.String(60)),
    sa.Column("passed_day", sa.Date),
    sa.Column("outcome", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("suggestion", sa.String(9)),
    sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("duty_opinion_by_deputy", "deputy", "id"),
    sa.Index("duty_opinion_by_state", "state", "id"),
)
"""An opinion to the deputy of this username. ``number`` is that of 12345, ``outcome`` what it
answered, ``suggestion`` the id of the one that the deputy made of it. ``code_hash`` is the keyed
hash of the voter's receipt. ``unit`` is always null: an opinion belongs to none.
"""
IDENTITY = sa.Table(
    "duty_opinion_identity",
    METADATA,
    sa.Column(
        "opinion",
        sa.Integer,
        sa.ForeignKey("duty_opinion.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("phone", sa.String(30), nullable=False),
    sa.Column("for_office", sa.Boolean, nullable=False),
)
"""The voter who wrote, apart from the opinion: no event, no list and no item reads this table.
``for_office``: the voter lets the office see it. Rows go some time after the opinion was closed.
"""

MIGRATIONS = Migrations("duty-opinions", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(
    OPINION.c.unit,
    OPINION.c.secrecy,
    sa.false(),
    people=lambda username: OPINION.c.deputy == username,
)
"""Each opinion is restricted: its deputy sees it by name, and the office by how far it may see."""
