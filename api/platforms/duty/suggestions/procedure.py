"""The states of a suggestion and the steps between them.

The office checks and assigns, a unit signs for it, speaks with the deputy and answers, the signers
rate; a reply whose outcome the lead deputy is dissatisfied with is handled again, and after the
second one deputy and unit meet.
"""

from __future__ import annotations

from api.platforms.duty import terms
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.suggestions import repository
from api.platforms.duty.suggestions.records import (
    CONTACTS,
    EFFORTS,
    GROUNDS,
    LONGEST_ANSWER,
    LONGEST_BODY,
    OPENNESS,
    RESULTS,
    SESSIONS,
    TOPICS,
)
from api.platforms.duty.tables import MARKS, SUGGESTION
from api.procedures.procedure import Also, Need, Procedure, Row, Starts, State, Step

KIND = "suggestion"
_OPEN = (
    "submitted", "accepted", "assigned", "handling", "returning", "disputed", "answered", "again",
    "conferring",
)  # fmt: skip
_BEFORE_ASSIGNMENT = ("submitted", "accepted")
_HANDLED = ("assigned", "handling", "returning", "disputed", "answered", "again", "conferring")
_TEXT = (
    Need("title", longest=100, column="title"),
    Need("body", longest=LONGEST_BODY, column="body"),
    Need("openness", kind="choice", choices=OPENNESS, column="openness"),
    Need("topic", kind="choice", choices=TOPICS, required=False, column="topic"),
    Need("town", kind="unit", required=False, column="town"),
    Need("location", required=False, longest=200, column="location"),
    Need("wished_unit", kind="unit", required=False, column="wished_unit"),
    Need(
        "wished_contact",
        kind="choice",
        choices=CONTACTS,
        required=False,
        column="wished_contact",
    ),
    Need("raised_again", required=False, longest=10),
)
_REPLY = (
    Need("text", longest=LONGEST_ANSWER),
    Need("paper", longest=60),
    Need("signer", longest=40),
    Need("result", kind="choice", choices=RESULTS, column="result"),
    Need("day", kind="date", column="answered_day"),
)


def _rated_now(row: Row) -> bool:
    return bool(row["state"] == "answered")


def _hard(row: Row) -> bool:
    return bool(row["effort"] == "hard")


def _normal(row: Row) -> bool:
    return not _hard(row)


_RUNNING_ANSWERS = (terms.ANSWER, terms.ANSWER_HARD)
_ASSIGNMENT = (
    Starts(terms.RETURN, terms.unit),
    Starts(terms.ANSWER, terms.unit, where=_normal),
    Starts(terms.ANSWER_HARD, terms.unit, where=_hard),
)
_BY_DEPUTY = (
    Step(
        name="write",
        to="draft",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=_TEXT,
        also=Also(repository.written),
    ),
    Step(
        name="edit",
        sources=("draft",),
        to="draft",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=_TEXT,
        also=Also(repository.written, lambda *_: None),
        awaited=False,
    ),
    Step(
        name="submit",
        sources=("draft",),
        to="submitted",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=(Need("submitted", kind="date", required=False, column="submitted_day"),),
        happened="submitted",
        allowed=repository.too_short,
        obstacles=("short",),
        starts=(Starts(terms.ASSIGN, terms.office),),
        tells=(terms.office,),
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
        name="retract",
        sources=_BEFORE_ASSIGNMENT,
        to="retracted",
        permission=DutyPermission.WRITE,
        person="lead",
        needs=(Need("why"),),
        cancels=(terms.ASSIGN,),
        tells=(terms.office,),
        tells_people=repository.signers_of,
        awaited=False,
    ),
)
_BY_OFFICE = (
    Step(
        name="accept",
        sources=("submitted",),
        to="accepted",
        permission=DutyPermission.CHECK,
        needs=(
            Need("number", longest=40, column="number"),
            Need("session", kind="choice", choices=SESSIONS, column="session"),
            Need("topic", kind="choice", choices=TOPICS, column="topic"),
        ),
        tells=(terms.lead,),
    ),
    Step(
        name="amend",
        sources=("submitted",),
        to="draft",
        permission=DutyPermission.CHECK,
        needs=(Need("why"),),
        cancels=(terms.ASSIGN,),
        tells=(terms.lead,),
        also=Also(repository.drafted, lambda *_: None),
        awaited=False,
    ),
    Step(
        name="exclude",
        sources=("submitted",),
        to="letter",
        permission=DutyPermission.CHECK,
        needs=(Need("ground", kind="choice", choices=GROUNDS), Need("why")),
        cancels=(terms.ASSIGN,),
        tells=(terms.lead,),
        tells_people=repository.signers_of,
        awaited=False,
    ),
    Step(
        name="assign",
        sources=("accepted",),
        to="assigned",
        permission=DutyPermission.CHECK,
        needs=(
            Need("unit", kind="unit", column="unit"),
            Need("effort", kind="choice", choices=EFFORTS, column="effort"),
            Need("day", kind="date", column="assigned_day"),
        ),
        happened="day",
        page="assign",
        starts=_ASSIGNMENT,
        ends=(terms.ASSIGN,),
        tells=(terms.unit, terms.lead),
        tells_people=repository.signers_of,
    ),
    Step(
        name="grant-return",
        sources=("returning",),
        to="accepted",
        permission=DutyPermission.CHECK,
        needs=(Need("why", required=False),),
        allowed=repository.returned_once,
        obstacles=("second-return",),
        cancels=_RUNNING_ANSWERS,
        starts=(Starts(terms.ASSIGN, terms.office),),
        tells=(terms.lead,),
        also=Also(repository.returned, lambda *_: None),
    ),
    Step(
        name="refuse-return",
        sources=("returning",),
        to="handling",
        permission=DutyPermission.CHECK,
        needs=(Need("why"),),
        starts=(Starts(terms.CONTACT, terms.unit),),
        tells=(terms.unit,),
    ),
    Step(
        name="dispute",
        sources=("returning",),
        to="disputed",
        permission=DutyPermission.CHECK,
        needs=(Need("why", required=False),),
        allowed=repository.returned_never,
        obstacles=("first-return",),
        tells=(terms.committee,),
    ),
    Step(
        name="settle-dispute",
        sources=("disputed",),
        to="handling",
        permission=DutyPermission.DECIDE,
        needs=(
            Need("unit", kind="unit", column="unit"),
            Need("effort", kind="choice", choices=EFFORTS, column="effort"),
            Need("day", kind="date", column="assigned_day"),
            Need("why"),
        ),
        happened="day",
        cancels=_RUNNING_ANSWERS,
        starts=(*_ASSIGNMENT[1:], Starts(terms.CONTACT, terms.unit)),
        tells=(terms.unit, terms.lead),
    ),
    Step(
        name="join",
        sources=_OPEN,
        to="",
        permission=DutyPermission.CHECK,
        needs=(Need("joint", required=False, longest=40, column="joint"), Need("why")),
        tells=(terms.lead,),
        awaited=False,
    ),
    Step(
        name="name-lead",
        sources=_OPEN,
        to="",
        permission=DutyPermission.CHECK,
        needs=(Need("lead", kind="account", column="lead"), Need("why")),
        cancels=(terms.RATE,),
        starts=(Starts(terms.RATE, terms.lead, where=_rated_now),),
        tells=(terms.lead,),
        awaited=False,
    ),
)
_BY_UNIT = (
    Step(
        name="sign-for",
        sources=("assigned",),
        to="handling",
        permission=DutyPermission.HANDLE,
        ends=(terms.RETURN,),
        starts=(Starts(terms.CONTACT, terms.unit),),
    ),
    Step(
        name="ask-return",
        sources=("assigned",),
        to="returning",
        permission=DutyPermission.HANDLE,
        needs=(
            Need("return_unit", kind="unit", column="return_unit"),
            Need("article", longest=200),
            Need("why"),
        ),
        ends=(terms.RETURN,),
        tells=(terms.office,),
        awaited=False,
    ),
    Step(
        name="reply",
        sources=("handling",),
        to="answered",
        permission=DutyPermission.HANDLE,
        needs=_REPLY,
        page="reply",
        happened="day",
        allowed=repository.not_to_answer,
        obstacles=("no-contact", "opinions"),
        ends=(*_RUNNING_ANSWERS, terms.CONTACT),
        starts=(Starts(terms.RATE, terms.lead, from_entry=True),),
        tells=(terms.lead, terms.office),
        tells_people=repository.signers_of,
        also=Also(repository.answered, repository.unanswered),
    ),
    Step(
        name="reply-again",
        sources=("again",),
        to="answered",
        permission=DutyPermission.HANDLE,
        needs=_REPLY,
        page="reply",
        happened="day",
        ends=(terms.REDO,),
        starts=(Starts(terms.RATE, terms.lead, from_entry=True),),
        tells=(terms.lead, terms.office),
        tells_people=repository.signers_of,
        also=Also(repository.answered, repository.unanswered),
    ),
)
_AFTER_RATING = (
    Step(
        name="close",
        sources=("answered",),
        to="closed",
        permission=DutyPermission.CHECK,
        allowed=repository.not_to_close,
        obstacles=("window", "dissatisfied"),
        cancels=(terms.RATE,),
        awaited=False,
        tells=(terms.lead, terms.unit),
    ),
    Step(
        name="hand-back",
        sources=("answered",),
        to="again",
        permission=DutyPermission.CHECK,
        allowed=repository.not_to_hand_back,
        obstacles=("window", "satisfied", "second-round"),
        cancels=(terms.RATE,),
        starts=(Starts(terms.REDO, terms.unit),),
        awaited=False,
        tells=(terms.lead, terms.unit),
    ),
    Step(
        name="confer",
        sources=("answered",),
        to="conferring",
        permission=DutyPermission.CHECK,
        allowed=repository.not_to_confer,
        obstacles=("window", "satisfied", "first-round"),
        cancels=(terms.RATE,),
        awaited=False,
        tells=(terms.committee, terms.lead, terms.unit),
    ),
    Step(
        name="conclude",
        sources=("conferring",),
        to="closed",
        permission=DutyPermission.DECIDE,
        needs=(Need("minutes", longest=2000), Need("day", kind="date")),
        happened="day",
        tells=(terms.lead, terms.unit),
    ),
    Step(
        name="order-again",
        sources=("conferring",),
        to="again",
        permission=DutyPermission.DECIDE,
        needs=(Need("minutes", longest=2000), Need("day", kind="date")),
        happened="day",
        starts=(Starts(terms.REDO, terms.unit),),
        tells=(terms.lead, terms.unit),
    ),
)

PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.suggestion",
    table=SUGGESTION,
    marks=MARKS,
    see=DutyPermission.SEE,
    mends=DutyPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/suggestions/{row['id']}",
    states=(
        State("draft"),
        State("submitted"),
        State("accepted"),
        State("assigned"),
        State("handling"),
        State("returning"),
        State("disputed"),
        State("answered"),
        State("again"),
        State("conferring"),
        State("closed", closed=True),
        State("letter", closed=True),
        State("retracted", closed=True),
        State("discarded", closed=True),
    ),
    steps=(*_BY_DEPUTY, *_BY_OFFICE, *_BY_UNIT, *_AFTER_RATING),
)
