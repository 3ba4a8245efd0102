"""Sharing cases over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.cases.permission import CasePermission
from api.cases.schemas import Made
from api.cases.sharing import receivers, receiving, results, sending
from api.cases.sharing.receiving import most_body_bytes
from api.cases.sharing.records import MOST_RECEIPT, MOST_RESULT, RECEIPT, RESULT
from api.cases.sharing.results import most_result_bytes
from api.cases.sharing.schemas import (
    NewReceiver,
    NewResult,
    NewShare,
    OpenedState,
    ReceivedList,
    ReceiverState,
    Sent,
    ShareState,
    opened_state,
    received_state,
    receiver_state,
    share_state,
)
from api.cases.sharing.sending import MEDIA, Wish
from api.reports.pages import site_services
from api.services import ServicesOf
from api.web.forms import MOST_ID
from api.web.tables import saved_as

Keeper = Annotated[Account, require(CasePermission.KEEP)]
Decider = Annotated[Account, require(CasePermission.DECIDE)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Page = Annotated[int, Query(ge=1, le=10_000)]
File = Annotated[Sent, Form(media_type="multipart/form-data")]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("/receivers", dependencies=[require(CasePermission.KEEP)])
def listed(services: ServicesOf) -> list[ReceiverState]:
    """The congresses to which cases may go, the city's first."""
    return [receiver_state(of) for of in receivers.listed(services)]


@router.post("/receivers", status_code=201)
def enter(body: NewReceiver, services: ServicesOf, account: Keeper) -> Made:
    """Enter a congress to which cases may go."""
    return Made(id=receivers.add(services, account, body.name, body.level, body.way))


@router.post("/receivers/{number}/end", status_code=204)
def end(number: Number, services: ServicesOf, account: Keeper) -> None:
    """Take a receiver off the list."""
    receivers.end(services, account, number)


@router.get("/shared")
def received(services: ServicesOf, account: Keeper, page: Page = 1) -> ReceivedList:
    """Packages that came, the newest first."""
    found, total = receiving.listed(services, account, page)
    return ReceivedList(received=[received_state(of) for of in found], total=total, page=page)


@router.post("/shared", status_code=201)
@larger(most_body_bytes)
def take_in(written: File, services: ServicesOf, account: Keeper) -> Made:
    """Take in a package; the same one again is the same row."""
    return Made(id=receiving.take_in(services, account, written.file.file))


@router.get("/shared/{number}")
def one(number: Number, services: ServicesOf, account: Keeper) -> OpenedState:
    """A package that came."""
    handing = results.of_received(services, account, number)
    return opened_state(receiving.one(services, account, number), handing.results)


@router.get("/shared/{number}/receipt", response_class=Response)
def receipt(number: Number, request: Request, account: Keeper) -> Response:
    """The receipt of a package, for its sender."""
    body = receiving.receipt(site_services(request), account, number)
    return Response(body, media_type="application/json", headers=saved_as(RECEIPT))


@router.post("/shared/{number}/case", status_code=201)
def open_case(number: Number, request: Request, account: Keeper) -> Made:
    """Open a case of a package; where there is one, its id."""
    return Made(id=receiving.open_case(site_services(request), account, number))


@router.get("/shared/{number}/result", response_class=Response)
def result(number: Number, services: ServicesOf, account: Keeper) -> Response:
    """The newest result of a package, for its sender."""
    body = results.file(services, account, number)
    return Response(body, media_type="application/json", headers=saved_as(RESULT))


@router.post("/shared/{number}/result", status_code=201)
def make_result(number: Number, body: NewResult, request: Request, account: Decider) -> Made:
    """Make the result of a package for its sender; where it would say the same, the newest."""
    services = site_services(request)
    return Made(id=results.make(services, account, number, body.reason, body.internal_why))


@router.get("/{item_id}/shares")
def shares(item_id: str, services: ServicesOf, account: Keeper) -> list[ShareState]:
    """The shares of a case with their results, the newest first."""
    found = sending.of_case(services, account, item_id)
    return [share_state(of, found.results.get(of.id, ())) for of in found.shares]


@router.post("/{item_id}/shares", status_code=201)
def share(item_id: str, body: NewShare, request: Request, account: Decider) -> Made:
    """Pack a case for a receiver."""
    wish = Wish(body.receiver, body.reason, body.internal_why)
    return Made(id=sending.share(site_services(request), account, item_id, wish))


@router.get("/{item_id}/shares/{number}/package", response_class=Response)
def package(item_id: str, number: Number, services: ServicesOf, account: Decider) -> Response:
    """The zip of a share, the same one each time."""
    name, content = sending.package(services, account, item_id, number)
    return Response(content, media_type=MEDIA, headers=saved_as(name))


@router.post("/{item_id}/shares/{number}/receipt", status_code=204)
def sign(
    item_id: str, number: Number, written: File, services: ServicesOf, account: Keeper
) -> None:
    """Enter the receipt of a share."""
    body = written.file.file.read(MOST_RECEIPT + 1)
    sending.sign(services, account, item_id, number, body)


@router.post("/{item_id}/shares/{number}/result", status_code=204)
@larger(most_result_bytes)
def enter_result(
    item_id: str, number: Number, written: File, services: ServicesOf, account: Keeper
) -> None:
    """Enter the result of a share."""
    results.enter(services, account, item_id, number, written.file.file.read(MOST_RESULT + 1))


API = (router,)
