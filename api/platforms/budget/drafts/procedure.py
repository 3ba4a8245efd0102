"""The states of a point of review 初审意见: whoever reviews a draft writes it, the office takes it
up or not. What it took up stands in the paper on the first review (预算法 art. 22, 44).
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.budget.drafts.tables import MARKS, POINT
from api.platforms.budget.permission import BudgetPermission
from api.procedures.procedure import Need, Procedure, Row, State, Step

KIND = "review-point"
LONGEST_TEXT = 1000
_TEXT = (
    Need("what", longest=LONGEST_TEXT, column="what"),
    Need("basis", longest=LONGEST_TEXT, column="basis"),
    Need("addressee", longest=100, column="addressee"),
)


def author(row: Row) -> Responsible:
    """Whoever wrote it."""
    return Responsible("", BudgetPermission.REVIEW, row["author"])


PROCEDURE = Procedure(
    platform="budget",
    kind=KIND,
    words="budget.point",
    table=POINT,
    marks=MARKS,
    see=BudgetPermission.REVIEW,
    mends=BudgetPermission.SCREEN,
    title=lambda row: row["what"][:100],
    path=lambda row: f"/budget/drafts/points/{row['id']}",
    states=(
        State("proposed"),
        State("adopted"),
        State("declined", closed=True),
        State("retracted", closed=True),
    ),
    steps=(
        Step(
            name="write",
            to="proposed",
            permission=BudgetPermission.REVIEW,
            person="author",
            needs=_TEXT,
        ),
        Step(
            name="edit",
            sources=("proposed",),
            to="proposed",
            permission=BudgetPermission.REVIEW,
            person="author",
            needs=_TEXT,
            awaited=False,
        ),
        Step(
            name="retract",
            sources=("proposed",),
            to="retracted",
            permission=BudgetPermission.REVIEW,
            person="author",
            awaited=False,
        ),
        Step(
            name="adopt",
            sources=("proposed",),
            to="adopted",
            permission=BudgetPermission.SCREEN,
            tells=(author,),
        ),
        Step(
            name="decline",
            sources=("proposed",),
            to="declined",
            permission=BudgetPermission.SCREEN,
            needs=(Need("reason", column="reason"),),
            tells=(author,),
            awaited=False,
        ),
        Step(
            name="reword",
            sources=("adopted",),
            to="adopted",
            permission=BudgetPermission.SCREEN,
            needs=_TEXT,
            awaited=False,
        ),
        Step(
            name="drop",
            sources=("adopted",),
            to="declined",
            permission=BudgetPermission.SCREEN,
            needs=(Need("reason", column="reason"),),
            tells=(author,),
            awaited=False,
        ),
    ),
)
