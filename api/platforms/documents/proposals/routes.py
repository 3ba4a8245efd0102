"""Proposals over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import schemas
from api.platforms.documents.proposals.actions import handling, receiving
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import Asked, Year
from api.platforms.documents.proposals.schemas import (
    Opened,
    Opening,
    ProposalGiven,
    ProposalMade,
    ProposalsState,
    ProposerState,
    StatisticsState,
)
from api.procedures.routes import routes
from api.services import ServicesOf
from config.vocabulary.time import day_of

Office = Annotated[Account, require(DocumentsPermission.HANDLE_PROPOSALS)]
router = APIRouter(prefix="/proposals", tags=["documents"], dependencies=[SameOrigin])


@router.get("")
def proposals(
    services: ServicesOf, account: Office, asked: Annotated[Asked, Query()]
) -> ProposalsState:
    """Proposals and demands, the newest first; nothing of who made them."""
    lines, count, following = handling.listed(services, account, asked)
    found = [schemas.proposal_state(of) for of in lines]
    return ProposalsState(proposals=found, count=count, following=following)


@router.post("", status_code=201)
def record(given: ProposalGiven, services: ServicesOf, account: Office) -> ProposalMade:
    """Enter what came on paper, by phone or in person."""
    return schemas.made(*receiving.record(services, account, given.written))


@router.get("/statistics")
def statistics(
    services: ServicesOf, account: Office, year: Annotated[Year | None, Query()] = None
) -> StatisticsState:
    """Sums of a year, by kind and proposer: how many were received, and what came of them."""
    wanted = year or int(day_of(services.now_ms())[:4])
    sums = handling.statistics(services, account, wanted)
    return StatisticsState(year=wanted, sums=[schemas.sum_state(of) for of in sums])


@router.post("/{item_id}/identity")
def identify(item_id: str, services: ServicesOf, account: Office) -> ProposerState:
    """Who wrote a proposal; it is recorded that the caller asked."""
    return schemas.proposer_state(handling.identify(services, account, item_id))


@router.post("/{item_id}/open")
def open_review(item_id: str, given: Opening, services: ServicesOf, account: Office) -> Opened:
    """Open a review of a text that the centre keeps, or join the one that runs."""
    review = handling.open_review(services, account, item_id, given.text, given.version)
    return Opened(review=review)


API = (router, routes(PROCEDURE, "/proposals/{item_id}"))
