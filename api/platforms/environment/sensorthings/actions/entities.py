"""Entities of the catalogue: whatever is no Observation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any
from urllib.parse import quote

from api.platforms.environment.sensorthings.records.kinds import (
    DATASTREAM,
    FEATURE,
    HISTORICAL_LOCATION,
    KINDS,
    LOCATION,
    OBSERVED_PROPERTY,
    POINT,
    SENSOR,
    SETS,
    THING,
    Entity,
    Kind,
)
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.indicators import Indicator

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
UCUM = "http://www.opengis.net/def/uom/UCUM/0/"
LOGGER = "HJ212"
"""The Sensor of whatever stands behind a data logger; no instrument of a catalogue has such an
id.
"""
_UNITS = {
    "": ("pH", "[pH]"),
    "℃": ("degree Celsius", "Cel"),
    "°": ("degree", "deg"),
    "%": ("percent", "%"),
    "μS/cm": ("microsiemens per centimetre", "uS/cm"),
    "NTU": ("nephelometric turbidity unit", "{NTU}"),
    "mg/L": ("milligram per litre", "mg/L"),
    "μg/m³": ("microgram per cubic metre", "ug/m3"),
    "mg/m³": ("milligram per cubic metre", "mg/m3"),
    "hPa": ("hectopascal", "hPa"),
    "m/s": ("metre per second", "m/s"),
}
"""Unit of an indicator -> its name, and how UCUM writes it."""


@dataclass(frozen=True)
class Stream:
    """A series with the Sensor that measures it."""

    station: Station
    indicator: Indicator
    sensor: str

    @cached_property
    def id(self) -> str:
        """Of its Datastream; a slash of the store's name would have to be escaped in addresses."""
        return f"{self.station.id}:{self.indicator.code}"


class Entities:
    """Of a request: the catalogue in the reader's language. ``base`` is the service's address."""

    def __init__(self, services: Services, base: str) -> None:
        self._catalogue, self._t, self._base = services.catalogue, services.words, base
        self._made: dict[str, Entity] = {}
        self._streams = {
            station.id: [
                Stream(station, indicator, sensor)
                for indicator, sensor in zip(
                    self._catalogue.indicators(station.id), self._sensors(station), strict=True
                )
            ]
            for station in self._catalogue.stations.values()
        }

    @cached_property
    def _measuring(self) -> Mapping[tuple[str, str], list[Stream]]:
        """Series by sensor and by code."""
        found: dict[tuple[str, str], list[Stream]] = {}
        for stream in chain.from_iterable(self._streams.values()):
            for key in (("sensor", stream.sensor), ("code", stream.indicator.code)):
                found.setdefault(key, []).append(stream)
        return found

    def _sensors(self, station: Station) -> list[str]:
        """Of each indicator of a station, in the order of its plan."""
        named = [
            place.instrument
            for place in station.instruments
            for _ in self._catalogue.instruments[place.instrument].codes
        ]
        return named + [LOGGER for logger in station.loggers for _ in logger.codes]

    def all(self, kind: Kind) -> list[Entity]:
        """Every entity of a kind."""
        streams = list(chain.from_iterable(self._streams.values()))
        if kind is DATASTREAM:
            return [self._datastream(stream) for stream in streams]
        if kind is SENSOR:
            return [self._sensor(of) for of in dict.fromkeys(of.sensor for of in streams)]
        if kind is OBSERVED_PROPERTY:
            known = {stream.indicator.code: stream.indicator for stream in streams}
            return [self._observed(indicator) for indicator in known.values()]
        if kind is HISTORICAL_LOCATION:
            return []
        return [self._of_station(kind, of) for of in self._catalogue.stations.values()]

    def found(self, kind: Kind, of: str) -> Entity | None:
        """The entity with an id."""
        station, _, code = of.partition(":")
        if kind is DATASTREAM:
            own = (one for one in self._streams.get(station, ()) if one.indicator.code == code)
            return next(map(self._datastream, own), None)
        if kind in (THING, LOCATION, FEATURE):
            known = self._catalogue.stations.get(of)
            return None if known is None else self._of_station(kind, known)
        return next((one for one in self.all(kind) if one.id == of), None)

    def related(self, entity: Entity, navigation: str) -> Sequence[Entity]:
        """Entities to which a navigation leads; none of them an Observation."""
        kind, station = entity.kind, entity.station
        match navigation:
            case "Thing" | "Things" | "Locations" | "FeatureOfInterest":
                found = self.found(KINDS.get(navigation, SETS.get(navigation, THING)), station)
            case "Datastream":
                found = self.found(DATASTREAM, f"{station}:{entity.code}")
            case "ObservedProperty":
                found = self._observed(self._catalogue.known[entity.code])
            case "Sensor":
                own = (of for of in self._streams[station] if of.indicator.code == entity.code)
                found = self._sensor(next(own).sensor)
            case "Datastreams" if kind is THING:
                return self.datastreams(entity)
            case "Datastreams":
                by = "sensor" if kind is SENSOR else "code"
                return [self._datastream(of) for of in self._measuring[by, entity.id]]
            case _:
                return ()
        return () if found is None else (found,)

    def datastreams(self, entity: Entity | None) -> Sequence[Entity]:
        """Those of a Thing or a FeatureOfInterest, a Datastream itself; or all."""
        if entity is None:
            return self.all(DATASTREAM)
        if entity.kind is DATASTREAM:
            return [entity]
        return [self._datastream(of) for of in self._streams[entity.station]]

    def _of_station(self, kind: Kind, station: Station) -> Entity:
        named: dict[str, Any] = {
            "name": station.name,
            "description": f"{self._t(f'overview.legend-{station.kind}')} · {station.area}",
        }
        longitude, latitude = station.position
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        if kind is THING:
            named["properties"] = _known(
                kind=station.kind,
                area=station.area,
                river=station.river,
                order=station.order,
                target=station.target,
                body=station.body if station.kind == "water" else None,
                cadence_s=station.cadence_ms / 1000,
            )
        else:
            named["properties"] = {"datum": "WGS 84"}
            named |= {"encodingType": POINT, "location" if kind is LOCATION else "feature": point}
        return Entity(kind, station.id, named, station.id)

    def _datastream(self, stream: Stream) -> Entity:
        """Made once: what is expanded meets it often."""
        if stream.id not in self._made:
            self._made[stream.id] = self._new_datastream(stream)
        return self._made[stream.id]

    def _new_datastream(self, stream: Stream) -> Entity:
        station, indicator = stream.station, stream.indicator
        name, ucum = _UNITS.get(indicator.unit, (indicator.unit, f"{{{indicator.unit}}}"))
        named = {
            "name": f"{station.name} · {indicator.name}",
            "description": f"{indicator.name} ({indicator.symbol})",
            "properties": {"decimals": indicator.decimals, "cadence_s": station.cadence_ms / 1000},
            "observationType": MEASUREMENT,
            "unitOfMeasurement": {
                "name": name,
                "symbol": indicator.unit or "pH",
                "definition": UCUM + quote(ucum, safe=""),
            },
        }
        return Entity(DATASTREAM, stream.id, named, station.id, indicator.code)

    def _sensor(self, of: str) -> Entity:
        known = self._catalogue.instruments.get(of)
        name = f"{known.make} {known.model}" if known else "HJ 212"
        named = {
            "name": name,
            "description": name,
            "properties": {"codes": list(known.codes)} if known else {},
            "encodingType": "text/html",
            "metadata": name,
        }
        return Entity(SENSOR, of, named)

    def _observed(self, indicator: Indicator) -> Entity:
        standard = "HJ 525" if indicator.kind == "water" else "HJ 524"
        named = {
            "name": indicator.name,
            "description": f"{indicator.key} ({standard} {indicator.code})",
            "definition": f"{self._base}/ObservedProperties('{indicator.code}')",
            "properties": {"code": indicator.code, "symbol": indicator.symbol},
        }
        return Entity(OBSERVED_PROPERTY, indicator.code, named, code=indicator.code)


def _known(**values: object) -> Mapping[str, object]:
    return {name: value for name, value in values.items() if value is not None}
