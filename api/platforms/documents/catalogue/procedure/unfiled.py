"""The states of a document that seems not to be filed: found, asked, answered, settled, filed."""

from __future__ import annotations

from api.platforms.documents.catalogue.procedure.lists import maker, office
from api.platforms.documents.catalogue.records import LONGEST_REMARK, REASONS, UNFILED
from api.platforms.documents.catalogue.tables import MARKS
from api.platforms.documents.catalogue.tables import UNFILED as TABLE
from api.platforms.documents.permission import DocumentsPermission
from api.procedures.procedure import Need, Procedure, Row, Starts, State, Step

ANSWER = "rev.unfiled.answer"
"""The district's own: the maker says why, or files."""


def titled(row: Row) -> str:
    """A line by its title, or by its number where only that is known."""
    return str(row["title"] or row["number"])


PROCEDURE = Procedure(
    platform="documents",
    kind=UNFILED,
    words="documents.unfiled",
    table=TABLE,
    marks=MARKS,
    see=DocumentsPermission.SEE,
    mends=DocumentsPermission.CHECK,
    title=titled,
    path=lambda row: f"/documents/catalogue/{row['id']}",
    states=(
        State("found"),
        State("asked"),
        State("answered"),
        State("settled", closed=True),
        State("filed", closed=True),
    ),
    steps=(
        Step(name="find", to="found", permission=DocumentsPermission.CHECK),
        Step(
            name="ask",
            sources=("found", "answered"),
            to="asked",
            permission=DocumentsPermission.CHECK,
            needs=(Need("request", longest=LONGEST_REMARK, column="request"),),
            starts=(Starts(ANSWER, maker),),
            tells=(maker,),
        ),
        Step(
            name="answer",
            sources=("asked",),
            to="answered",
            permission=DocumentsPermission.FILE,
            needs=(Need("answer", longest=LONGEST_REMARK, column="answer"),),
            ends=(ANSWER,),
            tells=(office,),
        ),
        Step(
            name="settle",
            sources=("found", "asked", "answered"),
            to="settled",
            permission=DocumentsPermission.CHECK,
            needs=(
                Need("reason", kind="choice", choices=REASONS, column="reason"),
                Need("remark", longest=LONGEST_REMARK, column="remark"),
            ),
            cancels=(ANSWER,),
            awaited=False,
        ),
        Step(
            name="match",
            sources=("found", "asked", "answered"),
            to="filed",
            permission=DocumentsPermission.CHECK,
            ends=(ANSWER,),
            automatic=True,
        ),
    ),
)
