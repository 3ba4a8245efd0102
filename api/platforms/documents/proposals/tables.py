"""Tables of proposals. Rows with a ``state`` are changed by the steps of their procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()

PROPOSAL = sa.Table(
    "documents_proposal",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("proposer", sa.String(20), nullable=False),
    sa.Column("body", sa.String(40)),
    sa.Column("way", sa.String(10), nullable=False),
    sa.Column("received_day", sa.Date, nullable=False),
    sa.Column("document", sa.String(200), nullable=False),
    sa.Column("clause", sa.String(200)),
    sa.Column("law", sa.String(300)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("text", sa.String(10)),
    sa.Column("missing", sa.Text),
    sa.Column("review", sa.String(10)),
    sa.Column("ground", sa.String(20)),
    sa.Column("decided_day", sa.Date),
    sa.Column("passed_to", sa.String(100)),
    sa.Column("result", sa.String(20)),
    sa.Column("reply", sa.Text),
    sa.Column("told_way", sa.String(10)),
    sa.Column("told_day", sa.Date),
    sa.Column("code_hash", sa.String(64), nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("documents_proposal_by_state", "state", "id"),
    sa.Index("documents_proposal_by_day", "received_day", "id"),
)
"""``text`` and ``review`` are ids of the platform's texts and reviews, ``body`` the unit that
demands. ``code_hash`` is the keyed hash of the secret. ``unit`` is always null: a proposal belongs
to none.
"""
IDENTITY = sa.Table(
    "documents_proposal_identity",
    METADATA,
    sa.Column(
        "proposal",
        sa.Integer,
        sa.ForeignKey("documents_proposal.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("contact", sa.String(100), nullable=False),
    sa.Column("organisation", sa.String(100), nullable=False),
)
"""Who wrote, apart from the proposal: no event, no list and no item reads this table. Rows go some
time after the proposal ended.
"""

MIGRATIONS = Migrations("documents_proposals", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(PROPOSAL.c.unit, PROPOSAL.c.secrecy, sa.false())
"""Each proposal is restricted, and the office's alone: a maker hears of the review."""
