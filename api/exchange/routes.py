"""The exchange over the API, and the receipts of a machine that sends tables."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.exchange import actions, wording
from api.exchange.actions import Receipt
from api.exchange.permission import ExchangePermission
from api.exchange.records import A_PAGE, Listed
from api.exchange.schemas import (
    AskedPage,
    ReceiptState,
    SentPage,
    asked_state,
    receipt_state,
    sent_state,
)
from api.imports.permission import ImportPermission
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID

Viewer = Annotated[Account, require(ExchangePermission.SEE)]
Sender = Annotated[Account, require(ImportPermission.SEND)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(tags=["exchange"], dependencies=[SameOrigin])


@router.get("/asked")
def asked(
    request: Request, services: ServicesOf, who: Viewer, listed: Annotated[Listed, Query()]
) -> AskedPage:
    """Questions, measures, points of rectification and tables that bodies are asked for."""
    reader = actions.reader(services, request.app.state.roster, who, listed.unit)
    found, names = actions.asked(services, reader), wording.units(services)
    lines = wording.asked_lines(services, who, found, names)
    first = (listed.page - 1) * A_PAGE
    return AskedPage(
        asked=[asked_state(of) for of in lines[first : first + A_PAGE]],
        total=len(lines),
        page=listed.page,
    )


@router.get("/sent")
def sent(
    request: Request, services: ServicesOf, who: Viewer, listed: Annotated[Listed, Query()]
) -> SentPage:
    """Tables and answers that came, the newest first."""
    reader = actions.reader(services, request.app.state.roster, who, listed.unit)
    found, total = actions.sent(services, reader, A_PAGE, (listed.page - 1) * A_PAGE)
    lines = wording.sent_lines(services, found, wording.units(services))
    return SentPage(sent=[sent_state(of) for of in lines], total=total, page=listed.page)


@router.get("/receipts/loads/{load_id}")
def of_load(load_id: Number, request: Request, services: ServicesOf, who: Viewer) -> ReceiptState:
    """The receipt of a table, with its report."""
    reader = actions.reader(services, request.app.state.roster, who)
    return _state(services, actions.receipt_of_load(services, reader, load_id))


@router.get("/receipts/answers/{number}")
def of_answer(number: Number, request: Request, services: ServicesOf, who: Viewer) -> ReceiptState:
    """The receipt of an answer to a question, a measure or a point of rectification."""
    reader = actions.reader(services, request.app.state.roster, who)
    return _state(services, actions.receipt_of_answer(services, reader, number))


@router.get("/sources/{source_id}/receipts")
def of_machine(source_id: Number, services: ServicesOf, who: Sender) -> list[ReceiptState]:
    """Receipts of what the caller, a machine, sent for the source that names it: the newest 50."""
    found = actions.receipts_of_machine(services, who, source_id, A_PAGE)
    if found is None:
        raise HTTPException(404, f"no source {source_id} that takes tables of this sender")
    return [_state(services, of) for of in found]


@router.get("/sources/{source_id}/receipts/{load_id}")
def one_of_machine(
    source_id: Number, load_id: Number, services: ServicesOf, who: Sender
) -> ReceiptState:
    """One of them."""
    found = actions.receipts_of_machine(services, who, source_id, 1, load_id)
    return _state(services, found[0] if found else None)


def _state(services: Services, found: Receipt | None) -> ReceiptState:
    if found is None:
        raise HTTPException(404, "no such receipt")
    line = wording.receipt(services, found, wording.units(services))
    return receipt_state(services.words, line, found)
