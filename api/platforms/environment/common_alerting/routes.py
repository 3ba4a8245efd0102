"""An alert as a message of CAP 1.2."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.environment.common_alerting.wording import message
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf

router = APIRouter(prefix="/alerts", tags=["alerts"])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]


class Cap(Response):
    """CAP 1.2 in XML."""

    media_type = "application/cap+xml; charset=utf-8"


@router.get("/{alert_id}/cap", response_class=Cap)
def alert_as_cap(alert_id: str, services: ServicesOf, _who: Viewer) -> Cap:
    """One alert as a message of the Common Alerting Protocol 1.2: an Alert while it stands, an
    Update with AllClear after its end, a Cancel where it never was.
    """
    found = services.alerts.get(alert_id)
    if found is None:
        raise HTTPException(404, f"unknown alert {alert_id!r}; see /api/v1/alerts")
    return Cap(message(services, found))
