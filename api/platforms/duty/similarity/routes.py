"""Earlier suggestions of the same matter over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Request

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.authentication.requests import require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import actions
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.similarity.schemas import EarlierSuggestion, GivenText, ProposedUnit
from api.services import ServicesOf
from api.web.caches import cache

router = APIRouter(tags=["suggestions"])
Reader = Annotated[Account, require(DutyPermission.SEE)]
Office = Annotated[Account, require(DutyPermission.CHECK)]


@router.post("/similar")
def similar(
    given: GivenText, request: Request, services: ServicesOf, account: Reader
) -> list[EarlierSuggestion]:
    """Earlier suggestions that say the same, the closest first."""
    compared = cache(request, Compared)
    found = actions.similar(services, compared, account, given.title, given.body, given.but)
    return [EarlierSuggestion(**asdict(of)) for of in found]


@router.post("/proposed-units")
def proposed_units(
    given: GivenText, request: Request, services: ServicesOf, _account: Office
) -> list[ProposedUnit]:
    """The units that handled such suggestions, the most likely first."""
    names = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    found = actions.proposals(services, cache(request, Compared), given.title, given.body)
    return [
        ProposedUnit(unit=of.unit, name=names[of.unit], share=of.share, because=list(of.because))
        for of in found
    ]
