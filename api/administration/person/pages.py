"""The page of one person, and what is done there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from api.accounts.records import Account
from api.accounts.repositories.appointments import Kind
from api.accounts.repositories.directory import Person
from api.accounts.staffing.authority import Authority
from api.administration.authority import OverPeople, OverRoles, Viewer, said
from api.administration.person import actions, wording
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
from api.authentication.requests import SameOrigin, SignedIn
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, RowId
from api.web.rendering import link, page
from config.vocabulary.time import day_of

router = APIRouter(prefix="/people/{username}", include_in_schema=False)
Answer = HTMLResponse | RedirectResponse
DONE = (
    *("created", "renamed", "disabled", "enabled", "given", "joined", "delegated"),
    *("ended", "left", "sessions-ended", "bound", "unbound"),
)
"""Ends of the words that a page says after something was done."""


@router.get("", response_class=HTMLResponse)
def person(
    username: str, request: Request, services: ServicesOf, account: Viewer, done: str = ""
) -> HTMLResponse:
    """Somebody: account, roles, memberships, delegations, sessions, what happened."""
    found = _find(services, account, username)
    return _shown(request, services, account, found, done=done if done in DONE else "")


@router.post("/name", dependencies=[SameOrigin], response_model=None)
def rename(
    username: str,
    given: Annotated[Renamed, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverPeople,
) -> Answer:
    """Give another name."""
    return _do(
        *(request, services, account, over, username, "renamed"),
        lambda by: actions.rename(by, username, given.name),
        ("name", given),
    )


@router.post("/disable", dependencies=[SameOrigin], response_model=None)
def disable(
    username: str, request: Request, services: ServicesOf, account: SignedIn, over: OverPeople
) -> Answer:
    """Let the person sign in no more."""
    return _do(
        *(request, services, account, over, username, "disabled"),
        lambda by: actions.disable(by, username),
    )


@router.post("/enable", dependencies=[SameOrigin], response_model=None)
def enable(
    username: str, request: Request, services: ServicesOf, account: SignedIn, over: OverPeople
) -> Answer:
    """Let the person sign in again."""
    return _do(
        *(request, services, account, over, username, "enabled"),
        lambda by: actions.enable(by, username),
    )


@router.post("/reset", dependencies=[SameOrigin])
def reset(
    username: str, request: Request, services: ServicesOf, account: SignedIn, over: OverPeople
) -> HTMLResponse:
    """Give a first password and take the second factor away; shown this once."""
    return _reset(request, services, account, over, username, keeps_factor=False)


@router.post("/password", dependencies=[SameOrigin])
def new_password(
    username: str, request: Request, services: ServicesOf, account: SignedIn, over: OverPeople
) -> HTMLResponse:
    """Give a first password beside the second factor, and show it this once."""
    return _reset(request, services, account, over, username, keeps_factor=True)


def _reset(
    request: Request,
    services: Services,
    account: Account,
    over: Authority,
    username: str,
    *,
    keeps_factor: bool,
) -> HTMLResponse:
    found, by = _find(services, account, username), Acting(services, account, over)
    try:
        password = actions.reset(by, username, keeps_factor=keeps_factor)
    except NotAccepted as refused:
        return _shown(request, services, account, found, refused=refused)
    return page(
        request,
        services.words,
        "administration/first_password.html",
        **frame(request, services, account),
        username=username,
        name=found.name,
        password=password,
    )


@router.post("/roles", dependencies=[SameOrigin], response_model=None)
def give_role(
    username: str,
    given: Annotated[RoleGiven, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Give a role."""
    return _do(
        *(request, services, account, over, username, "given"),
        lambda by: actions.give_role(by, username, given),
        ("role", given),
    )


@router.post("/memberships", dependencies=[SameOrigin], response_model=None)
def join(
    username: str,
    given: Annotated[Joined, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Let the person belong to a unit."""
    return _do(
        *(request, services, account, over, username, "joined"),
        lambda by: actions.join(by, username, given),
        ("membership", given),
    )


@router.post("/delegations", dependencies=[SameOrigin], response_model=None)
def delegate(
    username: str,
    given: Annotated[Delegated, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Let a clerk act for a deputy."""
    return _do(
        *(request, services, account, over, username, "delegated"),
        lambda by: actions.delegate(by, username, given),
        ("delegation", given),
    )


@router.post("/roles/{number}/end", dependencies=[SameOrigin], response_model=None)
def end_role(
    username: str,
    number: RowId,
    given: Annotated[Ended, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Let a role hold up to a day."""
    return _end(request, services, account, over, username, "role", number, given)


@router.post("/memberships/{number}/end", dependencies=[SameOrigin], response_model=None)
def end_membership(
    username: str,
    number: RowId,
    given: Annotated[Ended, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Let a membership hold up to a day."""
    return _end(request, services, account, over, username, "membership", number, given)


@router.post("/delegations/{number}/end", dependencies=[SameOrigin], response_model=None)
def end_delegation(
    username: str,
    number: RowId,
    given: Annotated[Ended, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Let a delegation hold up to a day."""
    return _end(request, services, account, over, username, "delegation", number, given)


@router.post("/leave", dependencies=[SameOrigin], response_model=None)
def leave(
    username: str,
    given: Annotated[Left, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverRoles,
) -> Answer:
    """Let everything end with a day, and hand it to a successor."""
    return _do(
        *(request, services, account, over, username, "left"),
        lambda by: actions.leave(by, username, given),
        ("leave", given),
    )


@router.post("/identities", dependencies=[SameOrigin], response_model=None)
def bind(
    username: str,
    given: Annotated[Bound, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverPeople,
) -> Answer:
    """Let an identity at a government's own sign-in open the account."""
    return _do(
        *(request, services, account, over, username, "bound"),
        lambda by: actions.bind(by, username, given),
        ("identity", given),
    )


@router.post("/identities/end", dependencies=[SameOrigin], response_model=None)
def unbind(
    username: str,
    given: Annotated[Bound, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverPeople,
) -> Answer:
    """Let an identity open the account no longer."""
    return _do(
        *(request, services, account, over, username, "unbound"),
        lambda by: actions.unbind(by, username, given),
    )


@router.post("/sessions/end", dependencies=[SameOrigin], response_model=None)
def end_sessions(
    username: str, request: Request, services: ServicesOf, account: SignedIn, over: OverPeople
) -> Answer:
    """End every session."""
    return _do(
        *(request, services, account, over, username, "sessions-ended"),
        lambda by: actions.end_sessions(by, username),
    )


@router.post("/sessions/{session_id}/end", dependencies=[SameOrigin], response_model=None)
def end_session(
    username: str,
    session_id: str,
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverPeople,
) -> Answer:
    """End one session; one that has ended by itself is as good."""
    return _do(
        *(request, services, account, over, username, "sessions-ended"),
        lambda by: actions.end_session(by, username, session_id),
    )


def _find(services: Services, account: Account, username: str) -> Person:
    found = actions.find(services, account, username)
    if found is None:
        raise HTTPException(404, f"unknown person {username!r}")
    return found


def _end(
    request: Request,
    services: Services,
    account: Account,
    over: Authority,
    username: str,
    kind: Kind,
    number: RowId,
    given: Ended,
) -> Answer:
    def act(by: Acting) -> None:
        if not actions.end(by, username, kind, number, given.last_day()):
            raise HTTPException(404, f"unknown {kind} {number}")

    form = (f"{kind}-{number}", given)
    return _do(request, services, account, over, username, "ended", act, form)


def _do(
    request: Request,
    services: Services,
    account: Account,
    over: Authority,
    username: str,
    done: str,
    act: Callable[[Acting], object],
    form: tuple[str, BaseModel] | None = None,
) -> Answer:
    """Back to the page with what was done, or the page with what is wrong in which form."""
    found = _find(services, account, username)
    try:
        act(Acting(services, account, over))
    except NotAccepted as refused:
        name, given = form or ("", None)
        written = {name: given.model_dump()} if given else {}
        return _shown(request, services, account, found, refused=refused, written=written)
    if actions.find(services, account, username) is None:
        # Whoever left the last unit of theirs is somebody else's to see.
        return RedirectResponse(link(request, "/people"), 303)
    return RedirectResponse(link(request, f"/people/{username}?done={done}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    found: Person,
    *,
    done: str = "",
    refused: NotAccepted | None = None,
    written: Mapping[str, Mapping[str, Any]] | None = None,
) -> HTMLResponse:
    t, file, units = services.words, actions.file_of(services, found), actions.units(services)
    today = day_of(services.now_ms())
    answer = page(
        request,
        t,
        "administration/person.html",
        **frame(request, services, account),
        person=found,
        roles=wording.roles(services, units, file),
        memberships=wording.memberships(services, units, file),
        delegations=wording.delegations(services, file),
        sessions=file.sessions,
        identities=file.identities,
        party=services.relying_party,
        moments=wording.moments(services, file),
        choices={
            "role": [(of.id, of.said(t)) for of in services.roles.by_id.values()],
            "platform": [(slug, t(f"{slug}.title")) for slug in services.roles.platforms],
            "unit": [(of.id, t.name(of.name)) for of in units.values() if of.span.holds(today)],
        },
        done=done,
        wrong=said(t, refused) if refused else "",
        at=refused.faults[0].where if refused else "",
        written=written or {},
        today=today,
    )
    if refused:
        answer.status_code = 422
    return answer
