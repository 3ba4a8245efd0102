"""Occasions, seats and comments over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.meetings.records import Guest, Meeting
from api.meetings.routes import check_in_routes
from api.platforms.judicial import unit_names
from api.platforms.judicial.hearings.actions import announcing, commenting, seating
from api.platforms.judicial.hearings.procedure import MEETINGS, OFFICE, OWN, PROCEDURE
from api.platforms.judicial.hearings.records import Asked, notice_day
from api.platforms.judicial.hearings.schemas import (
    CommentGiven,
    CommentsState,
    HearingGiven,
    HearingLineState,
    HearingState,
    Made,
    OrderState,
    Proposed,
    comments_state,
    hearing_state,
    line_state,
    order_state,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.refusals import UnknownThing
from api.procedures.routes import routes
from api.services import ServicesOf
from config.catalogue.words import Words

Reader = Annotated[Account, require(JudicialPermission.SEE)]
Body = Annotated[Account, require(JudicialPermission.SUBMIT)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
Attendant = Annotated[Account, require(JudicialPermission.ATTEND)]
router = APIRouter(tags=["judicial"], dependencies=[SameOrigin])
ONE = "/hearings/{item_id}"
State = Annotated[str, Query(max_length=20)]
Page = Annotated[int, Query(ge=1, le=10_000)]


@router.get("/hearings")
def hearings(
    services: ServicesOf, account: Reader, state: State = "", page: Page = 1
) -> list[HearingLineState]:
    """A page of 50 occasions that the caller may see, those to come latest first."""
    lines, _ = announcing.listed(services, account, Asked(show=state, page=page))
    return [line_state(of) for of in lines]


@router.post("/hearings", status_code=201)
def make(given: HearingGiven, services: ServicesOf, account: Body) -> Made:
    """Begin a draft; step ``announce`` of its procedure announces it."""
    return Made(id=announcing.make(services, account, given.needs()))


@router.get(ONE)
def hearing(item_id: str, services: ServicesOf, account: Reader) -> HearingState:
    """An occasion."""
    row = announcing.seen(services, account, item_id)
    body = unit_names.every(services).get(row["unit"], row["unit"])
    return hearing_state(row, body, notice_day(row).isoformat())


@router.get(f"{ONE}/seats")
def order(item_id: str, services: ServicesOf, account: Reader) -> OrderState:
    """The order of an occasion, with all that it was reckoned from."""
    return order_state(seating.order(services, account, item_id))


@router.post(f"{ONE}/seats", status_code=201)
def ask(item_id: str, services: ServicesOf, account: Attendant) -> Made:
    """Ask for a seat, and say thereby that there is no conflict of interest."""
    return Made(id=seating.ask(services, account, item_id))


@router.post(f"{ONE}/proposals", status_code=201)
def propose(item_id: str, given: Proposed, services: ServicesOf, account: Office) -> Made:
    """Propose a deputy, who answers."""
    return Made(id=seating.propose(services, account, item_id, given.username))


@router.get(f"{ONE}/comments")
def comments(item_id: str, services: ServicesOf, account: Reader) -> CommentsState:
    """The comments, for the body itself and for the office."""
    found = commenting.read(services, account, item_id)
    if found is None:
        raise UnknownThing(f"no comments on hearing {item_id[:40]} for this account")
    return comments_state(found)


@router.post(f"{ONE}/comments", status_code=204)
def comment(item_id: str, given: CommentGiven, services: ServicesOf, account: Attendant) -> None:
    """Comment on procedure and conduct."""
    commenting.give(services, account, item_id, given.given())


def _no_answer(_words: Words, _meeting: Meeting, _guest: Guest) -> str:
    """Whoever is on the list has a seat: the answer is at the seat."""
    return ""


API = (
    check_in_routes(MEETINGS, "/hearings/invitations", "/hearings/lists/{item_id}", _no_answer),
    router,
    routes(PROCEDURE, ONE, announcing.done),
    routes(OWN, "/seats/{item_id}", seating.done),
    routes(OFFICE, "/allotments/{item_id}", seating.done),
)
