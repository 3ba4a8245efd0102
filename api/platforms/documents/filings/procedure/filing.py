"""The states of a filing and the steps between them: drafted, filed, checked for form, completed
or returned, registered, handed out (监督法 art. 39, and the comparators' regulations).

The numbers of days are those of Shanghai's regulation, the nearest that was read, and of Beijing's
where Shanghai has none: proposals until the office stands for them.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.platforms.documents.filings import repository
from api.platforms.documents.filings.records.checking import stopped
from api.platforms.documents.filings.records.facts import (
    FOR_GOOD,
    KIND,
    LONGEST_BASIS,
    LONGEST_REMARK,
    REASONS,
)
from api.platforms.documents.filings.tables import FILING, MARKS
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.records import KINDS, LONGEST_NUMBER, LONGEST_TITLE
from api.procedures.procedure import Also, Need, Procedure, Row, Starts, State, Step

FILE = repository.FILE_TERM
"""The maker files within 30 days of the publication."""
FORM = "rev.form.shanghai"
"""The office checks the form."""
RESEND = "rev.resend.shanghai"
"""The maker completes, or files again."""
HANDOUT = "rev.handout.beijing"
"""The office hands it out to committees."""


def maker(row: Row) -> Responsible:
    """Those who file for the maker."""
    return Responsible(row["unit"], DocumentsPermission.FILE)


def office(_row: Row) -> Responsible:
    """Those who check, register and hand out."""
    return Responsible("", DocumentsPermission.CHECK)


def _incomplete(connection: Connection, row: Row, at_ms: int) -> str:
    return "incomplete" if stopped(repository.given(connection, row, at_ms)) else ""


def _of_maker(connection: Connection, row: Row, at_ms: int) -> str:
    return "paper" if row["way"] == "paper" else _incomplete(connection, row, at_ms)


def _on_paper(connection: Connection, row: Row, at_ms: int) -> str:
    return "own" if row["way"] == "own" else _incomplete(connection, row, at_ms)


def _again(row: Row) -> bool:
    return row["reason"] not in FOR_GOOD


_FACTS = (
    Need("kind", kind="choice", choices=KINDS, column="kind"),
    Need("title", longest=LONGEST_TITLE, column="title"),
    Need("number", required=False, longest=LONGEST_NUMBER, column="number"),
    Need("passed", kind="date", required=False, column="passed"),
    Need("published", kind="date", required=False, column="published"),
    Need("in_force", kind="date", required=False, column="in_force"),
    Need("valid_until", kind="date", required=False, column="valid_until"),
    Need("basis", required=False, longest=LONGEST_BASIS, column="basis"),
    Need("amends", required=False, longest=10, column="amends"),
)
_FILING = (
    Starts(
        FILE,
        maker,
        where=lambda row: row["published"] is not None,
        start=lambda row: row["published"],
    ),
)
_FORM = (Starts(FORM, office),)
_BY_MAKER = (
    Step(
        name="draft",
        to="draft",
        permission=DocumentsPermission.FILE,
        needs=_FACTS,
        starts=_FILING,
    ),
    Step(
        name="edit",
        sources=("draft",),
        to="",
        permission=DocumentsPermission.FILE,
        needs=_FACTS,
        cancels=(FILE,),
        starts=_FILING,
        awaited=False,
        page="edit",
    ),
    Step(
        name="correct",
        sources=("returned", "completing"),
        to="",
        permission=DocumentsPermission.FILE,
        needs=_FACTS,
        awaited=False,
        page="edit",
    ),
    Step(
        name="send",
        sources=("draft", "returned"),
        to="sent",
        permission=DocumentsPermission.FILE,
        allowed=_of_maker,
        obstacles=("incomplete", "paper"),
        ends=(FILE, RESEND),
        starts=_FORM,
        tells=(office,),
    ),
    Step(
        name="complete",
        sources=("completing",),
        to="sent",
        permission=DocumentsPermission.FILE,
        allowed=_of_maker,
        obstacles=("incomplete", "paper"),
        needs=(Need("note", required=False, longest=LONGEST_REMARK),),
        ends=(RESEND,),
        starts=_FORM,
        tells=(office,),
    ),
    Step(
        name="drop",
        sources=("draft", "returned"),
        to="dropped",
        permission=DocumentsPermission.FILE,
        needs=(Need("why", longest=LONGEST_REMARK),),
        cancels=(FILE, RESEND),
        awaited=False,
    ),
)
_BY_OFFICE = (
    Step(
        name="receive",
        sources=("draft", "returned", "completing"),
        to="sent",
        permission=DocumentsPermission.CHECK,
        needs=(Need("received", kind="date"),),
        happened="received",
        allowed=_on_paper,
        obstacles=("incomplete", "own"),
        ends=(FILE, RESEND),
        starts=_FORM,
        tells=(maker,),
    ),
    Step(
        name="register",
        sources=("sent",),
        to="registered",
        permission=DocumentsPermission.CHECK,
        needs=(
            Need("entry", longest=10, column="entry"),
            Need("note", required=False, longest=LONGEST_REMARK),
        ),
        also=Also(repository.check_entered),
        ends=(FORM,),
        starts=(Starts(HANDOUT, office),),
        tells=(maker,),
        final=True,
        page="register",
    ),
    Step(
        name="ask",
        sources=("sent",),
        to="completing",
        permission=DocumentsPermission.CHECK,
        needs=(Need("lacking", longest=LONGEST_REMARK, column="lacking"),),
        ends=(FORM,),
        starts=(Starts(RESEND, maker),),
        tells=(maker,),
        awaited=False,
    ),
    Step(
        name="return",
        sources=("sent",),
        to="returned",
        permission=DocumentsPermission.CHECK,
        needs=(
            Need("reason", kind="choice", choices=REASONS, column="reason"),
            Need("remark", longest=LONGEST_REMARK, column="remark"),
        ),
        ends=(FORM,),
        starts=(Starts(RESEND, maker, where=_again),),
        tells=(maker,),
        awaited=False,
    ),
    Step(
        name="distribute",
        sources=("registered",),
        to="distributed",
        permission=DocumentsPermission.CHECK,
        also=Also(repository.check_handed),
        ends=(HANDOUT,),
        tells=(maker,),
        final=True,
        page="distribute",
    ),
)
PROCEDURE = Procedure(
    platform="documents",
    kind=KIND,
    words="documents.filing",
    table=FILING,
    marks=MARKS,
    see=DocumentsPermission.SEE,
    mends=DocumentsPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/documents/filings/{row['id']}",
    states=(
        State("draft"),
        State("sent"),
        State("returned"),
        State("completing"),
        State("registered"),
        State("distributed", closed=True),
        State("dropped", closed=True),
    ),
    steps=(*_BY_MAKER, *_BY_OFFICE),
)
