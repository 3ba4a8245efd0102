"""Filings, their papers, the register, hand-outs to committees, and receipts of the province."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.permission import Permission
from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.platforms.documents.filings.records.facts import PRIVATE, REGISTERED, of_office
from api.platforms.documents.permission import DocumentsPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()

FILING = sa.Table(
    "documents_filing",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("number", sa.String(100)),
    sa.Column("passed", sa.Date),
    sa.Column("published", sa.Date),
    sa.Column("in_force", sa.Date),
    sa.Column("valid_until", sa.Date),
    sa.Column("basis", sa.Text),
    sa.Column("amends", sa.String(10)),
    sa.Column("reason", sa.String(20)),
    sa.Column("remark", sa.Text),
    sa.Column("lacking", sa.Text),
    sa.Column("entry", sa.String(10)),
    sa.Column("way", sa.String(10), nullable=False, server_default="own"),
    sa.Index("documents_filing_by_unit", "unit", "id"),
    sa.Index("documents_filing_by_state", "state", "id"),
    sa.Index("documents_filing_by_number", "number"),
)
"""``amends`` is the id of the kept text that it amends, ``reason`` the code of the last return,
``entry`` the id of its entry in the register, ``way`` how it came. Rows are
changed by the steps of their procedure alone.
"""
PAPER = sa.Table(
    "documents_filing_paper",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False),
    sa.Column("code", sa.String(20), nullable=False),
    sa.Column("attachment", sa.Integer, nullable=False, unique=True),
    sa.Column("unreadable", sa.Text, nullable=False),
    sa.Column("reading", sa.Text, nullable=False),
    sa.Index("documents_filing_paper_by_filing", "filing", "id"),
)
"""A file at a filing and which paper it is. Of the official text ``reading`` is what it says of
itself, as JSON, or ``unreadable`` why nothing is known; a file that was removed has its row still.
"""
ENTRY = sa.Table(
    "documents_register",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column(
        "filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False, unique=True
    ),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Integer, nullable=False),
    sa.Column("text_version", sa.Integer, nullable=False),
    sa.Column("receipt", sa.Integer, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("by", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("year", "number", name="documents_register_once"),
)
"""Register numbers 备案号 count anew each year."""
HANDOUT = sa.Table(
    "documents_handout",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("opinion", sa.Text),
    sa.Index("documents_handout_by_filing", "filing", "id"),
    sa.Index("documents_handout_by_unit", "unit", "id"),
)
"""A registered document in the hands of a committee, and its answer."""
OFFICIAL = sa.Table(
    "documents_official_receipt",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("filing", sa.Integer, sa.ForeignKey("documents_filing.id"), nullable=False),
    sa.Column("number", sa.String(100), nullable=False),
    sa.Column("link", sa.String(500), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("source", sa.String(10), nullable=False),
    sa.Column("by", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("documents_official_receipt_by_filing", "filing", "id"),
)
"""Receipts of the province's platform; the last one of a filing holds."""
MIGRATIONS = Migrations(
    "documents_filings",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("documents_filing_paper", "documents_register", "documents_official_receipt"),
)


def _stage(reach: Reach) -> sa.ColumnElement[bool]:
    """A maker has its filings from the first draft on, the office once they were sent or where it
    writes them out of papers, and whoever else sees documents once they are registered.
    """
    if DocumentsPermission.FILE in reach.permissions and not of_office(reach):
        return sa.true()
    if DocumentsPermission.CHECK in reach.permissions:
        # A maker that gives up what was returned to it takes no return out of the office's counts.
        given_back = FILING.c.reason.is_not(None)
        return sa.or_(FILING.c.state.not_in(PRIVATE), given_back, FILING.c.way == "paper")
    return FILING.c.state.in_(REGISTERED)


def _handed(units: sa.Select[tuple[str]]) -> sa.ColumnElement[bool]:
    """A committee sees what it was handed."""
    at = HANDOUT.c
    query = sa.select(at.id).where(at.filing == FILING.c.id, at.unit.in_(units))
    return query.where(at.state != "recalled").exists()


def _acts(reach: Reach, permission: Permission) -> sa.ColumnElement[bool]:
    """What a maker does, the office does for it on paper alone."""
    of_maker = permission == DocumentsPermission.FILE
    return FILING.c.way == "paper" if of_maker and of_office(reach) else sa.true()


MARKS = Marks(
    FILING.c.unit,
    FILING.c.secrecy,
    sa.false(),
    concerns=_handed,
    stage=_stage,
    acts=_acts,
)


def _hands(reach: Reach) -> sa.ColumnElement[bool]:
    """A hand-out is for its committee and the office, not for everybody who sees documents."""
    may = {DocumentsPermission.CHECK, DocumentsPermission.REVIEW} & set(reach.permissions)
    return sa.true() if may else sa.false()


HANDOUT_MARKS = Marks(HANDOUT.c.unit, HANDOUT.c.secrecy, sa.false(), stage=_hands)
