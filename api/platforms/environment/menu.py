"""The platform's lines of the menu, and what each of its pages shares."""

from __future__ import annotations

from typing import Any

from alerting.alert import State
from api.accounts.records import Account
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services
from api.shape import Entry

MENU = (
    Entry("menu.overview", "/", "map", EnvironmentPermission.SEE_STATIONS),
    Entry("menu.alerts", "/alerts", "bell", EnvironmentPermission.SEE_ALERTS),
    Entry("menu.rules", "/rules", "sliders", EnvironmentPermission.SEE_RULES),
    Entry("menu.operations", "/operations", "pulse", EnvironmentPermission.SEE_OPERATIONS),
)


def frame(services: Services, account: Account) -> dict[str, Any]:
    """Values of the page around the page: menu, person, and what fires now."""
    firing = services.alerts.listing(state=State.FIRING)
    pollution = [kept for kept in firing if kept.alert.about == "pollution"]
    return {
        "account": account,
        "may": account.may,
        "permission": EnvironmentPermission,
        "menu": [entry for entry in MENU if account.may(entry.permission)],
        "site": services.catalogue.site,
        "firing": len(firing),
        "polluted": sorted({kept.alert.station for kept in pollution}),
        "unacknowledged": sum(kept.acknowledged_ms is None for kept in firing),
    }
