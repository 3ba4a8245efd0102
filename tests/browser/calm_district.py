"""A district in which all is well, for pages that show all of its stations."""

from __future__ import annotations

from playwright.sync_api import ViewportSize

from tests.api.conftest import RunningCentre

HALL = ViewportSize(width=1920, height=1080)
ALERTS = "qy/v1/tongzhou/alerts"
WATER = {"w01001": 7.5, "w01009": 7.0, "w21003": 0.4, "w21011": 0.15, "w01019": 3.0}
AIR = {"a34004": 40.0, "a34002": 60.0, "a21026": 9, "a21004": 30, "a21005": 0.7, "a05024": 90}


def be_calm(centre: RunningCentre) -> None:
    """All is well, everywhere."""
    for station in centre.services.catalogue.stations.values():
        for code, value in (WATER if station.kind == "water" else AIR).items():
            centre.measured(f"{station.id}/{code}", [value] * 12)


def heard(centre: RunningCentre) -> None:
    """The server tells of a change of alerts."""
    centre.services.live.hear(ALERTS, b"{}")
