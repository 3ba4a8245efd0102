"""Monthly figures over the API: one body at a time, in the order of months, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.judicial.figures import schemas
from api.platforms.judicial.figures.actions import reading, sending, terms
from api.platforms.judicial.figures.actions.sending import TableRefused
from api.platforms.judicial.figures.records.templates import templates
from api.platforms.judicial.figures.schemas import (
    BodyState,
    BreakGiven,
    BreakState,
    DecisionGiven,
    LackingState,
    MonthGiven,
    MonthState,
    RangeGiven,
    RangeState,
    VersionState,
)
from api.platforms.judicial.permission import JudicialPermission
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID

Reader = Annotated[Account, require(JudicialPermission.SEE)]
Sender = Annotated[Account, require(JudicialPermission.SUBMIT)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(prefix="/figures", tags=["judicial"], dependencies=[SameOrigin])


@router.get("")
def bodies(services: ServicesOf, _account: Reader) -> list[BodyState]:
    """The bodies, in the official order."""
    return [BodyState(id=of, name=name) for of, name in reading.bodies(services)]


@router.get("/{body}")
def one(body: str, services: ServicesOf, account: Reader) -> list[MonthState]:
    """The months of one body that count, the newest first."""
    found = reading.series(services, account, body)
    return [schemas.month_state(found, of) for of in found.months]


@router.post("/{body}", status_code=201)
def send(body: str, given: MonthGiven, services: ServicesOf, account: Sender) -> VersionState:
    """Send a month of one's own body. Answered 422 with every cell that does not hold."""
    with _saying(services):
        row = sending.send(services, account, body, given.written())
    return schemas.version_state(templates()[body], row, counts=True)


@router.get("/{body}/versions")
def versions(body: str, services: ServicesOf, account: Reader) -> list[VersionState]:
    """Every version that the account sees, the newest first."""
    found = reading.series(services, account, body)
    counts = reading.sees_counts(account, found)
    return [schemas.version_state(found.template, row, counts=counts) for row in found.versions]


@router.post("/{body}/versions/{number}/inspect")
def inspect(body: str, number: Number, services: ServicesOf, account: Office) -> VersionState:
    """A version that waits for one's decision with all its counts; it is recorded."""
    row = reading.inspect(services, account, body, number)
    return schemas.version_state(templates()[body], row, counts=True)


@router.post("/{body}/versions/{number}/decide", status_code=204)
def decide(
    body: str, number: Number, given: DecisionGiven, services: ServicesOf, account: Office
) -> None:
    """Accept a version, or return it with a reason."""
    reading.series(services, account, body)
    with _saying(services):
        sending.decide(services, account, number, accept=given.accept, reason=given.reason)


@router.get("/{body}/breaks")
def breaks(body: str, services: ServicesOf, account: Reader) -> list[BreakState]:
    """Where the figures of a body began to count otherwise."""
    found = reading.series(services, account, body).breaks
    return [BreakState(month=of["month"], reason=of["reason"]) for of in found]


@router.post("/{body}/breaks", status_code=204)
def mark(body: str, given: BreakGiven, services: ServicesOf, account: Office) -> None:
    """Mark where the figures begin to count otherwise."""
    with _saying(services):
        sending.mark(services, account, body, given.month, given.reason)


@router.get("/{body}/behind")
def behind(body: str, services: ServicesOf, account: Reader) -> list[LackingState]:
    """The months of one body that came late or are missing, the newest first."""
    reading.series(services, account, body)
    return [schemas.lacking_state(of) for of in terms.lacking(services, body)]


@router.get("/{body}/ranges")
def ranges(body: str, services: ServicesOf, account: Reader) -> list[RangeState]:
    """Reference ranges of one body with their sources, beside its newest month."""
    found = reading.series(services, account, body)
    newest = found.month("")
    return [schemas.range_state(of) for of in reading.ranged(found, newest)] if newest else []


@router.post("/{body}/ranges", status_code=204)
def enter(body: str, given: RangeGiven, services: ServicesOf, account: Office) -> None:
    """Enter a reference range with its source."""
    with _saying(services):
        sending.enter_range(services, account, body, given.model_dump())


@contextmanager
def _saying(services: Services) -> Iterator[None]:
    try:
        yield
    except TableRefused as refused:
        said = schemas.faults(services.words, refused.wrong)
        raise HTTPException(422, [of.model_dump() for of in said]) from refused


API = (router,)
