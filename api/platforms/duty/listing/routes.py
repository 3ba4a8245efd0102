"""The list of suggestions over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.duty.listing import actions
from api.platforms.duty.listing.records import Asked
from api.platforms.duty.permission import DutyPermission
from api.ports import Lamp
from api.services import ServicesOf

router = APIRouter(tags=["duty"])
Reader = Annotated[Account, require(DutyPermission.SEE)]


class LineState(BaseModel):
    """A suggestion in the list; ``due_ms`` is the instant until which the term lasts that is due
    first, UTC epoch ms, null where none runs.
    """

    id: int
    state: str
    number: str | None
    title: str
    lead: str
    topic: str | None
    town: str | None
    unit: str | None
    submitted: date | None
    assigned: date | None
    answered: date | None
    result: str | None
    due_ms: int | None
    lamp: Lamp | None


class ListState(BaseModel):
    """Fifty lines at most; ask again with ``before`` of ``following``, 0 at the end. ``count``
    goes up to 1,001; ``bounded``: the words stand in more texts than were looked at.
    """

    lines: list[LineState]
    count: int
    following: int
    bounded: bool


@router.get("/suggestions")
def suggestions(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> ListState:
    """Suggestions that the caller may see, the newest first."""
    found, now_ms = actions.found(services, account, asked), services.now_ms()
    terms = actions.terms(services, found.lines)
    lines = []
    for of in found.lines:
        term = terms.get(of.id)
        lines.append(
            LineState(
                id=of.id,
                state=of.state,
                number=of.number,
                title=of.title,
                lead=of.lead,
                topic=of.topic,
                town=of.town,
                unit=of.unit,
                submitted=of.submitted,
                assigned=of.assigned,
                answered=of.answered,
                result=of.result,
                due_ms=term.reckoned.due_ms if term else None,
                lamp=term.lamp(now_ms).value if term else None,
            )
        )
    return ListState(
        lines=lines, count=found.count, following=found.following, bounded=found.bounded
    )


API = (router,)
