"""Key supervision: a committee proposes, the director's meeting decides, the unit's head answers
face to face (代表法 art. 52).
"""

from __future__ import annotations

from api.platforms.duty import terms
from api.platforms.duty.key_supervision.records import LONGEST_MINUTES
from api.platforms.duty.key_supervision.repository import KIND
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import KEY_SUPERVISION, KEY_SUPERVISION_MARKS
from api.procedures.procedure import Need, Procedure, State, Step

_MEETING = (
    Need("meeting", longest=100, column="meeting"),
    Need("day", kind="date", column="decided_day"),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.supervision",
    table=KEY_SUPERVISION,
    marks=KEY_SUPERVISION_MARKS,
    see=DutyPermission.SEE,
    mends=DutyPermission.DECIDE,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/key-supervision/{row['id']}",
    states=(
        State("proposed"),
        State("decided"),
        State("answered"),
        State("done", closed=True),
        State("rejected", closed=True),
    ),
    steps=(
        Step(
            name="propose",
            to="proposed",
            permission=DutyPermission.DECIDE,
            needs=(Need("committee", kind="unit", column="committee"), Need("why", column="why")),
            tells=(terms.committee,),
        ),
        Step(
            name="decide",
            sources=("proposed",),
            to="decided",
            permission=DutyPermission.DECIDE,
            needs=(*_MEETING, Need("unit", kind="unit", column="unit")),
            happened="day",
            tells=(terms.unit, terms.office, terms.committee),
        ),
        Step(
            name="reject",
            sources=("proposed",),
            to="rejected",
            permission=DutyPermission.DECIDE,
            needs=(*_MEETING, Need("reason")),
            happened="day",
            tells=(terms.office, terms.committee),
            awaited=False,
        ),
        Step(
            name="answer",
            sources=("decided",),
            to="answered",
            permission=DutyPermission.HANDLE,
            needs=(
                Need("head", longest=80, column="head"),
                Need("minutes", longest=LONGEST_MINUTES, column="minutes"),
                Need("held", kind="date"),
            ),
            happened="held",
            tells=(terms.office, terms.committee),
        ),
        Step(
            name="finish",
            sources=("answered",),
            to="done",
            permission=DutyPermission.DECIDE,
            needs=(Need("outcome"),),
            tells=(terms.unit, terms.office),
        ),
    ),
)
