"""The procedures of a platform's meetings, and of the answers to them, as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.visibility import Marks
from api.deadlines.records import Responsible
from api.meetings import repository
from api.meetings.records import LONGEST_TEXT, WANTS, Host
from api.meetings.tables import INVITATION, MEETING
from api.procedures.procedure import Need, Procedure, Row, State, Step

_INTERNAL = sa.literal(1)
_NEVER = sa.false()
LONGEST_INVITED = 60_000


@dataclass(frozen=True, slots=True)
class MeetingProcedures:
    """Of one platform: meetings, and their invitations as the office and as a person sees them.
    The latter two have the same rows and events; a person sees the own invitation alone.
    """

    host: Host
    meeting: Procedure
    invitation: Procedure
    own: Procedure


def of_host(host: Host) -> MeetingProcedures:
    """The procedures of a platform."""
    return MeetingProcedures(
        host, _meeting(host), _invitation(host, own=False), _invitation(host, own=True)
    )


def _details(host: Host) -> tuple[Need, ...]:
    """Everything that those invited read; empty where it is a notice without a time."""
    return (
        Need("title", longest=200, column="title"),
        Need("kind", kind="choice", choices=host.kinds, column="kind"),
        Need("wants", kind="choice", choices=WANTS, column="wants"),
        Need("text", required=False, longest=LONGEST_TEXT, column="text"),
        *_changing(),
        Need("invited", required=False, longest=LONGEST_INVITED, column="invited"),
    )


def _changing() -> tuple[Need, ...]:
    """The details that may still change once people are invited."""
    return (
        Need("from", kind="instant", required=False, column="from_ms"),
        Need("until", kind="instant", required=False, column="until_ms"),
        Need("location", required=False, longest=200, column="location"),
        Need("link", required=False, longest=500, column="link"),
        Need("agenda", required=False, longest=LONGEST_TEXT, column="agenda"),
    )


def _complete(_connection: Connection, row: Row, _at_ms: int) -> str:
    """Whatever is missing before people are invited."""
    if not row["invited"]:
        return "nobody"
    if row["wants"] != "attend":
        return ""
    if row["from_ms"] is None:
        return "time"
    if row["until_ms"] is not None and row["until_ms"] <= row["from_ms"]:
        return "until"
    return "" if row["location"] or row["link"] else "location"


def _begun(_connection: Connection, row: Row, at_ms: int) -> str:
    """A meeting ends after it has begun."""
    return "early" if row["from_ms"] is not None and at_ms < row["from_ms"] else ""


def _meeting(host: Host) -> Procedure:
    convene = host.convene
    return Procedure(
        platform=host.platform,
        kind="meeting",
        words="meetings.meeting",
        table=MEETING,
        marks=Marks(
            MEETING.c.unit, _INTERNAL, _NEVER, private=MEETING.c.platform != host.platform
        ),
        see=convene,
        mends=convene,
        title=lambda row: row["title"],
        path=lambda row: f"{host.path}/{row['id']}",
        states=(
            State("draft"),
            State("sent"),
            State("ended", closed=True),
            State("cancelled", closed=True),
        ),
        steps=_meeting_steps(host),
    )


def _meeting_steps(host: Host) -> tuple[Step, ...]:
    convene = host.convene
    return (
        Step(name="make", to="draft", permission=convene, needs=_details(host)),
        Step(
            name="edit",
            sources=("draft",),
            to="draft",
            permission=convene,
            needs=_details(host),
            awaited=False,
        ),
        Step(
            name="send",
            sources=("draft",),
            to="sent",
            permission=convene,
            allowed=_complete,
            obstacles=("nobody", "time", "until", "location"),
            final=True,
        ),
        Step(
            name="change",
            sources=("sent",),
            to="sent",
            permission=convene,
            needs=(*_changing(), Need("why")),
            awaited=False,
            final=True,
        ),
        Step(
            name="end",
            sources=("sent",),
            to="ended",
            permission=convene,
            allowed=_begun,
            obstacles=("early",),
            awaited=False,
        ),
        Step(
            name="cancel",
            sources=("draft", "sent"),
            to="cancelled",
            permission=convene,
            needs=(Need("why"),),
            awaited=False,
            final=True,
        ),
    )


def _taken(connection: Connection, row: Row, wants: str) -> str:
    """Whether the meeting takes such an answer now."""
    state, wanted = repository.wanted(connection, row["meeting"])
    if state != "sent":
        return "over"
    return "" if wanted == wants else "unasked"


def _attends(connection: Connection, row: Row, _at_ms: int) -> str:
    return _taken(connection, row, "attend")


def _confirms(connection: Connection, row: Row, _at_ms: int) -> str:
    return _taken(connection, row, "confirm")


def _invitation(host: Host, *, own: bool) -> Procedure:
    """``own``: as the person sees it."""

    def person(row: Row) -> Responsible:
        return Responsible("", host.attend, row["username"])

    def office(row: Row) -> Responsible:
        return Responsible(row["host"], host.convene)

    at = INVITATION.c
    foreign = at.platform != host.platform
    return Procedure(
        platform=host.platform,
        kind="invitation",
        words="meetings.invitation",
        table=INVITATION,
        marks=Marks(
            at.host,
            _INTERNAL,
            _NEVER,
            people=(lambda name: sa.and_(at.username == name, ~foreign)) if own else None,
            private=sa.true() if own else foreign,
        ),
        see=host.attend if own else host.convene,
        mends=None if own else host.convene,
        title=lambda row: row["title"],
        path=lambda row: f"{host.path}/invitations/{row['id']}",
        states=(
            State("invited"),
            State("confirmed"),
            State("attending"),
            State("leave-asked"),
            State("on-leave"),
            State("leave-refused"),
            State("revoked", closed=True),
        ),
        steps=(
            Step(name="invite", to="invited", permission=host.convene),
            *_own_steps(host, office),
            *_office_steps(host, person),
        ),
    )


_OF_COMING = ("invited", "attending", "leave-asked", "on-leave", "leave-refused")


def _own_steps(host: Host, office: Callable[[Row], Responsible]) -> tuple[Step, ...]:
    return (
        Step(
            name="confirm",
            sources=("invited",),
            to="confirmed",
            permission=host.attend,
            person="username",
            allowed=_confirms,
            obstacles=("over", "unasked"),
            awaited=False,
            final=True,
        ),
        Step(
            name="attend",
            sources=("invited", "leave-asked", "on-leave", "leave-refused"),
            to="attending",
            permission=host.attend,
            person="username",
            allowed=_attends,
            obstacles=("over", "unasked"),
            awaited=False,
        ),
        Step(
            name="ask-leave",
            sources=("invited", "attending", "leave-refused"),
            to="leave-asked",
            permission=host.attend,
            person="username",
            needs=(Need("why", column="why"),),
            allowed=_attends,
            obstacles=("over", "unasked"),
            tells=(office,),
            awaited=False,
        ),
    )


def _office_steps(host: Host, person: Callable[[Row], Responsible]) -> tuple[Step, ...]:
    """Decisions on leave, and answers that came by telephone or on paper."""
    convene = host.convene
    return (
        Step(
            name="approve",
            sources=("leave-asked",),
            to="on-leave",
            permission=convene,
            tells=(person,),
        ),
        Step(
            name="refuse",
            sources=("leave-asked",),
            to="leave-refused",
            permission=convene,
            needs=(Need("reason"),),
            tells=(person,),
            awaited=False,
        ),
        Step(
            name="record-attend",
            sources=("invited", "leave-asked", "on-leave", "leave-refused"),
            to="attending",
            permission=convene,
            needs=(Need("how", kind="choice", choices=("telephone", "paper", "person")),),
            allowed=_attends,
            obstacles=("over", "unasked"),
            tells=(person,),
            awaited=False,
        ),
        Step(
            name="record-leave",
            sources=("invited", "attending", "leave-refused"),
            to="leave-asked",
            permission=convene,
            needs=(
                Need("why", column="why"),
                Need("how", kind="choice", choices=("telephone", "paper", "person")),
            ),
            allowed=_attends,
            obstacles=("over", "unasked"),
            tells=(person,),
            awaited=False,
        ),
        Step(
            name="revoke",
            sources=(*_OF_COMING, "confirmed"),
            to="revoked",
            permission=convene,
            needs=(Need("reason"),),
            tells=(person,),
            awaited=False,
        ),
    )
