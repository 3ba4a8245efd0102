"""Packages and official receipts over the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Form
from fastapi.responses import StreamingResponse

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.platforms.documents.filings import schemas
from api.platforms.documents.filings.actions import filings, packages
from api.platforms.documents.filings.schemas import FilingState, OfficialGiven, PackageSent
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.routes import accepted
from api.services import Services, ServicesOf
from api.web.tables import saved_as

MEDIA = "application/zip"
A_PIECE = 1 << 16
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Maker = Annotated[Account, require(DocumentsPermission.FILE)]
Sent = Annotated[PackageSent, Form(media_type="multipart/form-data")]
router = APIRouter(prefix="/filings", tags=["documents"], dependencies=[SameOrigin])


def handed(services: Services, account: Account, item_id: str) -> StreamingResponse:
    """A package as a file that a browser saves."""
    file = packages.pack(services, account, item_id)
    headers = saved_as(f"filing-{item_id}.zip")
    return StreamingResponse(_pieces(file), media_type=MEDIA, headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(A_PIECE):
            yield piece


@router.get("/{item_id}/package")
@costs(HEAVY)
def pack(item_id: str, services: ServicesOf, account: Reader) -> StreamingResponse:
    """A filing as a zip with its manifest, for the province's platform."""
    return handed(services, account, item_id)


@router.post("/take-in", status_code=201)
@larger(packages.most_body_bytes)
def take_in(services: ServicesOf, account: Maker, written: Sent) -> FilingState:
    """Begin a filing out of a package."""
    file = written.file.file
    item_id = accepted(lambda: packages.take_in(services, account, written.maker, file))
    return schemas.state(filings.shown(services, account, item_id))


@router.post("/{item_id}/official")
def official(
    item_id: str, body: OfficialGiven, services: ServicesOf, account: Reader
) -> FilingState:
    """Write the receipt of the province's platform."""
    given = body.model_dump()
    accepted(lambda: packages.official(services, account, item_id, given))
    return schemas.state(filings.shown(services, account, item_id))


@router.post("/{item_id}/official-package")
@larger(packages.most_body_bytes)
def official_of(item_id: str, services: ServicesOf, account: Reader, written: Sent) -> FilingState:
    """Read the receipt of the province's platform from a package."""
    file = written.file.file
    accepted(lambda: packages.official_of(services, account, item_id, file))
    return schemas.state(filings.shown(services, account, item_id))


API = (router,)
