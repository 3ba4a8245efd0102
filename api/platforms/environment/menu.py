"""The platform's lines of the menu, and what each of its pages shares."""

from __future__ import annotations

from typing import Any

from alerting.alert import State
from alerting.events.repository import Wanted
from api.accounts.records import Account
from api.platforms.environment.acts import role_of
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services
from api.shape import Entry

MENU = (
    Entry("menu.overview", "/", "map", EnvironmentPermission.SEE_STATIONS, below=("/stations",)),
    Entry("menu.events", "/events", "flag", EnvironmentPermission.SEE_ALERTS, ("/policies",)),
    Entry("menu.alerts", "/alerts", "bell", EnvironmentPermission.SEE_ALERTS, ("/silences",)),
    Entry("menu.duty", "/duty", "calendar", EnvironmentPermission.SEE_DUTY),
    Entry("menu.rules", "/rules", "sliders", EnvironmentPermission.SEE_RULES),
    Entry(
        "menu.operations",
        "/operations",
        "pulse",
        EnvironmentPermission.SEE_OPERATIONS,
        ("/deliveries",),
    ),
)


def firing(services: Services, account: Account) -> dict[str, Any]:
    """The alerts that stand now, and how many events wait for the role."""
    found = services.alerts.listing(state=State.FIRING)
    wanted = Wanted(role_of(account), "waiting")
    with services.state.read() as connection:
        _, waiting = services.events.listing(connection, wanted, first=0, most=0)
    pollution = [kept for kept in found if kept.alert.about == "pollution"]
    return {
        "counts": {"/events": waiting, "/alerts": len(found)},
        "polluted": sorted({kept.alert.station for kept in pollution}),
    }
