"""The sessions of one's own account over the API; instants in UTC epoch ms."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel

from api.authentication.requests import SameOrigin, let_out
from api.own_account.devices import actions
from api.own_account.owner import OwnerOf

router = APIRouter(prefix="/sessions", tags=["account"], dependencies=[SameOrigin])


class OfAccount(BaseModel):
    """A session. ``here`` is the one that asks; ``username`` is another's where a clerk acts for
    the person, ``on_behalf_of`` the deputy for whom the session acts.
    """

    id: str
    here: bool
    username: str
    on_behalf_of: str | None
    address: str
    browser: str
    means: str
    created_ms: int
    seen_ms: int


@router.get("")
def sessions(owner: OwnerOf) -> list[OfAccount]:
    """Those that stand."""
    return [
        OfAccount(
            id=one.session.id,
            here=one.here,
            username=one.session.username,
            on_behalf_of=one.session.on_behalf_of,
            address=one.session.address,
            browser=one.session.browser,
            means=one.session.means,
            created_ms=one.session.created_ms,
            seen_ms=one.session.seen_ms,
        )
        for one in actions.listed(owner)
    ]


@router.delete("", status_code=204)
def end_all(request: Request, response: Response, owner: OwnerOf) -> None:
    """Sign out everywhere."""
    actions.end_all(owner)
    let_out(request, response)


@router.delete("/{session_id}", status_code=204)
def end(session_id: str, owner: OwnerOf) -> None:
    """Sign one browser out."""
    if not actions.end(owner, session_id):
        raise HTTPException(404, "no such session of this account stands")
