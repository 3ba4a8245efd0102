"""The states of a finding: the office screens and asks, the unit explains, the office judges and
checks. No step says guilt: a finding is a question until it is closed.

The standing committee supervises budgets by 监督法 art. 18 to 30; that it asks in this way, and
until when, is the district's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.platforms.budget.findings.records import (
    ASKED,
    CAUSES,
    KIND,
    LONGEST_TEXT,
    OVER,
    REASONS,
    STATES,
    UNSENT,
)
from api.platforms.budget.findings.tables import FINDING, MARKS
from api.platforms.budget.permission import BudgetPermission
from api.procedures.procedure import Also, Given, Need, Procedure, Row, Starts, State, Step

EXPLAIN = "bgt.finding.explain"
RECTIFY = "bgt.finding.rectify"
TERMS = (EXPLAIN, RECTIFY)


def office(_row: Row) -> Responsible:
    """Those who screen findings."""
    return Responsible("", BudgetPermission.SCREEN)


def unit(row: Row) -> Responsible:
    """Those who explain in the unit that was asked."""
    return Responsible(row["unit"], BudgetPermission.EXPLAIN)


def _of_nobody(_connection: Connection, row: Row, _at_ms: int) -> str:
    return "" if row["unit"] else "no-unit"


def _ask(connection: Connection, row: Row, _given: Given) -> None:
    asked = sa.update(FINDING).where(FINDING.c.id == row["id"])
    connection.execute(asked.values(asked=True))


def _ask_no_more(connection: Connection, row: Row, _given: Given) -> None:
    asked = sa.update(FINDING).where(FINDING.c.id == row["id"])
    connection.execute(asked.values(asked=row["asked"]))


_RECTIFIED_BY = Starts(RECTIFY, unit, start=lambda row: row["due_day"])
_SCREENING = (
    Step(
        name="find",
        to="found",
        permission=BudgetPermission.SCREEN,
        automatic=True,
    ),
    Step(
        name="select",
        sources=("found",),
        to="to-send",
        permission=BudgetPermission.SCREEN,
        awaited=False,
    ),
    Step(
        name="exclude",
        sources=UNSENT,
        to="excluded",
        permission=BudgetPermission.SCREEN,
        needs=(
            Need("reason", kind="choice", choices=REASONS, column="reason"),
            Need("why", column="why"),
        ),
        awaited=False,
    ),
    Step(
        name="name-unit",
        sources=UNSENT,
        to="",
        permission=BudgetPermission.SCREEN,
        needs=(Need("unit", kind="unit", column="unit"),),
        awaited=False,
    ),
    Step(
        name="send",
        sources=("to-send",),
        to="sent",
        permission=BudgetPermission.SCREEN,
        needs=(Need("question", required=False, longest=LONGEST_TEXT, column="question"),),
        allowed=_of_nobody,
        obstacles=("no-unit",),
        starts=(Starts(EXPLAIN, unit),),
        tells=(unit,),
        also=Also(_ask, _ask_no_more),
    ),
)
_ANSWERING = (
    Step(
        name="explain",
        sources=("sent",),
        to="explained",
        permission=BudgetPermission.EXPLAIN,
        needs=(Need("explanation", longest=LONGEST_TEXT, column="explanation"),),
        ends=(EXPLAIN,),
        tells=(office,),
    ),
    Step(
        name="report",
        sources=("rectifying",),
        to="rectified",
        permission=BudgetPermission.EXPLAIN,
        needs=(Need("rectification", longest=LONGEST_TEXT, column="rectification"),),
        ends=(RECTIFY,),
        tells=(office,),
    ),
)
_JUDGING = (
    Step(
        name="accept",
        sources=("explained",),
        to="accepted",
        permission=BudgetPermission.SCREEN,
        needs=(Need("verdict", longest=LONGEST_TEXT, column="verdict"),),
        tells=(unit,),
    ),
    Step(
        name="rectify",
        sources=("explained",),
        to="rectifying",
        permission=BudgetPermission.SCREEN,
        needs=(
            Need("verdict", longest=LONGEST_TEXT, column="verdict"),
            Need("due_day", kind="date", column="due_day"),
        ),
        starts=(_RECTIFIED_BY,),
        tells=(unit,),
    ),
    Step(
        name="return",
        sources=("explained",),
        to="sent",
        permission=BudgetPermission.SCREEN,
        needs=(Need("further", longest=LONGEST_TEXT),),
        starts=(Starts(EXPLAIN, unit),),
        tells=(unit,),
    ),
    Step(
        name="close",
        sources=("rectified",),
        to="closed",
        permission=BudgetPermission.SCREEN,
        needs=(Need("outcome", longest=LONGEST_TEXT, column="outcome"),),
        tells=(unit,),
    ),
    Step(
        name="again",
        sources=("rectified",),
        to="rectifying",
        permission=BudgetPermission.SCREEN,
        needs=(
            Need("lacking", longest=LONGEST_TEXT),
            Need("due_day", kind="date", column="due_day"),
        ),
        starts=(_RECTIFIED_BY,),
        tells=(unit,),
    ),
)
_WITHDRAWING = (
    Step(
        name="retract",
        sources=UNSENT,
        to="withdrawn",
        permission=BudgetPermission.SCREEN,
        needs=(Need("why", column="why"),),
        awaited=False,
    ),
    Step(
        name="call-back",
        sources=ASKED,
        to="withdrawn",
        permission=BudgetPermission.SCREEN,
        needs=(Need("why", column="why"),),
        cancels=TERMS,
        tells=(unit,),
        awaited=False,
    ),
    Step(
        name="lapse",
        sources=UNSENT,
        to="withdrawn",
        permission=BudgetPermission.SCREEN,
        needs=(Need("cause", kind="choice", choices=CAUSES),),
        automatic=True,
    ),
    Step(
        name="void",
        sources=ASKED,
        to="withdrawn",
        permission=BudgetPermission.SCREEN,
        needs=(Need("cause", kind="choice", choices=CAUSES),),
        cancels=TERMS,
        tells=(unit, office),
        automatic=True,
    ),
)
PROCEDURE = Procedure(
    platform="budget",
    kind=KIND,
    words="budget.question",
    table=FINDING,
    marks=MARKS,
    see=BudgetPermission.SEE_FINDINGS,
    mends=BudgetPermission.SCREEN,
    title=lambda row: row["title"],
    path=lambda row: f"/budget/findings/{row['id']}",
    states=tuple(State(of, closed=of in OVER) for of in STATES),
    steps=(*_SCREENING, *_ANSWERING, *_JUDGING, *_WITHDRAWING),
)
