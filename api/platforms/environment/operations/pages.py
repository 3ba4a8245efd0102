"""The page of the centre's own state."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.operations import actions
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf
from api.web.rendering import page
from ingest.state.database import MOST_HELD_MS

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_OPERATIONS)]


@router.get("/operations", response_class=HTMLResponse)
def operations(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Arrivals, backlogs, refusals, failing loops and the state database."""
    running = actions.running(services)
    return page(
        request,
        services.words,
        "environment/operations.html",
        **frame(request, services, account),
        running=running,
        names={of: station.name for of, station in services.catalogue.stations.items()},
        held_limit_ms=MOST_HELD_MS,
    )
