"""Scenarios: what happens in a district, as a readable TOML file.

```toml
[[event]]
kind = "spill"             # sewage above the first station of a river
river = "tonglv"
after = "20s"

[[event]]
kind = "bloom"             # algae: acidity falls, oxygen rises by day; or "dust" over air stations
stations = ["tonglv-jinsha"]
after = "5m"
lasts = "6h"

[[event]]
kind = "drift"             # of one sensor; or "stuck", "noise"; size in its unit (drift: an hour)
station = "tonglv-erjia"
indicator = "w21003"
after = "1m"
lasts = "12h"
size = 0.05

[[event]]
kind = "calibration"       # of one instrument; or "maintenance", "stopped", "fault", "no-values"
station = "air-jinsha"
instrument = "qingfeng-aq6"
after = "30s"
lasts = "2m"

[[event]]
kind = "corrupt"           # a share of answers; or "slow" (size in ms), "power-cut", "line-loss"
station = "tonglv-erjia"   # of the whole station, or with instrument of one, and of its line
after = "30s"
lasts = "5m"
share = 0.3

[[event]]
kind = "clock-jump"        # of the station's HJ 212 loggers; size in seconds
station = "tonglv-erjia"
after = "10m"
lasts = "1h"
size = -3600

[[event]]
kind = "broker-loss"       # of every agent that comes by `--relay`; or "broker-silence"
after = "1m"
lasts = "3m"
```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import msgspec
from msgspec import Struct

from config.catalogue.shapes import Catalogue
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


class _Event(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    after: str
    lasts: str = "10m"
    river: str | None = None
    stations: list[str] = []
    station: str | None = None
    indicator: str | None = None
    instrument: str | None = None
    size: float = 0.0
    share: float = 0.0


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    event: list[_Event]


Event = Incident | SensorFault | Breakdown | Trouble


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that will happen, each with its label."""

    incidents: tuple[Incident, ...] = ()
    faults: tuple[SensorFault, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @property
    def labels(self) -> list[dict[str, str | int]]:
        """What truly happens, in the order of time."""
        every = (*self.incidents, *self.faults, *self.breakdowns, *self.troubles)
        rows = [event.label for event in every]
        return sorted(rows, key=lambda row: int(row["began"]))


def load(path: Path, catalogue: Catalogue, began_ms: int) -> Scenario:
    """The scenario of a file; its times count from ``began_ms``, UTC epoch ms.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    try:
        events = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).event
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FaultyInput(
            [Fault(str(path), f"cannot be read ({error})", "name a TOML file")]
        ) from error
    except msgspec.ValidationError as error:
        raise FaultyInput([Fault(path.name, str(error), "see simulators/scenarios.py")]) from error
    faults: list[Fault] = []
    found: list[Event] = []
    for number, event in enumerate(events, 1):
        where = f"{path.name}: event[{number}]"
        before = len(faults)
        faults += _faults(event, catalogue, where)
        begin = began_ms + _ms(event.after, f"{where}.after", faults)
        end = begin + _ms(event.lasts, f"{where}.lasts", faults)
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


def _made(event: _Event, catalogue: Catalogue, begin: int, end: int) -> Event:
    """An event that has no fault."""
    match event.kind:
        case "spill":
            path = tuple(row.id for row in catalogue.downstream(event.river or ""))
            return Spill(path, begin)
        case "bloom" | "dust":
            effect = BLOOM if event.kind == "bloom" else DUST
            return Episode(event.kind, tuple(event.stations), begin, end, effect)
        case "drift" | "stuck" | "noise":
            where = (event.station or "", event.indicator or "")
            return SensorFault(event.kind, *where, begin, end, event.size)
        case trouble if trouble in _TROUBLES:
            where = (event.station or "", event.instrument or "")
            return Trouble(cast(TroubleKind, trouble), begin, end, *where, event.size, event.share)
        case state:
            where = (event.station or "", event.instrument or "")
            return Breakdown(*where, begin, end, _STATES[state])


def _faults(event: _Event, catalogue: Catalogue, where: str) -> list[Fault]:
    """What does not fit the district."""
    stations = list(catalogue.stations)
    if event.kind == "spill":
        return _unknown(f"{where}.river", event.river, list(catalogue.rivers))
    if event.kind in ("bloom", "dust"):
        names = event.stations or [""]
        return [row for name in names for row in _unknown(f"{where}.stations", name, stations)]
    found = _troubled(event, where)
    if not event.kind.startswith("broker-"):
        found += _unknown(f"{where}.station", event.station, stations)
    if event.station in catalogue.stations:
        found += _misplaced(event, catalogue, event.station, where)
    return found


def _misplaced(event: _Event, catalogue: Catalogue, station: str, where: str) -> list[Fault]:
    """What the station does not have."""
    if event.kind in ("drift", "stuck", "noise"):
        return _unknown(f"{where}.indicator", event.indicator, catalogue.plans[station])
    if event.kind not in _STATES and event.instrument is None:
        return []
    placed = [row.instrument for row in catalogue.stations[station].instruments]
    return _unknown(f"{where}.instrument", event.instrument, placed)


def _unknown(where: str, value: str | None, names: Sequence[str]) -> list[Fault]:
    if value in names:
        return []
    what = "is missing" if value is None else f"unknown {value!r}"
    return [Fault(where, what, f"use one of {', '.join(names)}")]


def _troubled(event: _Event, where: str) -> list[Fault]:
    """What the kind of a trouble asks for."""
    if event.kind == "slow" and event.size <= 0:
        return [Fault(f"{where}.size", "is no delay", "write how many ms an answer takes")]
    if event.kind == "clock-jump" and not event.size:
        return [Fault(f"{where}.size", "is no jump", "write how many seconds, -3600 for back")]
    if event.kind == "corrupt" and not 0 < event.share <= 1:
        return [Fault(f"{where}.share", "is no share", "write which of all answers, e.g. 0.3")]
    return []


def _ms(text: str, where: str, faults: list[Fault]) -> int:
    found = _DURATION.fullmatch(text)
    if not found:
        faults.append(Fault(where, f"{text!r} is not a duration", 'write e.g. "30s", "10m", "3h"'))
        return 0
    return int(found[1]) * _UNITS_MS[found[2]]
