"""The states of a motion and the steps between them: 代表法 art. 15 and 50, 地方组织法 art. 22.

Enough deputies sign the three parts, the one who leads them submits it at a session, the
presidium decides, a committee reports after it spoke with the deputies. Before the vote the
deputies withdraw it with the presidium's consent. The office records what the presidium and the
committee decide.
"""

from __future__ import annotations

from typing import Any

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


def _decided(name: str, sources: tuple[str, ...], to: str, *needs: Need, **more: Any) -> Step:
    """A decision of the presidium or the congress, which the office records: deputies hear it."""
    return Step(
        name=name,
        sources=sources,
        to=to,
        permission=DutyPermission.CHECK,
        needs=(*_DECISION, *needs),
        happened="day",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
        **more,
    )


def _reported(name: str, source: str, to: str) -> Step:
    """A committee's report after it spoke with the deputies (代表法 art. 50)."""
    return Step(
        name=name,
        sources=(source,),
        to=to,
        permission=DutyPermission.CHECK,
        needs=(
            Need("contacted", kind="date", column="contacted_day"),
            Need("report", longest=LONGEST_REPORT, column="report"),
        ),
        happened="contacted",
        tells=(terms.lead,),
        tells_people=repository.signers_of,
    )


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
    _decided("put-on-agenda", _DECIDED_ON, "agenda"),
    _decided(
        "refer",
        ("submitted",),
        "committee",
        Need("committee", kind="unit", column="committee"),
    ),
    _decided(
        "convert",
        _DECIDED_ON,
        "suggestion",
        Need("suggestion", longest=9, column="suggestion"),
        also=Also(repository.check_linked),
        final=True,
        page="convert",
    ),
    _decided("not-take", _DECIDED_ON, "not-taken", Need("reason"), awaited=False),
    _decided(
        "consent",
        BEFORE_VOTE,
        "withdrawn",
        allowed=repository.not_asked,
        obstacles=("not-asked",),
        awaited=False,
    ),
)
_AFTERWARDS = (
    _reported("report", "committee", "reported"),
    _decided(
        "adopt",
        ("agenda",),
        "adopted",
        Need("committee", kind="unit", column="committee"),
    ),
    _decided("reject", ("agenda",), "rejected"),
    _reported("finish", "adopted", "done"),
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
