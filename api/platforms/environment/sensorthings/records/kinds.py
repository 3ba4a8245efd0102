"""The eight kinds of entities of SensorThings, their properties and how they are related."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

POINT = "application/geo+json"
SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"


@dataclass(frozen=True, slots=True)
class Kind:
    """One of them; relations lead from the name of a navigation to the name of a kind."""

    name: str
    set: str
    """The name of the collection of all."""
    properties: tuple[str, ...]
    one: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, str] = field(default_factory=dict)

    @property
    def related(self) -> Mapping[str, str]:
        """Both."""
        return {**self.one, **self.many}


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing with an id. All of ours belong to a station, an indicator or an instrument."""

    kind: Kind
    id: str
    properties: Mapping[str, Any]
    station: str = ""
    code: str = ""


_NAMED = ("name", "description", "properties")
THING = Kind(
    "Thing",
    "Things",
    _NAMED,
    many={
        "Locations": "Location",
        "HistoricalLocations": "HistoricalLocation",
        "Datastreams": "Datastream",
    },
)
LOCATION = Kind(
    "Location",
    "Locations",
    (*_NAMED, "encodingType", "location"),
    many={"Things": "Thing", "HistoricalLocations": "HistoricalLocation"},
)
HISTORICAL_LOCATION = Kind(
    "HistoricalLocation",
    "HistoricalLocations",
    ("time",),
    one={"Thing": "Thing"},
    many={"Locations": "Location"},
)
DATASTREAM = Kind(
    "Datastream",
    "Datastreams",
    (*_NAMED, "observationType", "unitOfMeasurement", "phenomenonTime", "resultTime"),
    one={"Thing": "Thing", "Sensor": "Sensor", "ObservedProperty": "ObservedProperty"},
    many={"Observations": "Observation"},
)
SENSOR = Kind(
    "Sensor",
    "Sensors",
    (*_NAMED, "encodingType", "metadata"),
    many={"Datastreams": "Datastream"},
)
OBSERVED_PROPERTY = Kind(
    "ObservedProperty",
    "ObservedProperties",
    (*_NAMED, "definition"),
    many={"Datastreams": "Datastream"},
)
OBSERVATION = Kind(
    "Observation",
    "Observations",
    ("phenomenonTime", "resultTime", "result", "resultQuality", "parameters"),
    one={"Datastream": "Datastream", "FeatureOfInterest": "FeatureOfInterest"},
)
FEATURE = Kind(
    "FeatureOfInterest",
    "FeaturesOfInterest",
    (*_NAMED, "encodingType", "feature"),
    many={"Observations": "Observation"},
)

_ALL = (
    THING,
    LOCATION,
    HISTORICAL_LOCATION,
    DATASTREAM,
    SENSOR,
    OBSERVED_PROPERTY,
    OBSERVATION,
    FEATURE,
)
KINDS = {kind.name: kind for kind in _ALL}
SETS = {kind.set: kind for kind in _ALL}

CONFORMANCE = [
    *(
        f"{SPEC}/datamodel/{name}/{part}"
        for name in (
            "thing",
            "location",
            "historical-location",
            "datastream",
            "sensor",
            "observed-property",
            "observation",
            "feature-of-interest",
        )
        for part in ("properties", "relations")
    ),
    f"{SPEC}/datamodel/entity-control-information/common-control-information",
    f"{SPEC}/resource-path/resource-path-to-entities",
    *(
        f"{SPEC}/request-data/{name}"
        for name in (
            "status-code",
            "query-status-code",
            "order",
            "expand",
            "select",
            "orderby",
            "top",
            "skip",
            "count",
            "filter",
            "built-in-filter-operations",
            "pagination",
        )
    ),
]
"""Requirements that hold; the functions of $filter hold in part and are not among them."""
