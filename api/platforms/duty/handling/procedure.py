"""The part of a further unit in a suggestion, from the day on which the office asks for it."""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.duty import terms
from api.platforms.duty.handling.records import LONGEST_OPINION, PARTS, WAITING
from api.platforms.duty.handling.repository import CONTRIBUTION_KIND
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import CONTRIBUTION, CONTRIBUTION_MARKS
from api.procedures.procedure import Need, Procedure, Row, Starts, State, Step


def lead_unit(row: Row) -> Responsible:
    """Those who handle the suggestion in the unit in charge; the office while there is none."""
    if row["lead_unit"] is None:
        return terms.office(row)
    return Responsible(row["lead_unit"], DutyPermission.HANDLE)


PROCEDURE = Procedure(
    platform="duty",
    kind=CONTRIBUTION_KIND,
    words="duty.contribution",
    table=CONTRIBUTION,
    marks=CONTRIBUTION_MARKS,
    see=DutyPermission.SEE,
    mends=DutyPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/contributions/{row['id']}",
    states=(
        State("asked"),
        State("declined"),
        State("given", closed=True),
        State("released", closed=True),
    ),
    steps=(
        Step(
            name="ask",
            to="asked",
            permission=DutyPermission.CHECK,
            needs=(
                Need("unit", kind="unit", column="unit"),
                Need("part", kind="choice", choices=PARTS, column="part"),
                Need("day", kind="date", column="asked_day"),
            ),
            happened="day",
            starts=(Starts(terms.CO_OPINION, terms.unit),),
            tells=(terms.unit, lead_unit),
        ),
        Step(
            name="give",
            sources=("asked",),
            to="given",
            permission=DutyPermission.HANDLE,
            needs=(
                Need("opinion", longest=LONGEST_OPINION, column="opinion"),
                Need("day", kind="date", column="given_day"),
            ),
            happened="day",
            ends=(terms.CO_OPINION,),
            tells=(lead_unit, terms.office),
        ),
        Step(
            name="decline",
            sources=("asked",),
            to="declined",
            permission=DutyPermission.HANDLE,
            needs=(Need("article", longest=200), Need("why")),
            tells=(terms.office,),
            awaited=False,
        ),
        Step(
            name="release",
            sources=WAITING,
            to="released",
            permission=DutyPermission.CHECK,
            needs=(Need("why"),),
            cancels=(terms.CO_OPINION,),
            tells=(terms.unit, lead_unit),
            awaited=False,
        ),
        Step(
            name="insist",
            sources=("declined",),
            to="asked",
            permission=DutyPermission.CHECK,
            needs=(Need("why"),),
            tells=(terms.unit,),
        ),
        Step(
            name="follow-lead",
            sources=WAITING,
            to="",
            permission=DutyPermission.CHECK,
            needs=(Need("lead_unit", kind="unit", required=False, column="lead_unit"),),
            tells=(terms.unit, lead_unit),
            automatic=True,
        ),
    ),
)
