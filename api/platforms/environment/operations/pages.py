"""The page of the centre's own state."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment.operations import actions
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf
from api.web.rendering import link, page
from ingest.state.database import MOST_HELD_MS

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_OPERATIONS)]
Tester = Annotated[Account, require(EnvironmentPermission.TEST_CHANNELS)]


@router.get("/operations", response_class=HTMLResponse)
def operations(
    request: Request,
    services: ServicesOf,
    account: Viewer,
    test: Annotated[str, Query(max_length=32)] = "",
) -> HTMLResponse:
    """Arrivals, backlogs, refusals, failing loops, the state database, and the channels with the
    outcome of a test message.
    """
    running = actions.running(services)
    return page(
        request,
        services.words,
        "environment/operations.html",
        **frame(request, services, account),
        running=running,
        tested=actions.tested(services, test) if test else None,
        names={of: station.name for of, station in services.catalogue.stations.items()},
        held_limit_ms=MOST_HELD_MS,
    )


@router.post("/operations/channels/{channel_name}/test", dependencies=[SameOrigin])
def test_channel(
    channel_name: str, request: Request, services: ServicesOf, account: Tester
) -> RedirectResponse:
    """Send a test message over one channel, and show what comes of it."""
    channel = next((of for of in services.channels if of.name == channel_name), None)
    if channel is None:
        raise HTTPException(404, f"unknown channel {channel_name!r}")
    message_id = actions.test(services, account, channel)
    return RedirectResponse(link(request, f"/operations?test={message_id}#channels"), 303)
