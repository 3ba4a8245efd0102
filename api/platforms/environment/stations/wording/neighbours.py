"""Stations near another one: up and down the river, else by distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import asin, cos, radians, sin, sqrt

from api.platforms.environment.stations.records import Neighbour, Overview
from api.services import Services
from config.catalogue.shapes import Point, Station

NEAREST = 3
EARTH_KM = 6371.0
"""Mean radius of the Earth (IUGG)."""


def neighbours(
    services: Services, rows: Mapping[str, Overview], station: Station
) -> Sequence[Neighbour]:
    """The next stations up and down its river; of one that has neither, and of air, the nearest
    of its kind.
    """
    t = services.words
    along = zip(("above", "below"), services.catalogue.along(station.id), strict=True)
    found = [(t(f"station.near-{side}"), rows[name]) for side, name in along if name]
    if not found:
        others = (
            row
            for row in rows.values()
            if row.station.kind == station.kind and row.station.id != station.id
        )
        nearest = sorted(others, key=lambda row: apart_km(station.position, row.station.position))
        found = [(t("station.near-apart"), row) for row in nearest[:NEAREST]]
    return [
        Neighbour(row, t("station.near", side=side, km=f"{_km(station, row):.1f}"))
        for side, row in found
    ]


def apart_km(one: Point, other: Point) -> float:
    """Kilometres between two places as the crow flies (haversine)."""
    east, north = radians(other[0] - one[0]), radians(other[1] - one[1])
    chord = sin(north / 2) ** 2
    chord += cos(radians(one[1])) * cos(radians(other[1])) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))


def _km(station: Station, row: Overview) -> float:
    return apart_km(station.position, row.station.position)
