"""Cases in the state database, and all that belongs to one. Rows with a ``state`` are changed by
the steps of their procedure alone; copies and removals are added and never changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.accounts.records import Reach, Secrecy
from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
_UNIT, _USERNAME = sa.String(40), sa.String(40)


def _case_key() -> sa.Column[int]:
    return sa.Column("case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False)


def _thing(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A thing with a procedure that belongs to a case and that a unit has to do."""
    return sa.Table(
        name,
        METADATA,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _case_key(),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        *columns,
        sa.Index(f"{name}_of_case", "case_id", "id"),
        sa.Index(f"{name}_by_state", "state", "unit"),
    )


CASE = sa.Table(
    "supervision_case",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column("openness", sa.String(10), nullable=False),
    sa.Column("unit", _UNIT),
    sa.Column("means", sa.String(20)),
    sa.Column("means_why", sa.Text),
    sa.Column("meeting_day", sa.Date),
    sa.Column("outcome", sa.Text),
    sa.Column("concluded_by", _USERNAME),
    sa.Column("why", sa.Text),
    sa.Column("opened_ms", sa.BigInteger, nullable=False),
    sa.Index("supervision_case_by_state", "state", "id"),
)
"""``unit`` is the committee that leads, if one does; ``means`` is how the law lets the congress
supervise here.
"""
COPY = sa.Table(
    "supervision_case_copy",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _case_key(),
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("item", sa.String(100), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("supervision_case_copy_of_case", "case_id", "id"),
    sa.Index("supervision_case_copy_of_item", "platform", "kind", "item"),
)
"""``body`` is canonical JSON of reference, title and content, ``hash`` its SHA-256; ``why`` says
why it belongs, ``secrecy`` is the item's at that time.
"""
REMOVAL = sa.Table(
    "supervision_case_removal",
    METADATA,
    sa.Column("copy", sa.Integer, sa.ForeignKey("supervision_case_copy.id"), primary_key=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
QUESTION = _thing(
    "supervision_case_question",
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due_day", sa.Date, nullable=False),
    sa.Column("asked_ms", sa.BigInteger, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("paper", sa.String(20)),
    sa.Column("reason", sa.Text),
)
"""One question to one body with one term. ``paper`` is the id of an attachment, ``reason`` why the
answer was not enough, or why the question was dropped.
"""
RECTIFICATION = _thing(
    "supervision_case_rectification",
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due_day", sa.Date, nullable=False),
    sa.Column("evidence", sa.Text),
    sa.Column("listed_ms", sa.BigInteger, nullable=False),
    sa.Column("report", sa.Text),
    sa.Column("paper", sa.String(20)),
    sa.Column("confirmation", sa.Text),
    sa.Column("confirmer", _USERNAME),
    sa.Column("reason", sa.Text),
)
"""``evidence`` is a kind of evidence with its parameters as JSON, set when it is listed, or empty:
then a paper proves it. ``confirmer`` is the first of two people.
"""
MEASURE = _thing(
    "supervision_case_measure",
    sa.Column("means", sa.String(20), nullable=False),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("start_day", sa.Date),
    sa.Column("done_day", sa.Date),
    sa.Column("note", sa.Text),
    sa.Column("paper", sa.String(20)),
)
"""A step that the chosen means asks for; ``name`` is its name in the table of means, ``start_day``
the day of the meeting, back from which its term counts where it has one. ``unit`` is empty where
the office has to do it.
"""
RECEIVER = sa.Table(
    "supervision_case_receiver",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("way", sa.String(200), nullable=False),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""A congress of the city or a town that gets cases; ``way`` says how a file comes there."""
RECEIVER_END = sa.Table(
    "supervision_case_receiver_end",
    METADATA,
    sa.Column(
        "receiver", sa.Integer, sa.ForeignKey("supervision_case_receiver.id"), primary_key=True
    ),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
SHARE = sa.Table(
    "supervision_case_share",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _case_key(),
    sa.Column(
        "receiver", sa.Integer, sa.ForeignKey("supervision_case_receiver.id"), nullable=False
    ),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("internal_why", sa.Text),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("files", sa.LargeBinary, nullable=False),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("supervision_case_share_of_case", "case_id", "id"),
)
"""A case that was packed for a receiver: ``sheet`` is its share.json, ``hash`` the SHA-256 of it,
``files`` a zip of all others.
"""
RECEIPT = sa.Table(
    "supervision_case_receipt",
    METADATA,
    sa.Column("share", sa.Integer, sa.ForeignKey("supervision_case_share.id"), primary_key=True),
    sa.Column("taken_ms", sa.BigInteger, nullable=False),
    sa.Column("taker", sa.String(60), nullable=False),
    sa.Column("centre", sa.String(60), nullable=False),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""The receiver's word that it took a package; ``who`` entered it here."""
RECEIVED = sa.Table(
    "supervision_case_received",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("files", sa.LargeBinary, nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("taker", sa.String(60), nullable=False),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""A package of another centre: ``key`` is the id in its share.json, ``files`` the whole zip."""
RECEIVED_CASE = sa.Table(
    "supervision_case_of_received",
    METADATA,
    sa.Column(
        "received", sa.Integer, sa.ForeignKey("supervision_case_received.id"), primary_key=True
    ),
    sa.Column(
        "case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False, unique=True
    ),
    sa.Column("who", _USERNAME, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""The case that was opened of a package."""


def _result(name: str, of: sa.Table, *columns: sa.schema.SchemaItem) -> sa.Table:
    """How it ended with a case at the centre that got it: ``body`` is the result.json."""
    return sa.Table(
        name,
        METADATA,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("of", sa.Integer, sa.ForeignKey(of.c.id), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        *columns,
        sa.Column("who", _USERNAME, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Index(f"{name}_of", "of", "id"),
    )


RESULT = _result("supervision_case_result", SHARE)
"""Of a share, as its receiver handed it back; ``who`` entered it here."""
RESULT_MADE = _result("supervision_case_result_made", RECEIVED, sa.Column("internal_why", sa.Text))
"""Of a package that came, as it was made here for its sender."""
MIGRATIONS = Migrations(
    "cases",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=(
        COPY.name,
        REMOVAL.name,
        RECEIVER.name,
        RECEIVER_END.name,
        SHARE.name,
        RECEIPT.name,
        RECEIVED.name,
        RECEIVED_CASE.name,
        RESULT.name,
        RESULT_MADE.name,
    ),
)
OPENNESS = {"open": Secrecy.OPEN, "internal": Secrecy.INTERNAL, "restricted": Secrecy.RESTRICTED}


def secrecy_of(case_id: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """The strictest secrecy of a case and of all that is joined to it, as SQL."""
    case, copy = CASE.alias(), COPY.alias()
    own = sa.case({name: int(of) for name, of in OPENNESS.items()}, value=case.c.openness)
    removed = sa.exists().where(REMOVAL.c.copy == copy.c.id)
    joined = (
        sa.select(sa.func.coalesce(sa.func.max(copy.c.secrecy), 0))
        .where(copy.c.case_id == case.c.id, ~removed)
        .scalar_subquery()
    )
    strictest = sa.case((own >= joined, own), else_=joined)
    return sa.select(strictest).where(case.c.id == case_id).scalar_subquery()


def marks_of(table: sa.Table) -> Marks:
    """Who sees a thing of a case: the body that has to do it, because it was asked; all others as
    far as they may know of the case.
    """

    def stage(reach: Reach) -> sa.ColumnElement[bool]:
        return sa.true() if reach.unit else secrecy_of(table.c.case_id) <= int(reach.secrecy)

    return Marks(table.c.unit, sa.literal(0), sa.false(), stage=stage)


MARKS = Marks(CASE.c.unit, secrecy_of(CASE.c.id), sa.false())
