"""The district as GeoJSON (RFC 7946): longitude and latitude in degrees, WGS 84. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel

from config.catalogue.shapes import Catalogue


class Geography(BaseModel):
    """Features of the kinds river, town, water and air, each with its id and name."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[dict[str, Any]]


def geography(catalogue: Catalogue) -> Geography:
    """Rivers, towns and stations by the coordinates of the catalogue."""
    rivers = [
        _feature("river", of.id, of.name, "LineString", [list(point) for point in of.line])
        for of in catalogue.rivers.values()
    ]
    towns = [
        _feature("town", of.id, of.name, "Point", list(of.position))
        for of in catalogue.towns.values()
    ]
    stations = [
        _feature(of.kind, of.id, of.name, "Point", list(of.position))
        for of in catalogue.stations.values()
    ]
    return Geography(features=[*rivers, *towns, *stations])


def _feature(
    kind: str, feature_id: str, name: str, form: str, coordinates: Sequence[object]
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": f"{kind}/{feature_id}",
        "properties": {"kind": kind, "id": feature_id, "name": name},
        "geometry": {"type": form, "coordinates": coordinates},
    }
