"""The centre's state over the API."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from api.accounts.authentication import OnApi
from api.platforms.environment.operations import actions
from api.services import ServicesOf

router = APIRouter(prefix="/operations", tags=["operations"])


class StationSamples(BaseModel):
    """What became of one station's samples, in numbers of samples."""

    station: str
    online: bool
    arrived: int
    waiting: int
    lost: int
    repeated: int
    stalled: bool
    two_agents: bool
    behind_ms: int | None
    """How far its clock is behind the centre's; below zero where it is ahead."""


class OperationsState(BaseModel):
    """How the centre is; ``unstored`` and ``unjudged`` in journal entries."""

    core: bool
    at_ms: int | None
    unstored: int
    unjudged: int
    store_away: bool
    turned_away: int
    deadletters: int
    reasons: dict[str, int]
    stations: list[StationSamples]


@router.get("")
def operations(services: ServicesOf, who: OnApi) -> OperationsState:
    """How the centre is, for officers."""
    if who.role != "officer":
        raise HTTPException(403, "only an officer may see this")
    found = actions.running(services)
    return OperationsState(
        core=found.present,
        at_ms=found.at_ms,
        unstored=found.unstored,
        unjudged=found.unjudged,
        store_away=found.store_away,
        turned_away=found.turned_away,
        deadletters=found.deadletters,
        reasons=dict(found.reasons),
        stations=[
            StationSamples(
                station=station.id,
                online=said.online,
                arrived=said.arrived,
                waiting=said.waiting,
                lost=said.lost,
                repeated=said.repeated,
                stalled=said.stalled,
                two_agents=said.two_agents,
                behind_ms=said.behind_ms,
            )
            for station, said in found.stations
        ],
    )
