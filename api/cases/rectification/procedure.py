"""The states of a point on the list of rectification: listed with the evidence that will prove it,
reported by the body or by the evidence itself, confirmed by one person and struck off by another.
"""

from __future__ import annotations

from api.cases.permission import CasePermission
from api.cases.rectification.records import (
    KIND,
    LONGEST_TEXT,
    LONGEST_TITLE,
    OVER,
    RUNNING,
    STATES,
)
from api.cases.repository import runs
from api.cases.responsible import body, office
from api.cases.tables import RECTIFICATION, marks_of
from api.evidence.records import LONGEST
from api.procedures.procedure import Need, Procedure, Starts, State, Step

RECTIFY = "case.rectify"
_UNTIL = Starts(RECTIFY, body, start=lambda row: row["due_day"])
_DUE = Need("due_day", kind="date", column="due_day")
_REASON = Need("reason", longest=LONGEST_TEXT, column="reason")
_REPORT = Need("report", longest=LONGEST_TEXT, column="report")
_PAPER = Need("paper", kind="file", required=False, column="paper")
_STEPS = (
    Step(
        name="list",
        to="open",
        permission=CasePermission.KEEP,
        needs=(
            Need("title", longest=LONGEST_TITLE, column="title"),
            Need("text", longest=LONGEST_TEXT, column="text"),
            Need("unit", kind="unit", column="unit"),
            _DUE,
            Need("evidence", required=False, longest=LONGEST, column="evidence"),
        ),
        starts=(_UNTIL,),
        tells=(body,),
    ),
    Step(
        name="report",
        sources=("open",),
        to="reported",
        permission=CasePermission.ANSWER,
        needs=(_REPORT, _PAPER),
        ends=(RECTIFY,),
        tells=(office,),
    ),
    Step(
        name="record",
        sources=("open",),
        to="reported",
        permission=CasePermission.KEEP,
        needs=(_REPORT, _PAPER, Need("day", kind="date")),
        happened="day",
        ends=(RECTIFY,),
        tells=(body,),
        awaited=False,
    ),
    Step(
        name="evidence-met",
        sources=("open",),
        to="reported",
        permission=CasePermission.KEEP,
        needs=(_REPORT,),
        ends=(RECTIFY,),
        tells=(office, body),
        automatic=True,
    ),
    Step(
        name="confirm",
        sources=("reported",),
        to="confirmed",
        permission=CasePermission.KEEP,
        needs=(Need("confirmation", longest=LONGEST_TEXT, column="confirmation"),),
        signs="confirmer",
        tells=(office,),
    ),
    Step(
        name="strike-off",
        sources=("confirmed",),
        to="struck-off",
        permission=CasePermission.KEEP,
        another_than="confirmer",
        tells=(body,),
    ),
    Step(
        name="again",
        sources=("reported", "confirmed"),
        to="open",
        permission=CasePermission.KEEP,
        needs=(_REASON, _DUE),
        starts=(_UNTIL,),
        tells=(body,),
        awaited=False,
    ),
    Step(
        name="postpone",
        sources=("open",),
        to="",
        permission=CasePermission.KEEP,
        needs=(_REASON, _DUE),
        cancels=(RECTIFY,),
        starts=(_UNTIL,),
        tells=(body,),
        awaited=False,
    ),
    Step(
        name="drop",
        sources=RUNNING,
        to="dropped",
        permission=CasePermission.KEEP,
        needs=(_REASON,),
        cancels=(RECTIFY,),
        tells=(body,),
        awaited=False,
    ),
)
PROCEDURE = Procedure(
    platform="cases",
    kind=KIND,
    words="cases.rectification",
    table=RECTIFICATION,
    marks=marks_of(RECTIFICATION),
    see=CasePermission.SEE,
    mends=CasePermission.KEEP,
    whole_runs=runs,
    title=lambda row: row["title"],
    path=lambda row: f"/cases/rectifications/{row['id']}",
    states=tuple(State(of, closed=of in OVER) for of in STATES),
    steps=_STEPS,
)
