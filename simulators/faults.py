"""Faults of single sensors, scripted, each with its true label. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from config.catalogue.shapes import Station
from config.vocabulary.time import HOUR_MS
from simulators.nature import noise


@dataclass(frozen=True, slots=True)
class SensorFault:
    """One indicator of a station is read wrongly from ``began_ms`` until ``ended_ms``.

    ``drift`` adds ``size`` an hour, ``noise`` jumps by up to ``size`` from second to second, both
    in the indicator's unit; ``stuck`` shows what was there when it began.
    """

    kind: Literal["drift", "stuck", "noise"]
    station: str
    indicator: str
    began_ms: int
    ended_ms: int
    size: float = 0.0

    @property
    def label(self) -> dict[str, str | int]:
        """The truth, for those who judge flags and alerts."""
        return {
            "station": self.station,
            "indicator": self.indicator,
            "kind": self.kind,
            "began": self.began_ms,
            "ended": self.ended_ms,
        }

    def strikes(self, station: Station, code: str, t_ms: int) -> bool:
        """Whether this sensor is read wrongly at an instant."""
        here = self.station == station.id and self.indicator == code
        return here and self.began_ms <= t_ms < self.ended_ms

    def shown(self, value: float, t_ms: int) -> float:
        """The reading instead of a value."""
        if self.kind == "drift":
            return value + self.size * (t_ms - self.began_ms) / HOUR_MS
        if self.kind == "noise":
            return value + self.size * noise(f"{self.station}/{self.indicator}", t_ms / 1000)
        return value


def looked_at_ms(faults: Sequence[SensorFault], station: Station, code: str, t_ms: int) -> int:
    """The instant of nature that a sensor shows: of one that is stuck an earlier one."""
    stuck = (f.began_ms for f in faults if f.kind == "stuck" and f.strikes(station, code, t_ms))
    return min(stuck, default=t_ms)


def shown(
    faults: Sequence[SensorFault], station: Station, code: str, value: float, t_ms: int
) -> float:
    """A sensor's reading of a value, with all its faults."""
    for fault in faults:
        if fault.strikes(station, code, t_ms):
            value = fault.shown(value, t_ms)
    return value
