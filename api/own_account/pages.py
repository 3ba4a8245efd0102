"""The first page of one's own account: who one is here, and what can be changed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.own_account.answers import shown
from api.own_account.contacts import actions as contacts
from api.own_account.devices import actions as devices
from api.own_account.identities import actions as identities
from api.own_account.owner import OwnerOf
from api.own_account.push import actions as push
from api.own_account.second_factor import actions as second_factor

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def account(request: Request, owner: OwnerOf) -> HTMLResponse:
    """Each part with how it stands."""
    words, on = owner.services.words, second_factor.standing(owner).on
    said = {
        "account.password": words("account.password-said"),
        "account.second-factor": words("account.factor-is-on" if on else "account.factor-is-off"),
        "account.devices": words("account.devices-said", n=len(devices.listed(owner))),
        "account.display": words("account.display-said"),
        "account.contacts": words("account.contacts-said", n=len(contacts.kept(owner))),
        "account.push": words("account.push-said", n=len(push.allowed(owner))),
    }
    ways = identities.bound(owner)
    offered = bool(ways) or owner.services.relying_party is not None
    bound = words("account.identities-said", n=len(ways)) if offered else ""
    return shown(request, owner, "account.html", said=said, bound=bound)
