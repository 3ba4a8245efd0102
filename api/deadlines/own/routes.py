"""Deadlines over the API: one's own, those of one's units, those of a thing, and what would be."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request

from api.accounts.records import Account
from api.authentication.requests import SignedIn, require
from api.deadlines.opening import deadlines_of
from api.deadlines.own import actions
from api.deadlines.own.records import Show, start_of
from api.deadlines.own.schemas import (
    DeadlineState,
    ReckonedState,
    deadline_state,
    reckoned_state,
)
from api.deadlines.permission import DeadlinePermission
from api.ports import Reference
from api.services import ServicesOf
from api.web.forms import LAST_MS, MOST_ID, NotAccepted
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import day_of

router = APIRouter(tags=["deadlines"])
Viewer = Annotated[Account, require(DeadlinePermission.SEE_RULES)]


@router.get("")
def listing(
    request: Request,
    services: ServicesOf,
    who: SignedIn,
    show: Show = "mine",
    after_ms: Annotated[int, Query(ge=0, le=LAST_MS)] = 0,
    after: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
) -> list[DeadlineState]:
    """Open deadlines, the first due first: fifty behind the due instant and the id of the last
    one that was read.
    """
    roster = request.app.state.roster
    found, _ = actions.listed(roster, services, who, show, (after_ms, after))
    return [deadline_state(services.words, one, services.now_ms()) for one in found]


@router.get("/of/{platform}/{kind}/{subject}")
def of_subject(
    platform: str, kind: str, subject: str, request: Request, services: ServicesOf, who: SignedIn
) -> list[DeadlineState]:
    """Every deadline of a thing, also those that are over."""
    reference = Reference(platform, kind, subject)
    found = actions.of_subject(request.app.state.roster, services, who, reference)
    return [deadline_state(services.words, one, services.now_ms()) for one in found]


@router.get("/reckon")
def reckon(
    services: ServicesOf,
    _who: Viewer,
    rule: Annotated[str, Query(max_length=100)],
    start: Annotated[str, Query(alias="from", max_length=30)] = "",
) -> ReckonedState:
    """When a term would be due that began on a day, or of hours at an instant; without, now."""
    try:
        with services.state.read() as connection:
            held = deadlines_of(services).rulebook.one(connection, rule)
        now = services.now_ms() if held.rule.unit == "hour" else None
        begin = (
            now if now and not start else start_of(held.rule, start or day_of(services.now_ms()))
        )
        held, found = actions.reckoned(services, rule, begin)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    except FaultyInput as unknown:
        raise HTTPException(404, str(unknown)) from unknown
    return reckoned_state(services.words, held, found)
