"""The platform's lines of the menu, and what each of its pages shares."""

from __future__ import annotations

from typing import Any

from alerting.alert import State
from api.accounts.records import Account
from api.services import Services
from api.shape import Entry

MENU = (
    Entry("menu.overview", "/", "map", below=("/stations",)),
    Entry("menu.alerts", "/alerts", "bell"),
    Entry("menu.rules", "/rules", "sliders", roles=("officer",)),
    Entry("menu.operations", "/operations", "pulse", roles=("officer",)),
)


def firing(services: Services, _account: Account) -> dict[str, Any]:
    """What fires now."""
    found = services.alerts.listing(state=State.FIRING)
    pollution = [kept for kept in found if kept.alert.about == "pollution"]
    return {
        "counts": {"/alerts": len(found)},
        "polluted": sorted({kept.alert.station for kept in pollution}),
    }
