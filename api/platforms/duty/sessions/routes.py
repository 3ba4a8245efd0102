"""Sessions of the congress over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.sessions import actions
from api.platforms.duty.sessions.schemas import SessionGiven, SessionState, session_state
from api.services import ServicesOf
from api.web.forms import NotAccepted

Reader = Annotated[Account, require(DutyPermission.SEE)]
Office = Annotated[Account, require(DutyPermission.CHECK)]
router = APIRouter(prefix="/sessions", tags=["duty"], dependencies=[SameOrigin])


@router.get("")
def sessions(services: ServicesOf, _account: Reader) -> list[SessionState]:
    """All sessions, the newest first."""
    return [session_state(of, name) for of, name in actions.every(services)]


@router.put("")
def put(given: SessionGiven, services: ServicesOf, account: Office) -> list[SessionState]:
    """Write a session, or other days of one; all sessions."""
    fields = given.model_dump(exclude={"offered"})
    try:
        actions.put(services, account, fields, offer=given.offered)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return [session_state(of, name) for of, name in actions.every(services)]


API = (router,)
