"""Scenarios: what happens in a district, as a readable TOML file; docs/scenarios.md lists all.

```toml
[[event]]
kind = "spill"             # sewage above the first station of a river
river = "tonglv"
after = "20s"              # of the start

[[event]]
kind = "corrupt"           # a share of the answers of a station's instruments breaks
station = "tonglv-erjia"
after = "2m"
lasts = "5m"
share = 0.3
```
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

import msgspec
from msgspec import Struct

from config.catalogue.shapes import Catalogue
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.quality import Cause
from simulators.faults import SensorFault
from simulators.incidents import BLOOM, DUST, Breakdown, Episode, Incident, Spill
from simulators.troubles import Trouble, TroubleKind

_UNITS_MS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d+)([smhd])")
_STATES = {
    "calibration": Cause.CALIBRATION,
    "maintenance": Cause.MAINTENANCE,
    "stopped": Cause.STOPPED,
    "fault": Cause.FAULT,
    "no-values": Cause.SENTINEL,
}
Kind = Literal[
    "spill", "bloom", "dust", "drift", "stuck", "noise",
    "calibration", "maintenance", "stopped", "fault", "no-values",
    "power-cut", "line-loss", "slow", "corrupt", "clock-jump", "broker-loss", "broker-silence",
]  # fmt: skip
_TROUBLES = frozenset(get_args(TroubleKind))
_SENSOR, _INSTRUMENT = ("station", "indicator"), ("station", "instrument")
_NEEDS: dict[Kind, tuple[str, ...]] = {
    "spill": ("river",),
    "bloom": ("stations",),
    "dust": ("stations",),
    "drift": (*_SENSOR, "size"),
    "stuck": _SENSOR,
    "noise": (*_SENSOR, "size"),
    "calibration": _INSTRUMENT,
    "maintenance": _INSTRUMENT,
    "stopped": _INSTRUMENT,
    "fault": _INSTRUMENT,
    "no-values": _INSTRUMENT,
    "power-cut": ("station",),
    "line-loss": ("station",),
    "slow": ("station", "size"),
    "corrupt": ("station", "share"),
    "clock-jump": ("station", "size"),
    "broker-loss": (),
    "broker-silence": (),
}
_OF_ONE = ("power-cut", "line-loss", "slow", "corrupt")
"""Kinds that may name an instrument, and mean the whole station otherwise."""
_FIGURES = {
    "drift": "write what it adds an hour, in the indicator's unit",
    "noise": "write how far it jumps, in the indicator's unit",
    "slow": "write how many ms an answer takes, at most 3600000",
    "clock-jump": "write how many seconds, -3600 for back",
    "corrupt": "write which of all answers, e.g. 0.3",
}
LASTS = "10m"


class _Event(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    after: str
    lasts: str | None = None
    river: str | None = None
    stations: list[str] | None = None
    station: str | None = None
    indicator: str | None = None
    instrument: str | None = None
    size: float | None = None
    share: float | None = None


Event = Incident | SensorFault | Breakdown | Trouble


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that will happen, each with its label."""

    incidents: tuple[Incident, ...] = ()
    faults: tuple[SensorFault, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @property
    def labels(self) -> list[dict[str, Any]]:
        """The true events, in the order of time."""
        every = (*self.incidents, *self.faults, *self.breakdowns, *self.troubles)
        return [event.label for event in sorted(every, key=lambda event: event.began_ms)]


def load(path: Path, catalogue: Catalogue, began_ms: int) -> Scenario:
    """The scenario of a file; its times count from ``began_ms``, UTC epoch ms.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    faults: list[Fault] = []
    found: list[Event] = []
    for number, row in enumerate(_rows(path), 1):
        where = f"{path.name}: event[{number}]"
        before = len(faults)
        try:
            event = msgspec.convert(row, _Event)
        except msgspec.ValidationError as error:
            faults.append(Fault(where, str(error), "see docs/scenarios.md"))
            continue
        faults += _faults(event, catalogue, where)
        begin = began_ms + _ms(event.after, f"{where}.after", faults)
        end = begin + _ms(event.lasts or LASTS, f"{where}.lasts", faults)
        if len(faults) == before:
            found.append(_made(event, catalogue, begin, end))
    if faults:
        raise FaultyInput(faults)
    return Scenario(
        incidents=tuple(row for row in found if isinstance(row, Spill | Episode)),
        faults=tuple(row for row in found if isinstance(row, SensorFault)),
        breakdowns=tuple(row for row in found if isinstance(row, Breakdown)),
        troubles=tuple(row for row in found if isinstance(row, Trouble)),
    )


def _rows(path: Path) -> list[object]:
    """The events of a file as they are written."""
    text = read_toml(path, "name a TOML file")
    rows = text.pop("event", None)
    if text or not isinstance(rows, list):
        remedy = "write [[event]] before each, see docs/scenarios.md"
        raise FaultyInput([Fault(path.name, "holds something else than events", remedy)])
    return rows


def _made(event: _Event, catalogue: Catalogue, begin: int, end: int) -> Event:
    """An event that has no fault."""
    station, size = event.station or "", event.size or 0.0
    match event.kind:
        case "spill":
            path = tuple(row.id for row in catalogue.downstream(event.river or ""))
            return Spill(path, begin)
        case "bloom" | "dust":
            effect = BLOOM if event.kind == "bloom" else DUST
            return Episode(event.kind, tuple(event.stations or ()), begin, end, effect)
        case "drift" | "stuck" | "noise":
            return SensorFault(event.kind, station, event.indicator or "", begin, end, size)
        case trouble if trouble in _TROUBLES:
            kind, share = cast(TroubleKind, trouble), event.share or 0.0
            return Trouble(kind, begin, end, station, event.instrument or "", size, share)
        case state:
            return Breakdown(station, event.instrument or "", begin, end, _STATES[state])


def _faults(event: _Event, catalogue: Catalogue, where: str) -> Iterator[Fault]:
    """Faults: fields that the kind lacks or does not have, and values that do not fit the
    district.
    """
    needed = _NEEDS[event.kind]
    known = (*needed, "instrument") if event.kind in _OF_ONE else needed
    for name in _Event.__struct_fields__[3:]:
        value, place = getattr(event, name), f"{where}.{name}"
        if value is not None and name not in known:
            yield Fault(place, f"is no field of {event.kind!r}", "leave it out")
        elif name in ("size", "share") and name in needed:
            yield from _of_figure(event, value, place)
        elif name in needed or value is not None:
            yield from _of_names(value, _names(event, name, catalogue), place)
    if event.kind == "spill" and event.lasts is not None:
        yield Fault(f"{where}.lasts", "is no field of 'spill'", "leave it out")
    station = catalogue.stations.get(event.station or "")
    if event.kind == "clock-jump" and station and not station.loggers:
        remedy = "name a station with one, or place one as docs/hj212.md says"
        yield Fault(f"{where}.station", f"{station.id!r} has no logger", remedy)


def _names(event: _Event, name: str, catalogue: Catalogue) -> list[str] | None:
    """The names that a field may have; None where the station, which decides it, is not known."""
    stations = catalogue.stations
    if name == "river":
        return list(catalogue.rivers)
    if name == "stations":
        kind = "water" if event.kind == "bloom" else "air"
        return [row.id for row in stations.values() if row.kind == kind]
    if name == "station":
        return list(stations)
    if event.station not in stations:
        return None
    if name == "indicator":
        return list(catalogue.plans[event.station])
    return [row.instrument for row in stations[event.station].instruments]


def _of_names(
    value: str | list[str] | None, names: Sequence[str] | None, where: str
) -> Iterator[Fault]:
    if names is None:
        return
    remedy = f"use one of {', '.join(names)}"
    if not value:
        yield Fault(where, "is missing", remedy)
        return
    for one in [value] if isinstance(value, str) else value:
        if one not in names:
            yield Fault(where, f"unknown {one!r}", remedy)


def _of_figure(event: _Event, value: float | None, where: str) -> Iterator[Fault]:
    if value is None:
        yield Fault(where, "is missing", _FIGURES[event.kind])
        return
    fits = math.isfinite(value) and value != 0
    if event.kind == "corrupt":
        fits = 0 < value <= 1
    elif event.kind == "slow":
        fits = 0 < value <= _UNITS_MS["h"]
    if not fits:
        yield Fault(where, f"cannot be {value:g}", _FIGURES[event.kind])


def _ms(text: str, where: str, faults: list[Fault]) -> int:
    found = _DURATION.fullmatch(text)
    if not found:
        faults.append(Fault(where, f"{text!r} is not a duration", 'write e.g. "30s", "10m", "3h"'))
        return 0
    return int(found[1]) * _UNITS_MS[found[2]]
