"""One person over the API."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account
from api.accounts.repositories.appointments import Kind
from api.accounts.repositories.directory import Person
from api.accounts.staffing.authority import Authority
from api.administration.authority import Answered, OverPeople, OverRoles, Viewer
from api.administration.person import actions
from api.administration.person.actions import Acting
from api.administration.person.records import (
    Bound,
    Delegated,
    Ended,
    Joined,
    Left,
    Renamed,
    RoleGiven,
)
from api.administration.person.schemas import (
    FileState,
    FirstPassword,
    SessionState,
    file_state,
    session_states,
)
from api.authentication.requests import SameOrigin, SignedIn
from api.services import Services, ServicesOf
from api.web.forms import RowId

router = APIRouter(
    prefix="/people/{username}", tags=["administration"], dependencies=[SameOrigin, Answered]
)


@router.get("")
def person(username: str, services: ServicesOf, account: Viewer) -> FileState:
    """Somebody with everything that was, is and will be."""
    return file_state(actions.file_of(services, _find(services, account, username)))


@router.post("/name", status_code=204)
def rename(
    username: str, given: Renamed, services: ServicesOf, account: SignedIn, over: OverPeople
) -> None:
    """Give another name; records keep the one of then."""
    actions.rename(_by(services, account, over, username), username, given.name)


@router.post("/disable", status_code=204)
def disable(username: str, services: ServicesOf, account: SignedIn, over: OverPeople) -> None:
    """Let the person sign in no more; sessions end."""
    actions.disable(_by(services, account, over, username), username)


@router.post("/enable", status_code=204)
def enable(username: str, services: ServicesOf, account: SignedIn, over: OverPeople) -> None:
    """Let the person sign in again."""
    actions.enable(_by(services, account, over, username), username)


@router.post("/reset")
def reset(
    username: str, services: ServicesOf, account: SignedIn, over: OverPeople
) -> FirstPassword:
    """Give a first password and take the second factor away; sessions end."""
    by = _by(services, account, over, username)
    password = actions.reset(by, username, keeps_factor=False)
    return FirstPassword(username=username, first_password=password)


@router.post("/password")
def new_password(
    username: str, services: ServicesOf, account: SignedIn, over: OverPeople
) -> FirstPassword:
    """Give a first password, behind which the second factor is asked for; sessions end."""
    by = _by(services, account, over, username)
    password = actions.reset(by, username, keeps_factor=True)
    return FirstPassword(username=username, first_password=password)


@router.post("/roles", status_code=204)
def give_role(
    username: str, given: RoleGiven, services: ServicesOf, account: SignedIn, over: OverRoles
) -> None:
    """Give a role; days empty: from now on, without an end."""
    actions.give_role(_by(services, account, over, username), username, given)


@router.post("/memberships", status_code=204)
def join(
    username: str, given: Joined, services: ServicesOf, account: SignedIn, over: OverRoles
) -> None:
    """Let the person belong to a unit."""
    actions.join(_by(services, account, over, username), username, given)


@router.post("/delegations", status_code=204)
def delegate(
    username: str, given: Delegated, services: ServicesOf, account: SignedIn, over: OverRoles
) -> None:
    """Let a clerk act for a deputy; the person is one of both."""
    actions.delegate(_by(services, account, over, username), username, given)


@router.post("/roles/{number}/end", status_code=204)
def end_role(
    username: str,
    number: RowId,
    given: Ended,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> None:
    """Let a role hold up to a day; without one it ends now."""
    _end(_by(services, account, over, username), username, "role", number, given)


@router.post("/memberships/{number}/end", status_code=204)
def end_membership(
    username: str,
    number: RowId,
    given: Ended,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> None:
    """Let a membership hold up to a day; without one it ends now."""
    _end(_by(services, account, over, username), username, "membership", number, given)


@router.post("/delegations/{number}/end", status_code=204)
def end_delegation(
    username: str,
    number: RowId,
    given: Ended,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> None:
    """Let a delegation hold up to a day; without one it ends now."""
    _end(_by(services, account, over, username), username, "delegation", number, given)


@router.post("/leave", status_code=204)
def leave(
    username: str, given: Left, services: ServicesOf, account: SignedIn, over: OverRoles
) -> None:
    """Let everything end with a day; a successor gets it from the day after."""
    actions.leave(_by(services, account, over, username), username, given)


@router.post("/identities", status_code=204)
def bind(
    username: str, given: Bound, services: ServicesOf, account: SignedIn, over: OverPeople
) -> None:
    """Let an identity at a government's own sign-in open the account."""
    actions.bind(_by(services, account, over, username), username, given)


@router.post("/identities/end", status_code=204)
def unbind(
    username: str, given: Bound, services: ServicesOf, account: SignedIn, over: OverPeople
) -> None:
    """Let an identity open the account no longer."""
    if not actions.unbind(_by(services, account, over, username), username, given):
        raise HTTPException(404, "the identity does not open this account")


@router.get("/sessions")
def sessions(
    username: str, services: ServicesOf, account: SignedIn, _over: OverPeople
) -> list[SessionState]:
    """Open sessions, the one seen last first."""
    return session_states(actions.file_of(services, _find(services, account, username)))


@router.delete("/sessions", status_code=204)
def end_sessions(username: str, services: ServicesOf, account: SignedIn, over: OverPeople) -> None:
    """End every session."""
    actions.end_sessions(_by(services, account, over, username), username)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(
    username: str,
    session_id: str,
    services: ServicesOf,
    account: SignedIn,
    over: OverPeople,
) -> None:
    """End one session."""
    if not actions.end_session(_by(services, account, over, username), username, session_id):
        raise HTTPException(404, "unknown session")


def _find(services: Services, account: Account, username: str) -> Person:
    found = actions.find(services, account, username)
    if found is None:
        raise HTTPException(404, f"unknown person {username!r}")
    return found


def _by(services: Services, account: Account, over: Authority, username: str) -> Acting:
    """Whoever acts on somebody whom they see."""
    _find(services, account, username)
    return Acting(services, account, over)


def _end(by: Acting, username: str, kind: Kind, number: RowId, given: Ended) -> None:
    if not actions.end(by, username, kind, number, given.last_day()):
        raise HTTPException(404, f"unknown {kind} {number}")
