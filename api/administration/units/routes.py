"""Units over the API."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account, Unit
from api.administration.authority import Answered, OverUnits, Viewer
from api.administration.units import actions
from api.administration.units.records import Changed, Ended, Made
from api.administration.units.schemas import UnitState, unit_state
from api.authentication.requests import SameOrigin, SignedIn
from api.services import Services, ServicesOf

router = APIRouter(prefix="/units", tags=["administration"], dependencies=[SameOrigin, Answered])


@router.get("")
def units(services: ServicesOf, account: Viewer) -> list[UnitState]:
    """Units that are seen, each before those below it, in the official order."""
    return [unit_state(branch) for branch in actions.tree(services, account)]


@router.post("", status_code=204)
def make(given: Made, over: OverUnits) -> None:
    """Write a unit."""
    actions.make(over, given)


@router.put("/{unit_id}", status_code=204)
def change(
    unit_id: str, given: Changed, services: ServicesOf, account: SignedIn, over: OverUnits
) -> None:
    """Write other values of a unit."""
    actions.change(over, _find(services, account, unit_id), given)


@router.post("/{unit_id}/end", status_code=204)
def end(
    unit_id: str, given: Ended, services: ServicesOf, account: SignedIn, over: OverUnits
) -> None:
    """Let a unit be up to a day; without one it goes on."""
    actions.end(over, _find(services, account, unit_id), given)


def _find(services: Services, account: Account, unit_id: str) -> Unit:
    found = actions.seen(services, account).get(unit_id)
    if found is None:
        raise HTTPException(404, f"unknown unit {unit_id!r}")
    return found
