"""Texts over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form, HTTPException, Path, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts import actions, schemas
from api.platforms.documents.texts.records import Asked
from api.platforms.documents.texts.schemas import (
    ComparedState,
    Repealing,
    Sent,
    TextLine,
    TextList,
    TextState,
)
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted, day

T = TypeVar("T")
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Keeper = Annotated[Account, require(DocumentsPermission.CHECK)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Version = Annotated[int, Query(ge=1, le=MOST_ID)]
Written = Annotated[Sent, Form(media_type="multipart/form-data")]
router = APIRouter(prefix="/texts", tags=["documents"], dependencies=[SameOrigin])


@router.get("")
def listed(services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]) -> TextList:
    """A page of texts, the latest publication first."""
    found, count = actions.listed(services, asked)
    today = actions.today(services)
    return TextList(count=count, texts=[schemas.line(of, today) for of in found])


@router.post("", status_code=201)
@larger(files.most_body_bytes)
def keep(services: ServicesOf, account: Keeper, written: Written) -> TextState:
    """Keep a text: docx, plain text, or PDF with text. Title and 文号 that are not given come out
    of it.
    """
    return _kept(services, account, written, None)


@router.get("/{number}")
def one(
    number: Number,
    services: ServicesOf,
    _account: Reader,
    version: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None,
) -> TextState:
    """A text article by article, in its newest version where none is asked for."""
    return schemas.state(actions.shown(services, number, version), actions.today(services))


@router.get("/{number}/compare")
def compare(
    number: Number, services: ServicesOf, _account: Reader, old: Version, new: Version
) -> ComparedState:
    """Which article became which from one version to another."""
    return accepted(lambda: schemas.comparison(actions.compared(services, number, old, new)))


@router.post("/{number}/versions", status_code=201)
@larger(files.most_body_bytes)
def keep_version(
    number: Number, services: ServicesOf, account: Keeper, written: Written
) -> TextState:
    """Keep the version that follows ``after``."""
    return _kept(services, account, written, (number, written.after))


@router.post("/{number}/repeal")
def repeal(number: Number, body: Repealing, services: ServicesOf, account: Keeper) -> TextLine:
    """Write since which day a text holds no more."""

    def repealed() -> TextLine:
        since = day("repealed", body.repealed, needed=True) or ""
        kept = actions.repeal(services, account, number, since, body.why)
        return schemas.line(kept, actions.today(services))

    return accepted(repealed)


def _kept(
    services: Services,
    account: Account,
    written: Sent,
    of: tuple[int, int] | None,
) -> TextState:
    def kept() -> TextState:
        name, file = written.file.filename or "", written.file.file
        number = actions.send(services, account, written.facts(), name, file, of)
        return schemas.state(actions.shown(services, number), actions.today(services))

    return accepted(kept)


def accepted(act: Callable[[], T]) -> T:
    """Whatever an act gives; what is not accepted is answered with 422."""
    try:
        return act()
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused


API = (router,)
