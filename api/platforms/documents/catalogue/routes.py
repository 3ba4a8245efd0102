"""Yearly lists and the unfiled over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import MAX_BODY_BYTES, larger
from api.platforms.documents.catalogue import schemas
from api.platforms.documents.catalogue.actions import finding, lists
from api.platforms.documents.catalogue.procedure.lists import PROCEDURE as YEARLY
from api.platforms.documents.catalogue.procedure.unfiled import PROCEDURE as UNFILED
from api.platforms.documents.catalogue.records import LONGEST_TEXT, Asked
from api.platforms.documents.catalogue.schemas import (
    Found,
    Opening,
    Sending,
    UnfiledList,
    YearlyLists,
    YearlyListState,
)
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.routes import accepted
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Maker = Annotated[Account, require(DocumentsPermission.FILE)]
Office = Annotated[Account, require(DocumentsPermission.CHECK)]
router = APIRouter(tags=["documents"], dependencies=[SameOrigin])


def most_body_bytes(_request: Request) -> int:
    """The bound of a list in JSON: a sign has six bytes at most there."""
    return 6 * LONGEST_TEXT + MAX_BODY_BYTES


@router.get("/catalogue")
def unfiled(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> UnfiledList:
    """A page of documents that seem not to be filed: of a maker those that it was asked for."""
    found, count = finding.listed(services, account, asked)
    return UnfiledList(count=count, lines=[schemas.line(of) for of in found])


@router.post("/catalogue/find")
def find(services: ServicesOf, _account: Office) -> Found:
    """Look for more now: in lists, in gaps of numbers, in what kept texts cite."""
    new, filed = finding.find(services)
    return Found(found=new, filed=filed)


@router.get("/yearly-lists")
def yearly(services: ServicesOf, account: Reader) -> YearlyLists:
    """Lists without their lines, of the last year first."""
    rows = lists.seen(services, account)
    return YearlyLists(lists=[schemas.yearly_list(row, ()) for row in rows])


@router.post("/yearly-lists", status_code=201)
def open_list(body: Opening, services: ServicesOf, account: Maker) -> YearlyListState:
    """Open the list of a year that is over."""
    item_id = accepted(lambda: lists.open_list(services, account, body.maker, body.year))
    return schemas.yearly_list(*lists.yearly_list(services, account, item_id))


@router.get("/yearly-lists/{item_id}")
def one(item_id: str, services: ServicesOf, account: Reader) -> YearlyListState:
    """A list with the lines that hold."""
    return schemas.yearly_list(*lists.yearly_list(services, account, item_id))


@router.post("/yearly-lists/{item_id}/lines")
@larger(most_body_bytes)
def send(item_id: str, body: Sending, services: ServicesOf, account: Maker) -> YearlyListState:
    """Send a list, or another one instead of it."""
    accepted(
        lambda: lists.send(
            services, account, item_id, body.lines, nothing=body.nothing, version=body.version
        )
    )
    return schemas.yearly_list(*lists.yearly_list(services, account, item_id))


API = (router, routes(YEARLY, "/yearly-lists/{item_id}"), routes(UNFILED, "/catalogue/{item_id}"))
