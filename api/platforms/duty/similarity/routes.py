"""Earlier suggestions of the same matter over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Request

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import actions
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.similarity.records import Written
from api.platforms.duty.similarity.schemas import EarlierSuggestion, GivenText, ProposedUnit
from api.services import ServicesOf
from api.web.caches import cache

router = APIRouter(tags=["suggestions"])
Reader = Annotated[Account, require(DutyPermission.SEE)]
Office = Annotated[Account, require(DutyPermission.CHECK)]


@router.post("/similar")
@costs(COSTLY)
def similar(
    given: GivenText, request: Request, services: ServicesOf, account: Reader
) -> list[EarlierSuggestion]:
    """Earlier suggestions that say the same, the closest first."""
    compared = cache(request, Compared)
    found = actions.similar(services, compared, account, _asked(given))
    return [EarlierSuggestion(**asdict(of)) for of in found]


@router.post("/proposed-units")
def proposed_units(
    given: GivenText, request: Request, services: ServicesOf, _account: Office
) -> list[ProposedUnit]:
    """The units that handled such suggestions, the most likely first."""
    names = actions.unit_names(services)
    found = actions.proposals(services, cache(request, Compared), _asked(given))
    return [
        ProposedUnit(unit=of.unit, name=names[of.unit], because=list(of.because)) for of in found
    ]


def _asked(given: GivenText) -> Written:
    return Written(given.but, given.title, given.body, given.town or None)
