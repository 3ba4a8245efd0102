"""The states of an opinion and the steps between them.

Three ways lead out of it, and no other: the deputy answers; it is passed to 12345, whose number
and result are kept; or the deputy makes a suggestion of it. Deputies hear voters and do not handle
matters themselves. In each the deputy answers the voter in the end.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.duty.opinions import repository
from api.platforms.duty.opinions.records import (
    KIND,
    LONGEST_ANSWER,
    LONGEST_BODY,
    LONGEST_LOCATION,
    LONGEST_NUMBER,
    LONGEST_TITLE,
    WAYS,
)
from api.platforms.duty.opinions.tables import MARKS, OPINION
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Also, Need, Procedure, Row, Starts, State, Step


def deputy(row: Row) -> Responsible:
    """The deputy to whom it was written."""
    return Responsible("", DutyPermission.ANSWER_VOTERS, row["deputy"])


def office(_row: Row) -> Responsible:
    """Those who pass opinions on."""
    return Responsible("", DutyPermission.FORWARD_OPINIONS)


TERM = "opinion.answer"
"""The district's own: the deputy takes a first step within it."""
_TERM = (Starts(TERM, deputy, from_entry=True),)
_PASSED = (
    Need("number", longest=LONGEST_NUMBER, column="number"),
    Need("passed", kind="date", column="passed_day"),
)
_TO_DO = ("received", "returned")
_BY_DEPUTY = (
    Step(
        name="answer",
        sources=(*_TO_DO, "suggested"),
        to="answered",
        permission=DutyPermission.ANSWER_VOTERS,
        person="deputy",
        ends=(TERM,),
        needs=(Need("answer", longest=LONGEST_ANSWER, column="answer"),),
    ),
    Step(
        name="ask-pass",
        sources=("received",),
        to="passing",
        permission=DutyPermission.ANSWER_VOTERS,
        person="deputy",
        ends=(TERM,),
        needs=(Need("note", required=False),),
        tells=(office,),
        awaited=False,
    ),
    Step(
        name="suggest",
        sources=_TO_DO,
        to="suggested",
        permission=DutyPermission.ANSWER_VOTERS,
        person="deputy",
        ends=(TERM,),
        needs=(Need("suggestion", longest=9, column="suggestion"),),
        also=Also(repository.check_linked),
        final=True,
        awaited=False,
        page="suggest",
    ),
    Step(
        name="not-mine",
        sources=("received",),
        to="unassigned",
        permission=DutyPermission.ANSWER_VOTERS,
        person="deputy",
        cancels=(TERM,),
        needs=(Need("why"),),
        tells=(office,),
        awaited=False,
    ),
    Step(
        name="revise",
        sources=("answered",),
        to="",
        permission=DutyPermission.ANSWER_VOTERS,
        person="deputy",
        needs=(Need("answer", longest=LONGEST_ANSWER, column="answer"),),
        awaited=False,
    ),
)
_BY_OFFICE = (
    Step(
        name="receive",
        to="received",
        permission=DutyPermission.FORWARD_OPINIONS,
        needs=(
            Need("title", longest=LONGEST_TITLE, column="title"),
            Need("body", longest=LONGEST_BODY, column="body"),
            Need("location", required=False, longest=LONGEST_LOCATION, column="location"),
            Need("way", kind="choice", choices=WAYS, column="way"),
            Need("received", kind="date", column="received_day"),
        ),
        happened="received",
        starts=_TERM,
        tells=(deputy,),
    ),
    Step(
        name="pass-on",
        sources=("passing",),
        to="passed",
        permission=DutyPermission.FORWARD_OPINIONS,
        needs=_PASSED,
        happened="passed",
        ends=(TERM,),
        tells=(deputy,),
    ),
    Step(
        name="reassign",
        sources=("unassigned",),
        to="received",
        permission=DutyPermission.FORWARD_OPINIONS,
        starts=_TERM,
        needs=(Need("deputy", kind="account", column="deputy"),),
        tells=(deputy,),
        also=Also(repository.check_colleague, lambda *_: None),
        page="reassign",
    ),
    Step(
        name="unassign",
        sources=("received", "passing", "passed", "returned", "suggested"),
        to="unassigned",
        permission=DutyPermission.FORWARD_OPINIONS,
        cancels=(TERM,),
        needs=(Need("why"),),
        tells=(deputy,),
        awaited=False,
    ),
)
_BY_EITHER = (
    Step(
        name="pass",
        sources=("received",),
        to="passed",
        permission=DutyPermission.SEE_OPINIONS,
        needs=_PASSED,
        happened="passed",
        ends=(TERM,),
        tells=(deputy,),
        awaited=False,
    ),
    Step(
        name="outcome",
        sources=("passed",),
        to="returned",
        permission=DutyPermission.SEE_OPINIONS,
        needs=(Need("outcome", longest=LONGEST_ANSWER, column="outcome"),),
        tells=(deputy,),
    ),
    Step(
        name="dismiss",
        sources=("received", "unassigned"),
        to="dismissed",
        permission=DutyPermission.SEE_OPINIONS,
        cancels=(TERM,),
        needs=(Need("why"),),
        tells=(deputy,),
        awaited=False,
    ),
    Step(
        name="close",
        sources=("answered",),
        to="closed",
        permission=DutyPermission.SEE_OPINIONS,
        awaited=False,
    ),
    Step(
        name="expire",
        sources=("answered",),
        to="closed",
        permission=DutyPermission.FORWARD_OPINIONS,
        automatic=True,
    ),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.opinion",
    table=OPINION,
    marks=MARKS,
    see=DutyPermission.SEE_OPINIONS,
    mends=DutyPermission.FORWARD_OPINIONS,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/opinions/{row['id']}",
    states=(
        State("received"),
        State("unassigned"),
        State("passing"),
        State("passed"),
        State("returned"),
        State("suggested"),
        State("answered"),
        State("closed", closed=True),
        State("dismissed", closed=True),
    ),
    steps=(*_BY_DEPUTY, *_BY_OFFICE, *_BY_EITHER),
)
