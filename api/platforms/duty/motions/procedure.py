"""The states of a motion and the steps between them: 代表法 art. 15 and 50, 地方组织法 art. 22.

Enough deputies sign the three parts, the one who leads them submits it at a session, the
presidium decides, a committee reports after it spoke with the deputies. Before the vote the
deputies withdraw it with the presidium's consent. The office records what the presidium and the
committee decide.
"""

from __future__ import annotations

from api.platforms.duty import terms
from api.platforms.duty.motions import repository
from api.platforms.duty.motions.records import (
    BEFORE_VOTE,
    KIND,
    LEVELS,
    LONGEST_REPORT,
    LONGEST_TEXT,
)
from api.platforms.duty.motions.tables import MARKS, MOTION
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.sessions import actions as sessions
from api.procedures.procedure import Also, Need, Procedure, State, Step

_TEXT = (
    Need("title", longest=100, column="title"),
    Need("basis", longest=LONGEST_TEXT, column="basis"),
    Need("plan", longest=LONGEST_TEXT, column="plan"),
)
_DECISION = (
    Need("meeting", longest=100, column="decided_by"),
    Need("day", kind="date", column="decided_day"),
)
_DECIDED_ON = ("submitted", "reported")
_BY_DEPUTY = (
    Step(
        name="write",
        to="draft",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=(Need("level", kind="choice", choices=LEVELS, column="level"), *_TEXT),
        also=Also(repository.hash_text),
    ),
    Step(
        name="edit",
        sources=("draft",),
        to="draft",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=_TEXT,
        also=Also(repository.hash_text, lambda *_: None),
        awaited=False,
        page="edit",
    ),
    Step(
        name="submit",
        sources=("draft",),
        to="submitted",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=(
            Need(
                "session",
                kind="row",
                column="session",
                offered=sessions.offered,
                known=sessions.names,
            ),
            Need("submitted", kind="date", column="submitted_day"),
        ),
        happened="submitted",
        allowed=repository.too_few,
        obstacles=("few",),
        tells=(terms.office,),
        tells_people=repository.signers_of,
        also=Also(repository.submitted, lambda *_: None),
    ),
    Step(
        name="discard",
        sources=("draft",),
        to="discarded",
        permission=DutyPermission.WRITE,
        person="lead",
        awaited=False,
    ),
    Step(
        name="ask-withdrawal",
        sources=BEFORE_VOTE,
        to="",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=(Need("why", column="withdrawal"),),
        allowed=repository.asked_already,
        obstacles=("asked",),
        tells=(terms.office,),
        tells_people=repository.signers_of,
        awaited=False,
    ),
)
_BY_PRESIDIUM = (
    Step(
        name="return",
        sources=("submitted",),
        to="draft",
        permission=DutyPermission.CHECK,
        needs=(Need("reason"),),
        tells=(terms.lead,),
        also=Also(repository.drafted, lambda *_: None),
        awaited=False,
    ),
    Step(
        name="put-on-agenda",
        sources=_DECIDED_ON,
        to="agenda",
        permission=DutyPermission.CHECK,
        needs=_DECISION,
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    ),
    Step(
        name="refer",
        sources=("submitted",),
        to="committee",
        permission=DutyPermission.CHECK,
        needs=(*_DECISION, Need("committee", kind="unit", column="committee")),
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    ),
    Step(
        name="convert",
        sources=_DECIDED_ON,
        to="suggestion",
        permission=DutyPermission.CHECK,
        needs=(*_DECISION, Need("suggestion", longest=9, column="suggestion")),
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
        also=Also(repository.check_linked),
        final=True,
        page="convert",
    ),
    Step(
        name="not-take",
        sources=_DECIDED_ON,
        to="not-taken",
        permission=DutyPermission.CHECK,
        needs=(*_DECISION, Need("reason")),
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
        awaited=False,
    ),
    Step(
        name="consent",
        sources=BEFORE_VOTE,
        to="withdrawn",
        permission=DutyPermission.CHECK,
        needs=_DECISION,
        happened="day",
        allowed=repository.not_asked,
        obstacles=("not-asked",),
        tells=(terms.lead,),
        tells_people=repository.signers_of,
        awaited=False,
    ),
)
_AFTERWARDS = (
    Step(
        name="report",
        sources=("committee",),
        to="reported",
        permission=DutyPermission.CHECK,
        needs=(
            Need("contacted", kind="date", column="contacted_day"),
            Need("report", longest=LONGEST_REPORT, column="report"),
        ),
        happened="contacted",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    ),
    Step(
        name="adopt",
        sources=("agenda",),
        to="adopted",
        permission=DutyPermission.CHECK,
        needs=(*_DECISION, Need("committee", kind="unit", column="committee")),
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    ),
    Step(
        name="reject",
        sources=("agenda",),
        to="rejected",
        permission=DutyPermission.CHECK,
        needs=_DECISION,
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    ),
    Step(
        name="finish",
        sources=("adopted",),
        to="done",
        permission=DutyPermission.CHECK,
        needs=(
            Need("contacted", kind="date", column="contacted_day"),
            Need("report", longest=LONGEST_REPORT, column="report"),
        ),
        happened="contacted",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    ),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.motion",
    table=MOTION,
    marks=MARKS,
    see=DutyPermission.SEE,
    mends=DutyPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/motions/{row['id']}",
    states=(
        State("draft"),
        State("submitted"),
        State("committee"),
        State("reported"),
        State("agenda"),
        State("adopted"),
        State("suggestion", closed=True),
        State("not-taken", closed=True),
        State("rejected", closed=True),
        State("withdrawn", closed=True),
        State("done", closed=True),
        State("discarded", closed=True),
    ),
    steps=(*_BY_DEPUTY, *_BY_PRESIDIUM, *_AFTERWARDS),
)
