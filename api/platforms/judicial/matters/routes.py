"""Matters over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, UploadFile

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files.schemas import FileState, file_state
from api.platforms.judicial.matters import actions, schemas, wording
from api.platforms.judicial.matters.procedure import PROCEDURES
from api.platforms.judicial.matters.records import Asked, KindName
from api.platforms.judicial.matters.schemas import MattersState, Opened, WholeMatter
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.part import part_of
from api.procedures.routes import routes
from api.services import Services, ServicesOf

ADDRESS = "/matters/{kind}/{item_id}"
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
router = APIRouter(tags=["judicial"], dependencies=[SameOrigin])


@router.get("/matters")
def matters(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> MattersState:
    """Matters that the caller sees, the newest first, and in no other order."""
    found = actions.listed(services, account, asked)
    lines = wording.lines(services, found.rows)
    return MattersState(
        matters=[schemas.matter_state(of) for of in lines],
        total=found.total,
        page=asked.page,
        pages=found.pages,
    )


@router.post("/matters", status_code=201)
def begin(body: Opened, services: ServicesOf, account: Office) -> WholeMatter:
    """Begin a matter of a body."""
    given = {"title": body.title, "unit": body.unit}
    item_id = actions.begin(services, account, body.kind, given)
    return _state(services, account, body.kind, item_id)


@router.get(ADDRESS)
def matter(kind: KindName, item_id: str, services: ServicesOf, account: Reader) -> WholeMatter:
    """A matter, its way, and what waits for whom."""
    return _state(services, account, kind, item_id)


@router.get(f"{ADDRESS}/files")
def papers(kind: KindName, item_id: str, services: ServicesOf, account: Reader) -> list[FileState]:
    """The papers of a matter."""
    part = part_of(services, account, PROCEDURES[kind], item_id)
    found = actions.seen(services, part.row).papers
    return [file_state(of, served=files.is_served(services, of)) for of in found]


@router.post(f"{ADDRESS}/files", status_code=201)
@larger(files.most_body_bytes)
def attach(
    kind: KindName,
    item_id: str,
    file: UploadFile,
    services: ServicesOf,
    account: Reader,
    title: Annotated[str, Form(max_length=files.LONGEST_TITLE)] = "",
) -> FileState:
    """Put a paper to a matter of which it is the caller's turn; sent again it is there once."""
    made = actions.PAPERS[kind].attach(services, account, item_id, file, title)
    return next(of for of in papers(kind, item_id, services, account) if of.id == made)


def _state(services: Services, account: Account, kind: str, item_id: str) -> WholeMatter:
    part = part_of(services, account, PROCEDURES[kind], item_id)
    found = actions.seen(services, part.row)
    return schemas.whole(found.line, found.way, found.lines)


API = (
    router,
    *(routes(of, f"/matters/{kind}/{{item_id}}") for kind, of in PROCEDURES.items()),
)
