"""One deadline over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn, require
from api.deadlines.permission import DeadlinePermission
from api.deadlines.records import Deadline
from api.deadlines.term import actions
from api.deadlines.term.records import ByReason, Ending, Explained, Extending
from api.deadlines.term.schemas import TermState, term_state
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted

DeadlineId = Annotated[int, Path(ge=1, le=MOST_ID)]
Officer = Annotated[Account, require(DeadlinePermission.CHANGE_TERMS)]
router = APIRouter(tags=["deadlines"], dependencies=[SameOrigin])


@router.get("/{deadline_id}")
def deadline(
    deadline_id: DeadlineId, request: Request, services: ServicesOf, who: SignedIn
) -> TermState:
    """A deadline with its trace and its history, for whoever sees its thing or must act."""
    return _state(services, who, _find(request, services, who, deadline_id))


@router.post("/{deadline_id}/extend")
def extend(
    deadline_id: DeadlineId,
    given: Extending,
    request: Request,
    services: ServicesOf,
    who: Officer,
) -> TermState:
    """Make its term longer, as far as its rule allows."""
    found = _find(request, services, who, deadline_id)
    return _acted(
        request, services, who, found, lambda: actions.extend(services, who, found, given)
    )


@router.post("/{deadline_id}/end")
def end(
    deadline_id: DeadlineId,
    given: Ending,
    request: Request,
    services: ServicesOf,
    who: Officer,
) -> TermState:
    """Write that the thing was done, on a day or now."""
    found = _find(request, services, who, deadline_id)
    return _acted(request, services, who, found, lambda: actions.end(services, who, found, given))


@router.post("/{deadline_id}/{act}")
def act_by_reason(
    deadline_id: DeadlineId,
    act: ByReason,
    given: Explained,
    request: Request,
    services: ServicesOf,
    who: Officer,
) -> TermState:
    """Let it stand still from today on, where its rule allows that (``pause``), or go on, today
    included (``resume``); write that nothing is to be done any more (``cancel``), or let it run on
    from its own start that was ended or cancelled by mistake (``reopen``).
    """
    found = _find(request, services, who, deadline_id)
    return _acted(
        request,
        services,
        who,
        found,
        lambda: actions.act_by_reason(services, who, found, act, given),
    )


def _acted(
    request: Request, services: Services, who: Account, found: Deadline, act: Callable[[], None]
) -> TermState:
    try:
        act()
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return _state(services, who, _find(request, services, who, found.id))


def _state(services: Services, who: Account, found: Deadline) -> TermState:
    return term_state(actions.shown(services, who, found))


def _find(request: Request, services: Services, who: Account, deadline_id: int) -> Deadline:
    found = actions.find(request.app.state.roster, services, who, deadline_id)
    if found is None:
        raise HTTPException(404, f"unknown deadline {deadline_id}")
    return found
