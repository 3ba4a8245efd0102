"""Filings over the API: begin, change, papers, register, hand out, and the register itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.platforms.documents.filings import schemas
from api.platforms.documents.filings.actions import filings, handing, registering
from api.platforms.documents.filings.procedure.filing import PROCEDURE
from api.platforms.documents.filings.procedure.handout import PROCEDURE as HANDOUT
from api.platforms.documents.filings.records.facts import Asked, AskedReturns
from api.platforms.documents.filings.schemas import (
    Beginning,
    Changing,
    FilingList,
    FilingState,
    Handing,
    PaperSent,
    Registering,
    ReturnList,
)
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.routes import accepted
from api.procedures.routes import routes
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID

Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Maker = Annotated[Account, require(DocumentsPermission.FILE)]
Office = Annotated[Account, require(DocumentsPermission.CHECK)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Paper = Annotated[PaperSent, Form(media_type="multipart/form-data")]
router = APIRouter(prefix="/filings", tags=["documents"], dependencies=[SameOrigin])


@router.get("")
def listed(services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]) -> FilingList:
    """A page of filings, the last entered first."""
    found, count = filings.listed(services, account, asked)
    return FilingList(count=count, filings=[schemas.line(of) for of in found])


@router.post("", status_code=201)
def begin(body: Beginning, services: ServicesOf, account: Maker) -> FilingState:
    """Begin a filing of one's own unit."""
    given = body.given()
    return _state(
        services,
        account,
        accepted(lambda: filings.begin(services, account, body.maker, given)),
    )


@router.get("/returns")
def returns(
    services: ServicesOf, account: Reader, asked: Annotated[AskedReturns, Query()]
) -> ReturnList:
    """Each return of filings, the last first."""
    found = filings.returns(services, account, asked)
    return ReturnList(returns=[schemas.returned(of) for of in found])


@router.get("/{item_id}")
def one(item_id: str, services: ServicesOf, account: Reader) -> FilingState:
    """A filing with its papers and everything that stands against it."""
    return _state(services, account, item_id)


@router.put("/{item_id}")
def edit(item_id: str, body: Changing, services: ServicesOf, account: Maker) -> FilingState:
    """Give a filing other facts, as long as it is the maker's to change."""
    filings.edit(services, account, item_id, body.given(), body.version)
    return _state(services, account, item_id)


@router.post("/{item_id}/papers", status_code=201)
@larger(files.most_body_bytes)
def attach(item_id: str, services: ServicesOf, account: Maker, written: Paper) -> FilingState:
    """Put a paper to a filing; it takes the place of the one of its code."""
    name, file = written.file.filename or "", written.file.file
    accepted(lambda: filings.attach(services, account, item_id, written.paper, name, file))
    return _state(services, account, item_id)


@router.delete("/{item_id}/papers/{number}")
def remove(item_id: str, number: Number, services: ServicesOf, account: Maker) -> FilingState:
    """Take a paper from a filing."""
    filings.remove(services, account, item_id, number)
    return _state(services, account, item_id)


@router.post("/{item_id}/register")
def register(
    item_id: str, body: Registering, services: ServicesOf, account: Office
) -> FilingState:
    """Register a filing: its text is kept, and its receipt frozen."""
    accepted(lambda: registering.register(services, account, item_id, body.note, body.version))
    return _state(services, account, item_id)


@router.post("/{item_id}/distribute")
def distribute(item_id: str, body: Handing, services: ServicesOf, account: Office) -> FilingState:
    """Hand a registered document out to committees."""
    accepted(lambda: handing.distribute(services, account, item_id, body.units, body.version))
    return _state(services, account, item_id)


def _state(services: Services, account: Account, item_id: str) -> FilingState:
    return schemas.state(filings.shown(services, account, item_id))


API = (router, routes(PROCEDURE, "/filings/{item_id}"), routes(HANDOUT, "/handouts/{item_id}"))
