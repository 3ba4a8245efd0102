"""The states of a measure, a step that the chosen means asks for: planned when the means is
chosen, then done, or skipped with the reason; void where another means took its place.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from api.cases import repository
from api.cases.means.records import KIND, LONGEST_NOTE, OVER, STATES, required, timed
from api.cases.permission import CasePermission
from api.cases.records import LONGEST_WHY, RUNNING
from api.cases.responsible import office
from api.cases.tables import MEASURE, marks_of
from api.deadlines.records import Responsible
from api.procedures.procedure import Also, Given, Need, Procedure, Row, Starts, State, Step
from api.procedures.refusals import NotWithdrawn


def owner(row: Row) -> Responsible:
    """Those who have to do it: of the body supervised, of the committee that leads, or the office
    where it names no unit.
    """
    step = required(row["means"], row["name"])
    if row["unit"] and step is not None and step.who == "unit":
        return Responsible(row["unit"], CasePermission.ANSWER)
    return Responsible(row["unit"], CasePermission.KEEP)


def _asked(means: str, name: str) -> Callable[[Row], bool]:
    return lambda row: (
        (row["means"], row["name"]) == (means, name) and row["start_day"] is not None
    )


def _of_running_case(connection: Connection, row: Row, _given: Given) -> None:
    """Nothing that a concluded case rests on is taken back behind it."""
    case = repository.any_case(connection, row["case_id"])
    if case["state"] not in RUNNING:
        raise NotWithdrawn("final", f"case {case['number']} is {case['state']}")


RULES = tuple(dict.fromkeys(step.rule for _, step in timed()))
_UNTIL = tuple(
    Starts(step.rule, owner, where=_asked(means, step.name), start=lambda row: row["start_day"])
    for means, step in timed()
)
_HELD = Also(lambda *_: None, _of_running_case)
_NOTE = Need("note", longest=LONGEST_NOTE, column="note")
_PAPER = Need("paper", kind="file", required=False, column="paper")
_BY_CENTRE = (
    Step(
        name="plan",
        to="planned",
        permission=CasePermission.KEEP,
        starts=_UNTIL,
        tells=(owner,),
        automatic=True,
        final=True,
    ),
    Step(
        name="move",
        sources=("planned",),
        to="",
        permission=CasePermission.KEEP,
        needs=(Need("start_day", kind="date", column="start_day"),),
        cancels=RULES,
        starts=_UNTIL,
        tells=(owner,),
        automatic=True,
        final=True,
    ),
    Step(
        name="void",
        sources=("planned",),
        to="void",
        permission=CasePermission.KEEP,
        cancels=RULES,
        tells=(owner,),
        automatic=True,
        final=True,
    ),
)
_BY_PEOPLE = (
    Step(
        name="report",
        sources=("planned",),
        to="done",
        permission=CasePermission.ANSWER,
        needs=(_NOTE, _PAPER),
        ends=RULES,
        tells=(office,),
        also=_HELD,
    ),
    Step(
        name="record",
        sources=("planned",),
        to="done",
        permission=CasePermission.KEEP,
        needs=(Need("day", kind="date", column="done_day"), _NOTE, _PAPER),
        happened="day",
        ends=RULES,
        tells=(owner,),
        also=_HELD,
    ),
    Step(
        name="skip",
        sources=("planned",),
        to="skipped",
        permission=CasePermission.DECIDE,
        needs=(Need("note", longest=LONGEST_WHY, column="note"),),
        cancels=RULES,
        tells=(owner,),
        also=_HELD,
        awaited=False,
    ),
)
PROCEDURE = Procedure(
    platform="cases",
    kind=KIND,
    words="cases.measure",
    table=MEASURE,
    marks=marks_of(MEASURE),
    see=CasePermission.SEE,
    mends=CasePermission.KEEP,
    title=lambda row: row["title"],
    path=lambda row: f"/cases/measures/{row['id']}",
    states=tuple(State(of, closed=of in OVER) for of in STATES),
    steps=(*_BY_CENTRE, *_BY_PEOPLE),
)
