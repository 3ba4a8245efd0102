"""Letters of deputies, from the draft to the answer: a table of states and steps."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.visibility import Marks
from api.deadlines.records import Responsible
from api.procedures.procedure import Also, Given, Need, Procedure, Row, Starts, State, Step
from ingest.state.database import Migrations
from tests.api.letters.permission import LetterPermission

METADATA = sa.MetaData()
LETTER = sa.Table(
    "letter",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("author", sa.String(40), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("assigned_day", sa.Date),
    sa.Column("result", sa.String(20)),
    sa.Column("weight", sa.Float, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
)
COPY = sa.Table(
    "letter_copy",
    METADATA,
    sa.Column("letter", sa.Integer, sa.ForeignKey("letter.id"), primary_key=True),
    sa.Column("unit", sa.String(40), primary_key=True),
)
MIGRATIONS = Migrations("letters", Path(__file__).parent / "migrations", METADATA)
ANSWER = "petition.handle"
SHORTEST = 4


def author(row: Row) -> Responsible:
    """Who wrote it."""
    return Responsible("", LetterPermission.WRITE, row["author"])


def office(_row: Row) -> Responsible:
    """Those who assign."""
    return Responsible("", LetterPermission.ASSIGN)


def in_charge(row: Row) -> Responsible:
    """Those who answer in the unit that it was assigned to."""
    return Responsible(row["unit"], LetterPermission.ANSWER)


def too_short(_connection: Connection, row: Row, _at_ms: int) -> str:
    """Whether the text says too little."""
    return "short" if len(row["body"]) < SHORTEST else ""


def _copy(connection: Connection, row: Row, given: Given) -> None:
    if unit := given.get("copy"):
        connection.execute(sa.insert(COPY).values(letter=row["id"], unit=unit))


def _uncopy(connection: Connection, row: Row, _given: Given) -> None:
    connection.execute(sa.delete(COPY).where(COPY.c.letter == row["id"]))


PROCEDURE = Procedure(
    platform="letters",
    kind="letter",
    words="letters.letter",
    table=LETTER,
    marks=Marks(LETTER.c.unit, LETTER.c.secrecy, LETTER.c.public),
    see=LetterPermission.READ,
    mends=LetterPermission.ASSIGN,
    title=lambda row: row["title"],
    path=lambda row: f"/letters/{row['id']}",
    states=(
        State("draft"),
        State("sent"),
        State("assigned"),
        State("answered"),
        State("closed", closed=True),
    ),
    steps=(
        Step(
            name="write",
            to="draft",
            permission=LetterPermission.WRITE,
            person="author",
            needs=(
                Need("title", longest=100, column="title"),
                Need("body", longest=2000, column="body"),
            ),
        ),
        Step(
            name="edit",
            sources=("draft",),
            to="draft",
            permission=LetterPermission.WRITE,
            person="author",
            needs=(Need("body", longest=2000, column="body"),),
            awaited=False,
        ),
        Step(
            name="send",
            sources=("draft",),
            to="sent",
            permission=LetterPermission.WRITE,
            person="author",
            allowed=too_short,
            obstacles=("short",),
            tells=(office,),
        ),
        Step(
            name="return",
            sources=("sent", "assigned"),
            to="draft",
            permission=LetterPermission.ASSIGN,
            needs=(Need("why"),),
            awaited=False,
            cancels=(ANSWER,),
            tells=(author,),
        ),
        Step(
            name="assign",
            sources=("sent",),
            to="assigned",
            permission=LetterPermission.ASSIGN,
            needs=(
                Need("unit", kind="unit", column="unit"),
                Need("day", kind="date", required=False, column="assigned_day"),
                Need("copy", kind="unit", required=False),
            ),
            happened="day",
            starts=(Starts(ANSWER, in_charge),),
            tells=(in_charge, author),
            also=Also(_copy, _uncopy),
        ),
        Step(
            name="answer",
            sources=("assigned",),
            to="answered",
            permission=LetterPermission.ANSWER,
            needs=(
                Need("text", longest=2000),
                Need(
                    "result",
                    kind="choice",
                    choices=("solved", "planned", "no"),
                    column="result",
                ),
                Need("on", kind="date", required=False),
                Need("paper", kind="file", required=False),
            ),
            happened="on",
            ends=(ANSWER,),
            tells=(author,),
        ),
        Step(
            name="accept",
            sources=("answered",),
            to="closed",
            permission=LetterPermission.WRITE,
            person="author",
            final=True,
        ),
    ),
)
