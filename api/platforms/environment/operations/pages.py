"""The page of the centre's own state."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.authentication import OnPage
from api.frame import frame
from api.platforms.environment.operations import actions
from api.services import ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/operations", response_class=HTMLResponse)
def operations(request: Request, services: ServicesOf, account: OnPage) -> HTMLResponse:
    """What arrives, what waits, what was refused; for officers."""
    if account.role != "officer":
        raise HTTPException(403, "only an officer may see this")
    running = actions.running(services)
    return page(
        request,
        services.words,
        "environment/operations.html",
        **frame(request, services, account),
        running=running,
    )
