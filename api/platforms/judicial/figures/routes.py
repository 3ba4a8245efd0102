"""Monthly figures over the API: one body at a time, in the order of months, and no other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.judicial.figures import actions
from api.platforms.judicial.permission import JudicialPermission
from api.services import ServicesOf

Reader = Annotated[Account, require(JudicialPermission.SEE)]
router = APIRouter(prefix="/figures", tags=["judicial"])


class BodyState(BaseModel):
    """A body, by name alone."""

    id: str
    name: str


class MonthState(BaseModel):
    """A month that counts; null is a count that is hidden."""

    month: str
    figures: dict[str, int | None]


@router.get("")
def bodies(services: ServicesOf, _account: Reader) -> list[BodyState]:
    """The bodies, in the official order."""
    return [BodyState(id=of, name=name) for of, name in actions.bodies(services)]


@router.get("/{body}")
def one(body: str, services: ServicesOf, account: Reader) -> list[MonthState]:
    """The months of one body that count, the newest first."""
    try:
        series = actions.series(services, account, body)
    except actions.UnknownBody as unknown:
        raise HTTPException(404) from unknown
    return [
        MonthState(
            month=of.month,
            figures={
                name: series.shown(of.month, name, of.values[name])
                for name in series.template.columns
            },
        )
        for of in series.months
    ]


API = (router,)
