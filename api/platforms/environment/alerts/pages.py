"""The list of alerts and the page of one."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.alert import State
from alerting.repository import AlreadyAcknowledged
from api.accounts.door import OnPage, SameOrigin
from api.parts import PartsOf
from api.platforms.environment.alerts import actions
from api.platforms.environment.menu import frame
from api.web.rendering import page

MINUTES_AROUND_MS = 5 * 60_000
router = APIRouter(include_in_schema=False)


@router.get("/alerts", response_class=HTMLResponse)
def alerts(request: Request, parts: PartsOf, account: OnPage, show: str = "all") -> HTMLResponse:
    """Alerts, what stands first."""
    state = State.FIRING if show == "firing" else None
    found = parts.alerts.listing(state=state)
    return page(
        request,
        parts.words,
        "alerts.html",
        **frame(parts, account),
        show=show,
        rows=[
            (
                kept,
                parts.wording.sentences(kept.alert),
                parts.catalogue.stations[kept.alert.station],
            )
            for kept in found
            if kept.alert.state is not State.WITHDRAWN
        ],
    )


@router.get("/alerts/{alert_id}", response_class=HTMLResponse)
def alert(
    alert_id: str, request: Request, parts: PartsOf, account: OnPage, first: str = ""
) -> HTMLResponse:
    """One alert: what, where, since when, how far above which standard, and who was told."""
    kept = actions.find(parts, alert_id)
    if kept is None:
        raise HTTPException(404, f"unknown alert {alert_id!r}")
    end = kept.alert.resolved_ms or parts.now_ms()
    indicators = parts.catalogue.indicators(kept.alert.station)
    concerned = [row for row in indicators if row.code == kept.alert.indicator] or indicators
    return page(
        request,
        parts.words,
        "alert.html",
        **frame(parts, account),
        kept=kept,
        alert=kept.alert,
        said=parts.wording.sentences(kept.alert),
        lasted=parts.wording.duration(end - kept.alert.began_ms),
        station=parts.catalogue.stations[kept.alert.station],
        told=parts.alerts.told(alert_id),
        indicators=concerned,
        somebody_was_first=bool(first),
        from_ms=kept.alert.began_ms - MINUTES_AROUND_MS,
        to_ms=kept.alert.resolved_ms + MINUTES_AROUND_MS if kept.alert.resolved_ms else "",
    )


@router.post("/alerts/{alert_id}/acknowledge", dependencies=[SameOrigin])
def acknowledge(alert_id: str, parts: PartsOf, account: OnPage) -> RedirectResponse:
    """Acknowledge, and show the page anew; the second person is told who was first."""
    if actions.find(parts, alert_id) is None:
        raise HTTPException(404, f"unknown alert {alert_id!r}")
    try:
        actions.acknowledge(parts, alert_id, account)
    except AlreadyAcknowledged:
        return RedirectResponse(f"/alerts/{alert_id}?first=somebody", 303)
    return RedirectResponse(f"/alerts/{alert_id}", 303)
