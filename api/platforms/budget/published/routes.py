"""Published tables over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, File, HTTPException, Path, Query, UploadFile

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.published import actions, schemas, wording
from api.platforms.budget.published.actions import Sent
from api.platforms.budget.published.schemas import (
    ComparisonState,
    Confirming,
    SetLine,
    SetState,
    Withdrawing,
    YearState,
)
from api.services import ServicesOf
from api.web.forms import MOST_ID, NotAccepted

T = TypeVar("T")
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Loader = Annotated[Account, require(BudgetPermission.LOAD)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(prefix="/published", tags=["budget"], dependencies=[SameOrigin])


@router.get("")
def listed(
    services: ServicesOf,
    account: Reader,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> YearState:
    """Departments with what they published of a year, the newest where none is asked for."""
    found = actions.listed(services, account, year)
    return YearState(
        year=found.year,
        departments=[schemas.department(of) for of in found.lines],
        drafts=[schemas.set_line(of) for of in found.drafts],
    )


@router.post("", status_code=201)
@larger(files.most_body_bytes)
def send(
    services: ServicesOf, account: Loader, file: Annotated[list[UploadFile], File()]
) -> SetState:
    """Keep the files of one department as a draft, with the department, year and stage that they
    name. The same content again is answered with the set that is there.
    """
    sent = [Sent(of.filename or "", of.file) for of in file if of.size]
    kept = _accepted(lambda: actions.send(services, account, sent))
    return schemas.set_state(services.words, actions.whole(services, kept))


@router.get("/{number}")
def one(number: Number, services: ServicesOf, account: Reader) -> SetState:
    """A set with its tables, breaks and checks that were not made."""
    kept = actions.one(services, account, number)
    return schemas.set_state(services.words, actions.whole(services, kept))


@router.get("/{number}/payments")
def payments(number: Number, services: ServicesOf, account: Reader) -> ComparisonState:
    """A set beside the payments of its year and its budget lines."""
    found = actions.comparison(services, actions.one(services, account, number))
    return schemas.comparison(found, wording.held(services.words, found))


@router.post("/{number}/confirm")
def confirm(number: Number, body: Confirming, services: ServicesOf, account: Loader) -> SetLine:
    """Say whose tables a draft has; from now on it stands."""
    return _accepted(
        lambda: schemas.set_line(
            actions.confirm(services, account, number, body.department, str(body.year), body.stage)
        )
    )


@router.post("/{number}/withdraw")
def withdraw(number: Number, body: Withdrawing, services: ServicesOf, account: Loader) -> SetLine:
    """Take a set out with what rests on it; the one before it stands again."""
    return _accepted(
        lambda: schemas.set_line(actions.withdraw(services, account, number, body.why))
    )


@router.post("/{number}/drop", status_code=204)
def drop(number: Number, services: ServicesOf, account: Loader) -> None:
    """Let go of a draft."""
    actions.drop(services, account, number)


def _accepted(act: Callable[[], T]) -> T:
    try:
        return act()
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused


API = (router,)
