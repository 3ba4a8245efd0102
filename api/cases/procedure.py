"""The states of a case: opened, worked on by the means that were chosen, concluded by one person
of the office and archived by another.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.cases import repository
from api.cases.means import choosing
from api.cases.permission import CasePermission
from api.cases.records import (
    KIND,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WHY,
    MEANS,
    OVER,
    RUNNING,
    STATES,
)
from api.cases.tables import CASE, MARKS, OPENNESS
from api.procedures.procedure import Need, Procedure, Row, State, Step


def _concluded(connection: Connection, row: Row, at_ms: int) -> str:
    """Nor may a step be left behind that the law asks for."""
    if repository.open_measures(connection, row["id"]):
        return _settled(connection, row, at_ms) or "measures"
    return _settled(connection, row, at_ms)


def _settled(connection: Connection, row: Row, _at_ms: int) -> str:
    """Nothing that was asked or listed may be left behind."""
    if repository.open_questions(connection, row["id"]):
        return "questions"
    if repository.open_rectifications(connection, row["id"]):
        return "rectifications"
    return ""


_TEXT = (
    Need("title", longest=LONGEST_TITLE, column="title"),
    Need("matter", longest=LONGEST_TEXT, column="matter"),
    Need("openness", kind="choice", choices=tuple(OPENNESS), column="openness"),
    Need("unit", kind="unit", required=False, column="unit"),
)
_STEPS = (
    Step(name="open", to="open", permission=CasePermission.KEEP, needs=_TEXT),
    Step(
        name="edit",
        sources=RUNNING,
        to="",
        permission=CasePermission.KEEP,
        needs=_TEXT,
        awaited=False,
    ),
    Step(
        name="choose",
        sources=RUNNING,
        to="working",
        permission=CasePermission.DECIDE,
        needs=(
            Need("means", kind="choice", choices=MEANS, column="means"),
            Need("means_why", longest=LONGEST_WHY, column="means_why"),
            Need("meeting_day", kind="date", required=False, column="meeting_day"),
            Need("body", kind="unit", required=False),
            Need("topic", required=False, longest=LONGEST_TITLE),
        ),
        carries=choosing.chosen,
        final=True,
    ),
    Step(
        name="schedule",
        sources=("working",),
        to="",
        permission=CasePermission.DECIDE,
        needs=(
            Need("meeting_day", kind="date", column="meeting_day"),
            Need("why", longest=LONGEST_WHY),
        ),
        carries=choosing.scheduled,
        awaited=False,
        final=True,
    ),
    Step(
        name="decide",
        sources=("working",),
        to="",
        permission=CasePermission.DECIDE,
        needs=(
            Need("meeting", longest=LONGEST_TITLE),
            Need("day", kind="date"),
            Need("result", longest=LONGEST_TEXT),
        ),
        happened="day",
        awaited=False,
    ),
    Step(
        name="conclude",
        sources=("working",),
        to="concluded",
        permission=CasePermission.DECIDE,
        needs=(Need("outcome", longest=LONGEST_TEXT, column="outcome"),),
        allowed=_concluded,
        obstacles=("questions", "rectifications", "measures"),
        signs="concluded_by",
    ),
    Step(
        name="reopen",
        sources=("concluded",),
        to="working",
        permission=CasePermission.DECIDE,
        needs=(Need("why", longest=LONGEST_WHY, column="why"),),
        awaited=False,
    ),
    Step(
        name="archive",
        sources=("concluded",),
        to="archived",
        permission=CasePermission.DECIDE,
        another_than="concluded_by",
        final=True,
    ),
    Step(
        name="drop",
        sources=RUNNING,
        to="dropped",
        permission=CasePermission.DECIDE,
        needs=(Need("why", longest=LONGEST_WHY, column="why"),),
        allowed=_settled,
        obstacles=("questions", "rectifications"),
        carries=choosing.dropped,
        awaited=False,
        final=True,
    ),
)
PROCEDURE = Procedure(
    platform="cases",
    kind=KIND,
    words="cases.case",
    table=CASE,
    marks=MARKS,
    see=CasePermission.SEE,
    mends=CasePermission.DECIDE,
    title=lambda row: f"{row['number']} {row['title']}",
    path=lambda row: f"/cases/{row['id']}",
    states=tuple(State(of, closed=of in OVER) for of in STATES),
    steps=_STEPS,
)
