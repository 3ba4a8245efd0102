"""The states of a promise: a unit makes and reports it, the deputy confirms or denies, and where
evidence is watched the centre reports it by itself.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.evidence.records import LONGEST
from api.platforms.duty import repository as suggestions
from api.platforms.duty import terms
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises.records import (
    LONGEST_MEASURE,
    LONGEST_REPORT,
    RUNNING,
)
from api.platforms.duty.promises.repository import KIND
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.tables import PROMISE, PROMISE_MARKS
from api.procedures.procedure import Need, Procedure, Row, Starts, State, Step


def _signers(connection: Connection, row: Row) -> Collection[str]:
    suggestion = suggestions.any_suggestion(connection, row["suggestion"])
    return signing.signers(connection, "suggestion", suggestion["id"], suggestion["text_hash"])


_BY_UNIT = (
    Step(
        name="make",
        to="open",
        permission=DutyPermission.HANDLE,
        needs=(
            Need("measure", longest=LONGEST_MEASURE, column="measure"),
            Need("due_day", kind="date", column="due_day"),
            Need("evidence", required=False, longest=LONGEST, column="evidence"),
        ),
        starts=(Starts(terms.PROMISE, terms.unit, start=lambda row: row["due_day"]),),
    ),
    Step(
        name="report",
        sources=("open",),
        to="reported",
        permission=DutyPermission.HANDLE,
        needs=(
            Need("report", longest=LONGEST_REPORT, column="report"),
            Need("day", kind="date"),
        ),
        happened="day",
        ends=(terms.PROMISE,),
        tells=(terms.lead, terms.office),
        tells_people=_signers,
    ),
    Step(
        name="give-up",
        sources=("open",),
        to="given-up",
        permission=DutyPermission.HANDLE,
        needs=(Need("why"),),
        cancels=(terms.PROMISE,),
        tells=(terms.lead, terms.office),
        tells_people=_signers,
        awaited=False,
    ),
)
_BY_DEPUTY = (
    Step(
        name="confirm",
        sources=("reported",),
        to="kept",
        permission=DutyPermission.WRITE,
        person="lead",
        tells=(terms.unit, terms.office),
    ),
    Step(
        name="deny",
        sources=("reported",),
        to="open",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=(Need("why"),),
        reopens=(terms.PROMISE,),
        tells=(terms.unit, terms.office),
        final=True,
    ),
)
_BY_COMMITTEE = (
    Step(
        name="break",
        sources=RUNNING,
        to="broken",
        permission=DutyPermission.DECIDE,
        needs=(Need("why"),),
        cancels=(terms.PROMISE,),
        tells=(terms.unit, terms.lead),
        awaited=False,
    ),
)
_BY_CENTRE = (
    Step(
        name="evidence-met",
        sources=("open",),
        to="reported",
        permission=DutyPermission.CHECK,
        needs=(Need("report", longest=LONGEST_REPORT, column="report"),),
        ends=(terms.PROMISE,),
        tells=(terms.lead, terms.unit, terms.office),
        tells_people=_signers,
        automatic=True,
    ),
    Step(
        name="void",
        sources=RUNNING,
        to="void",
        permission=DutyPermission.CHECK,
        cancels=(terms.PROMISE,),
        automatic=True,
    ),
    Step(
        name="name-lead",
        sources=RUNNING,
        to="",
        permission=DutyPermission.CHECK,
        needs=(Need("lead", kind="account", column="lead"),),
        tells=(terms.lead,),
        automatic=True,
    ),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.promise",
    table=PROMISE,
    marks=PROMISE_MARKS,
    see=DutyPermission.SEE,
    mends=DutyPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/promises/{row['id']}",
    states=(
        State("open"),
        State("reported"),
        State("kept", closed=True),
        State("broken", closed=True),
        State("given-up", closed=True),
        State("void", closed=True),
    ),
    steps=(*_BY_UNIT, *_BY_DEPUTY, *_BY_COMMITTEE, *_BY_CENTRE),
)
