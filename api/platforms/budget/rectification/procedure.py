"""The states of a rectification: the office hands a problem of the audit to the unit in charge,
the unit reports, two people of the office strike it off.

监督法 art. 27: within six months of the audit's report the standing committee hears what was put
right. 审计法 art. 52: the unit puts it right in the time that was set. Who confirms, and by how
many people, is the district's own.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rectification.records import (
    CONFIRMERS,
    KIND,
    LONGEST_TEXT,
    OVER,
    RUNNING,
    STATES,
    WAYS,
)
from api.platforms.budget.rectification.tables import MARKS, RECTIFICATION
from api.procedures.procedure import Need, Procedure, Row, Starts, State, Step

RECTIFY = "bgt.audit.rectify"
TERMS = (RECTIFY,)


def office(_row: Row) -> Responsible:
    """Those who follow the rectification."""
    return Responsible("", BudgetPermission.SCREEN)


def unit(row: Row) -> Responsible:
    """Those who put it right in the unit in charge."""
    return Responsible(row["unit"], BudgetPermission.EXPLAIN)


_UNTIL = Starts(RECTIFY, unit, start=lambda row: row["due_day"])
_DUE = Need("due_day", kind="date", column="due_day")
_MONEY = Need("put_right", kind="money", required=False, longest=20, column="put_right")
_OPENING = (
    Step(
        name="open",
        to="open",
        permission=BudgetPermission.SCREEN,
        needs=(
            Need("unit", kind="unit", column="unit"),
            Need("way", kind="choice", choices=WAYS, column="way"),
            _DUE,
        ),
        starts=(_UNTIL,),
        tells=(unit,),
    ),
    Step(
        name="name-unit",
        sources=("open",),
        to="",
        permission=BudgetPermission.SCREEN,
        needs=(Need("unit", kind="unit", column="unit"),),
        cancels=TERMS,
        starts=(_UNTIL,),
        tells=(unit,),
        awaited=False,
    ),
)
_BY_UNIT = (
    Step(
        name="progress",
        sources=("open",),
        to="",
        permission=BudgetPermission.EXPLAIN,
        needs=(Need("progress", longest=LONGEST_TEXT, column="progress"), _MONEY),
        tells=(office,),
        awaited=False,
    ),
    Step(
        name="report",
        sources=("open",),
        to="reported",
        permission=BudgetPermission.EXPLAIN,
        needs=(
            Need("rectification", longest=LONGEST_TEXT, column="rectification"),
            _MONEY,
            Need("evidence", kind="file", required=False, column="evidence"),
        ),
        ends=TERMS,
        tells=(office,),
    ),
)
_ON_PAPER = (
    Step(
        name="record",
        sources=("open",),
        to="reported",
        permission=BudgetPermission.SCREEN,
        needs=(
            Need("rectification", longest=LONGEST_TEXT, column="rectification"),
            _MONEY,
            Need("day", kind="date"),
            Need("evidence", kind="file", required=False, column="evidence"),
        ),
        happened="day",
        ends=TERMS,
        tells=(unit,),
        awaited=False,
    ),
)
_JUDGING = (
    Step(
        name="confirm",
        sources=("reported",),
        to="confirmed",
        permission=BudgetPermission.SCREEN,
        needs=(
            Need("confirmed_by", kind="choice", choices=CONFIRMERS, column="confirmed_by"),
            Need("confirmation", longest=LONGEST_TEXT, column="confirmation"),
        ),
        signs="confirmer",
        tells=(office,),
    ),
    Step(
        name="close",
        sources=("confirmed",),
        to="closed",
        permission=BudgetPermission.SCREEN,
        another_than="confirmer",
        needs=(Need("outcome", required=False, longest=LONGEST_TEXT, column="outcome"),),
        tells=(unit,),
    ),
    Step(
        name="again",
        sources=("reported", "confirmed"),
        to="open",
        permission=BudgetPermission.SCREEN,
        needs=(Need("reason", longest=LONGEST_TEXT, column="reason"), _DUE),
        starts=(_UNTIL,),
        tells=(unit,),
    ),
    Step(
        name="postpone",
        sources=("open",),
        to="",
        permission=BudgetPermission.SCREEN,
        needs=(Need("reason", longest=LONGEST_TEXT, column="reason"), _DUE),
        cancels=TERMS,
        starts=(_UNTIL,),
        tells=(unit,),
        awaited=False,
    ),
    Step(
        name="retract",
        sources=RUNNING,
        to="withdrawn",
        permission=BudgetPermission.SCREEN,
        needs=(Need("why", column="why"),),
        cancels=TERMS,
        tells=(unit,),
        awaited=False,
    ),
)
PROCEDURE = Procedure(
    platform="budget",
    kind=KIND,
    words="budget.rectify",
    table=RECTIFICATION,
    marks=MARKS,
    see=BudgetPermission.SEE_FINDINGS,
    mends=BudgetPermission.SCREEN,
    title=lambda row: row["title"],
    path=lambda row: f"/budget/rectification/{row['id']}",
    states=tuple(State(of, closed=of in OVER) for of in STATES),
    steps=(*_OPENING, *_BY_UNIT, *_ON_PAPER, *_JUDGING),
)
