"""An appraisal: planned, reported on, voted, counted, decided at a meeting, answered.

Officers whom the congress or its standing committee appointed report on their duty and are
appraised: no law has a form of it, 启东 and 淮安 do it by rules of their own. The vote binds no
one: a meeting decides, by name and day. Cases are no part of it.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.judicial import texts
from api.platforms.judicial.appraisals import repository
from api.platforms.judicial.appraisals.records import (
    KIND,
    LONGEST_DECISION,
    LONGEST_MEETING,
    LONGEST_OFFICE,
    LONGEST_PERSON,
    LONGEST_REPORT,
)
from api.platforms.judicial.appraisals.tables import APPRAISAL, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Need, Procedure, Row, State, Step


def office(_row: Row) -> Responsible:
    """Those who hold appraisals."""
    return Responsible("", JudicialPermission.APPRAISE)


def body(row: Row) -> Responsible:
    """Those who answer in the body of the officer."""
    return Responsible(row["unit"], JudicialPermission.SUBMIT)


PROCEDURE = Procedure(
    platform="judicial",
    kind=KIND,
    words="judicial.appraisal",
    table=APPRAISAL,
    marks=MARKS,
    see=JudicialPermission.SEE,
    texts=texts.rule_of("office", "basis", "report", "decision", "measures"),
    mends=JudicialPermission.APPRAISE,
    title=lambda row: f"{row['office']} {row['person']}",
    path=lambda row: f"/judicial/appraisals/{row['id']}",
    states=(
        State("planned"),
        State("reported"),
        State("open"),
        State("counted"),
        State("decided"),
        State("answered"),
        State("closed", closed=True),
        State("dropped", closed=True),
    ),
    steps=(
        Step(
            name="plan",
            to="planned",
            permission=JudicialPermission.APPRAISE,
            needs=(
                Need("unit", kind="unit", column="unit"),
                Need("person", longest=LONGEST_PERSON, column="person"),
                Need("office", longest=LONGEST_OFFICE, column="office"),
                Need("basis", longest=LONGEST_MEETING, column="basis"),
            ),
            tells=(body,),
        ),
        Step(
            name="report",
            sources=("planned",),
            to="reported",
            permission=JudicialPermission.SUBMIT,
            needs=(Need("report", longest=LONGEST_REPORT, column="report"),),
            tells=(office,),
        ),
        Step(
            name="open",
            sources=("reported",),
            to="open",
            permission=JudicialPermission.APPRAISE,
            needs=(Need("last_day", kind="date", column="last_day"),),
            allowed=repository.not_open,
            obstacles=("ballots",),
            tells=(body,),
            final=True,
        ),
        Step(
            name="count",
            sources=("open",),
            to="counted",
            permission=JudicialPermission.APPRAISE,
            allowed=repository.not_counted,
            obstacles=("counting",),
            tells=(body,),
            awaited=False,
            final=True,
        ),
        Step(
            name="decide",
            sources=("counted",),
            to="decided",
            permission=JudicialPermission.DECIDE,
            needs=(
                Need("meeting", longest=LONGEST_MEETING, column="meeting"),
                Need("decided", kind="date", column="decided_day"),
                Need("decision", longest=LONGEST_DECISION, column="decision"),
            ),
            happened="decided",
            tells=(body, office),
        ),
        Step(
            name="answer",
            sources=("decided",),
            to="answered",
            permission=JudicialPermission.SUBMIT,
            needs=(Need("measures", longest=LONGEST_DECISION, column="measures"),),
            tells=(office,),
        ),
        Step(
            name="close",
            sources=("decided", "answered"),
            to="closed",
            permission=JudicialPermission.DECIDE,
            tells=(body,),
        ),
        Step(
            name="drop",
            sources=("planned", "reported"),
            to="dropped",
            permission=JudicialPermission.APPRAISE,
            needs=(Need("why"),),
            tells=(body,),
            awaited=False,
        ),
    ),
)
