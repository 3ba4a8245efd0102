"""The states of an occasion and of a seat at one, and the steps between them.

A body announces an occasion, the office allots the seats, the centre keeps the order and notes
that it was held, the body notes the form of what followed. Participants are told three days
before (人民检察院审查案件听证工作规定 第十条). Supervision is of procedure and conduct: nothing
has a field for parties, a case number, a judge, or the content of an outcome, for courts decide
alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.meetings.procedure import of_host
from api.platforms.judicial.hearings import repository
from api.platforms.judicial.hearings.records import (
    CONFLICTS,
    HOST,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_SEATS,
    NOTICES,
    OUTCOME,
    OUTCOMES,
    PATH,
    HearingRefused,
    check,
    check_texts,
    day,
    ends_ms,
    incomplete,
    is_late,
    kinds,
)
from api.platforms.judicial.hearings.tables import HEARING, MARKS, OFFICE_MARKS, OWN_MARKS, SEAT
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Also, Given, Need, Procedure, Row, Starts, State, Step
from api.services import Services

MEETINGS = of_host(HOST)
"""By which people sign in: the body keeps the list at the door."""


def office(_row: Row) -> Responsible:
    """Those who allot the seats."""
    return Responsible("", JudicialPermission.CHECK)


def body(row: Row) -> Responsible:
    """The people of the body that announced it."""
    return Responsible(row["unit"], JudicialPermission.SUBMIT)


def _nothing(_connection: Connection, _row: Row, _given: Given) -> None:
    """Texts that were checked leave nothing behind."""


_CHECKED = Also(lambda _connection, row, given: check(row, given), _nothing)


def _changed(_connection: Connection, row: Row, given: Given) -> None:
    """An occasion that was announced keeps a place."""
    check(row, given)
    if not (given.get("location") or given.get("link")):
        fault, remedy = "has neither place nor link", "give one of both"
        raise HearingRefused("location", "location", fault, remedy)


def _in_time(_connection: Connection, row: Row, at_ms: int) -> str:
    return incomplete(row, at_ms) or ("late" if is_late(row, at_ms) else "")


def _with_reason(_connection: Connection, row: Row, at_ms: int) -> str:
    return incomplete(row, at_ms) or ("" if is_late(row, at_ms) else "in-time")


def _over(_connection: Connection, row: Row, at_ms: int) -> str:
    return "" if ends_ms(row) <= at_ms else "not-over"


def _choices(_services: Services) -> dict[str, str]:
    return {str(of): str(of) for of in range(1, MOST_SEATS + 1)}


_TIME = (
    Need("from", kind="instant", column="from_ms"),
    Need("until", kind="instant", required=False, column="until_ms"),
    Need("location", required=False, longest=200, column="location"),
    Need("link", required=False, longest=500, column="link"),
)
_DETAILS = (
    Need("title", longest=LONGEST_TITLE, column="title"),
    Need("matter", longest=LONGEST_TEXT, column="matter"),
    *_TIME,
    Need("openness", kind="choice", choices=("open", "closed"), column="openness"),
    Need("closed_why", required=False, column="closed_why"),
    Need("seats", kind="row", column="seats", offered=_choices, known=_choices),
)
_OUTCOME = (
    Need("outcome", kind="choice", choices=OUTCOMES, column="outcome"),
    Need("day", kind="date", column="outcome_day"),
)


def _of_kind(rule: str) -> Starts:
    return Starts(
        rule,
        office,
        where=lambda row: row["state"] == "announced" and kinds()[row["kind"]].notice == rule,
        start=day,
    )


_NOTICE_STARTS = tuple(_of_kind(rule) for rule in NOTICES)


def _by_body(
    name: str,
    sources: tuple[str, ...],
    to: str,
    *needs: Need,
    also: Also | None = None,
    **more: Any,
) -> Step:
    """A step of the body that announces it; whatever it gives is checked."""
    return Step(
        name=name,
        sources=sources,
        to=to,
        permission=JudicialPermission.SUBMIT,
        needs=needs,
        also=also or (_CHECKED if needs else None),
        **more,
    )


_ANNOUNCED: Any = {"starts": _NOTICE_STARTS, "tells": (office,), "final": True}
_CANCELS = (*NOTICES, OUTCOME)
_KIND = Need("kind", kind="choice", choices=tuple(kinds()), column="kind")
_WHY = Need("why")
_BY_BODY = (
    _by_body("make", (), "draft", _KIND, *_DETAILS),
    _by_body("edit", ("draft",), "", *_DETAILS, awaited=False, page="edit"),
    _by_body(
        "announce",
        ("draft",),
        "announced",
        allowed=_in_time,
        obstacles=("began", "location", "closed-why", "late"),
        **_ANNOUNCED,
    ),
    _by_body(
        "announce-late",
        ("draft",),
        "announced",
        Need("why", column="late_why"),
        allowed=_with_reason,
        obstacles=("began", "location", "closed-why", "in-time"),
        awaited=False,
        **_ANNOUNCED,
    ),
    _by_body(
        "change",
        ("announced", "allotted"),
        "",
        *_TIME,
        _WHY,
        also=Also(_changed),
        cancels=NOTICES,
        tells_people=repository.concerned,
        awaited=False,
        **_ANNOUNCED,
    ),
    _by_body("discard", ("draft",), "cancelled", awaited=False, final=True),
    _by_body(
        "cancel",
        ("announced", "allotted", "held"),
        "cancelled",
        _WHY,
        cancels=_CANCELS,
        tells=(office,),
        tells_people=repository.concerned,
        awaited=False,
        final=True,
    ),
    _by_body(
        "note-outcome",
        ("held",),
        "decided",
        *_OUTCOME,
        happened="day",
        ends=(OUTCOME,),
        tells=(office,),
        tells_people=repository.holders,
        final=True,
    ),
    _by_body(
        "correct",
        ("decided",),
        "",
        *_OUTCOME,
        _WHY,
        happened="day",
        tells=(office,),
        awaited=False,
        final=True,
    ),
)


def _allot(name: str, *needs: Need, late: bool) -> Step:
    """Of the office: in time without a reason, later with one."""

    def allowed(_connection: Connection, row: Row, at_ms: int) -> str:
        if row["from_ms"] <= at_ms:
            return "began"
        return "" if is_late(row, at_ms) == late else "in-time" if late else "late"

    return Step(
        name=name,
        sources=("announced",),
        to="allotted",
        permission=JudicialPermission.CHECK,
        needs=needs,
        allowed=allowed,
        obstacles=("began", "in-time" if late else "late"),
        ends=NOTICES,
        tells=(body,),
        awaited=not late,
        final=True,
    )


_BY_OFFICE = (
    _allot("allot", late=False),
    _allot("allot-late", Need("why", column="late_allotment_why"), late=True),
)
_BY_CENTRE = (
    Step(
        name="hold",
        sources=("announced", "allotted"),
        to="held",
        permission=JudicialPermission.CHECK,
        allowed=_over,
        obstacles=("not-over",),
        cancels=NOTICES,
        starts=(Starts(OUTCOME, body, start=day),),
        tells=(body,),
        final=True,
        automatic=True,
    ),
)
PROCEDURE = Procedure(
    platform="judicial",
    kind="hearing",
    words="judicial.hearing",
    table=HEARING,
    marks=MARKS,
    see=JudicialPermission.SEE,
    texts=check_texts,
    title=lambda row: row["title"],
    path=lambda row: f"{PATH}/{row['id']}",
    states=(
        State("draft"),
        State("announced"),
        State("allotted"),
        State("held"),
        State("decided"),
        State("cancelled", closed=True),
    ),
    steps=(*_BY_BODY, *_BY_OFFICE, *_BY_CENTRE),
)


def _asks(connection: Connection, row: Row, at_ms: int) -> str:
    """Whether somebody may still ask for a seat or take one."""
    hearing = repository.one(connection, row["hearing"])
    if hearing["state"] not in ("announced", "allotted"):
        return "over"
    return "over" if ends_ms(hearing) <= at_ms else ""


def _person(_connection: Connection, row: Row) -> Collection[str]:
    return (row["username"],)


_TURN = (Need("turn"), Need("batch"), Need("had"), Need("last", required=False))
_SOURCES = ("proposed", "asked", "waiting", "granted", "confirmed")


def _own(name: str, sources: tuple[str, ...], to: str, *needs: Need, awaited: bool) -> Step:
    return Step(
        name=name,
        sources=sources,
        to=to,
        permission=JudicialPermission.ATTEND,
        person="username",
        needs=needs,
        allowed=_asks,
        obstacles=("over",),
        awaited=awaited,
        final=True,
    )


def _automatic(name: str, sources: tuple[str, ...], to: str, *needs: Need, heard: bool) -> Step:
    return Step(
        name=name,
        sources=sources,
        to=to,
        permission=JudicialPermission.CHECK,
        needs=needs,
        also=Also(repository.write_turn) if needs else None,
        tells_people=_person if heard else lambda _c, _row: (),
        automatic=True,
        final=True,
    )


_SEAT_STEPS = (
    Step(
        name="propose",
        to="proposed",
        permission=JudicialPermission.SEE,
        allowed=_asks,
        obstacles=("over",),
        tells_people=_person,
    ),
    _own("ask", ("proposed",), "asked", awaited=True),
    _own("decline", ("proposed",), "declined", awaited=False),
    _own("confirm", ("granted",), "confirmed", awaited=True),
    _own(
        "give-up",
        ("asked", "waiting", "granted", "confirmed"),
        "given-up",
        Need("why", column="why"),
        awaited=False,
    ),
    _own(
        "declare",
        _SOURCES,
        "conflict",
        Need("conflict", kind="choice", choices=CONFLICTS, column="conflict"),
        awaited=False,
    ),
    Step(
        name="drop",
        sources=_SOURCES,
        to="dropped",
        permission=JudicialPermission.CHECK,
        needs=(Need("why", column="why"),),
        allowed=_asks,
        obstacles=("over",),
        tells_people=_person,
        awaited=False,
        final=True,
    ),
    _automatic("seat", ("asked",), "granted", *_TURN, heard=True),
    _automatic("queue", ("asked",), "waiting", *_TURN, heard=True),
    _automatic("move-up", ("waiting",), "granted", heard=True),
    _automatic("lapse", ("proposed", "asked", "waiting"), "lapsed", heard=False),
    _automatic("cancel", _SOURCES, "cancelled", heard=False),
)


def _of_seats(*, own: bool) -> Procedure:
    return Procedure(
        platform="judicial",
        kind="seat",
        words="judicial.seat",
        table=SEAT,
        marks=OWN_MARKS if own else OFFICE_MARKS,
        see=JudicialPermission.ATTEND if own else JudicialPermission.CHECK,
        texts=check_texts,
        title=lambda row: row["title"],
        path=lambda row: f"/judicial/seats/{row['id']}",
        states=(
            State("proposed"),
            State("asked"),
            State("waiting"),
            State("granted"),
            State("confirmed"),
            State("declined", closed=True),
            State("given-up", closed=True),
            State("conflict", closed=True),
            State("dropped", closed=True),
            State("lapsed", closed=True),
            State("cancelled", closed=True),
        ),
        steps=_SEAT_STEPS,
    )


OWN = _of_seats(own=True)
OFFICE = _of_seats(own=False)
"""The same rows and steps: a person sees the own seat, the office all of them, a body none."""
