"""The states of a question: one question to one body with one term, until its answer is enough.

监督法 leaves the day to whoever asks; so the term ends on the day that the question names.
"""

from __future__ import annotations

from api.cases.permission import CasePermission
from api.cases.questions.records import KIND, LONGEST_TEXT, LONGEST_TITLE, OVER, RUNNING, STATES
from api.cases.repository import runs
from api.cases.responsible import body, office
from api.cases.tables import QUESTION, marks_of
from api.procedures.procedure import Need, Procedure, Starts, State, Step

ANSWER = "case.answer"
_UNTIL = Starts(ANSWER, body, start=lambda row: row["due_day"])
_DUE = Need("due_day", kind="date", column="due_day")
_ANSWER = (
    Need("answer", longest=LONGEST_TEXT, column="answer"),
    Need("paper", kind="file", required=False, column="paper"),
)
_BY_OFFICE = (
    Step(
        name="ask",
        to="asked",
        permission=CasePermission.KEEP,
        needs=(
            Need("title", longest=LONGEST_TITLE, column="title"),
            Need("text", longest=LONGEST_TEXT, column="text"),
            Need("unit", kind="unit", column="unit"),
            _DUE,
        ),
        starts=(_UNTIL,),
        tells=(body,),
    ),
    Step(
        name="record",
        sources=("asked",),
        to="answered",
        permission=CasePermission.KEEP,
        needs=(*_ANSWER, Need("day", kind="date")),
        happened="day",
        ends=(ANSWER,),
        tells=(body,),
        awaited=False,
    ),
    Step(
        name="accept",
        sources=("answered",),
        to="accepted",
        permission=CasePermission.KEEP,
        tells=(body,),
    ),
    Step(
        name="again",
        sources=("answered",),
        to="asked",
        permission=CasePermission.KEEP,
        needs=(Need("reason", longest=LONGEST_TEXT, column="reason"), _DUE),
        starts=(_UNTIL,),
        tells=(body,),
    ),
    Step(
        name="postpone",
        sources=("asked",),
        to="",
        permission=CasePermission.KEEP,
        needs=(Need("reason", longest=LONGEST_TEXT, column="reason"), _DUE),
        cancels=(ANSWER,),
        starts=(_UNTIL,),
        tells=(body,),
        awaited=False,
    ),
    Step(
        name="drop",
        sources=RUNNING,
        to="dropped",
        permission=CasePermission.KEEP,
        needs=(Need("reason", longest=LONGEST_TEXT, column="reason"),),
        cancels=(ANSWER,),
        tells=(body,),
        awaited=False,
    ),
)
_BY_BODY = (
    Step(
        name="answer",
        sources=("asked",),
        to="answered",
        permission=CasePermission.ANSWER,
        needs=_ANSWER,
        ends=(ANSWER,),
        tells=(office,),
    ),
)
PROCEDURE = Procedure(
    platform="cases",
    kind=KIND,
    words="cases.question",
    table=QUESTION,
    marks=marks_of(QUESTION),
    see=CasePermission.SEE,
    mends=CasePermission.KEEP,
    whole_runs=runs,
    title=lambda row: row["title"],
    path=lambda row: f"/cases/questions/{row['id']}",
    states=tuple(State(of, closed=of in OVER) for of in STATES),
    steps=(*_BY_OFFICE, *_BY_BODY),
)
