"""Stations as people see them: a judgement, a colour with its word, readings with their limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from config.catalogue.shapes import Station
from config.vocabulary.health import DeviceHealth, Health
from config.vocabulary.indicators import Indicator

Standing = Literal["polluted", "worse", "silent", "invalid", "calm"]
WORST_FIRST: tuple[Standing, ...] = get_args(Standing)
Order = Literal["standing", "name", "heard"]
Chosen = Annotated[str, StringConstraints(max_length=200)]


@dataclass(frozen=True, slots=True)
class Judged:
    """A station's state in a word and a tone, with the standard and time behind it."""

    label: str
    """Water class or AQI; a dash where nothing can be said."""
    word: str
    tone: str
    basis: str
    misses_target: bool = False
    """Water: its class is worse than the station's target. Air: an AQI above 100, which is where
    the limits of GB 3095 class II end (HJ 633).
    """
    because: str = ""
    """Items that decide the class, with how far they are beyond the target, or that come first in
    the AQI, in words.
    """


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest reading of one indicator, ``<0.02`` of one below detection. ``quality`` says why
    it is not plainly good.
    """

    indicator: Indicator
    value: str
    t_ms: int | None
    limit: str
    beyond: bool
    quality: str
    good: bool


@dataclass(frozen=True, slots=True)
class Average:
    """A mean and how much of its span was measured; ``valid``: a judgement may rest on it."""

    value: str
    complete: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Averages:
    """Of one item the last full hour, today so far and yesterday; ``note`` says what the days
    are, where they are no plain means.
    """

    indicator: Indicator
    note: str
    hour: Average
    today: Average
    yesterday: Average


@dataclass(frozen=True, slots=True)
class Overview:
    """A station on the map and in the list."""

    station: Station
    judged: Judged
    latest_ms: int | None
    late: bool
    valid: bool
    """Whether one of its newest readings is good."""
    firing: int = 0
    pollution: bool = False

    @property
    def standing(self) -> Standing:
        """In one word, the worst that is to be said of it."""
        if self.pollution:
            return "polluted"
        if self.late:
            return "silent"
        if not self.valid:
            return "invalid"
        return "worse" if self.judged.misses_target else "calm"


class Asked(BaseModel):
    """Which stations are listed, as the form and the pages of the list write it; empty: all."""

    kind: Literal["", "water", "air"] = ""
    river: Chosen = ""
    town: Chosen = ""
    standing: Literal["", Standing] = ""
    order: Order = "standing"
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def number(self) -> int:
        """Of the page, from 1."""
        return self.page

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self) -> str:
        """As part of an address, without the number of the page."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def listed(self, rows: Iterable[Overview], towns: Mapping[str, str]) -> list[Overview]:
        """Those of the stations that are asked for, in their order; ``towns``: the id of
        each area that is one.
        """
        found = [
            row
            for row in rows
            if self.kind in ("", row.station.kind)
            and self.river in ("", row.station.river)
            and self.town in ("", towns.get(row.station.area))
            and self.standing in ("", row.standing)
        ]
        return sorted(found, key=_ORDERS[self.order])


_ORDERS: dict[Order, Callable[[Overview], Any]] = {
    "standing": lambda row: WORST_FIRST.index(row.standing),
    "name": lambda row: row.station.name,
    "heard": lambda row: row.latest_ms or 0,
}


def newest(times_ms: Iterable[int | None]) -> int | None:
    """The latest of instants that may be missing."""
    return max((t for t in times_ms if t is not None), default=None)


@dataclass(frozen=True, slots=True)
class Sensor:
    """How one indicator was in the last minute of a report: readings, good, late and in all, when
    the last good one was, what is wrong with it and what to try, in words; when the last one
    failed, and why.
    """

    name: str
    good: int
    late: int
    readings: int
    last_good_ms: int | None
    wrong: str
    remedy: str
    last_failed_ms: int | None
    failure: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """The operation state that a person at the station declares of an instrument, or of all; in
    words.
    """

    what: str
    state: str
    since_ms: int
    until_ms: int
    by: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """A station's report of itself; ``stale``: it is older than a report should be."""

    at_ms: int
    stale: bool
    sensors: tuple[Sensor, ...]
    declared: tuple[Declaration, ...]
    devices: tuple[tuple[str, DeviceHealth], ...]
    loggers: tuple[tuple[str, dict[str, int], str], ...]
    """Of each its MN, what became of its packets, and that its clock is wrong."""
    clock: str
    """When the station's clock was set last, and what became of the samples that waited."""
    room: str
    """For how long the spool has room, in words; empty where that is not known."""
    report: Health


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a station as it was judged; ``lacking`` says which items had no valid mean,
    ``measured`` whether there was a reading, ``known`` whether that was enough.
    """

    on: date
    judged: Judged
    lacking: str
    measured: bool
    known: bool


@dataclass(frozen=True, slots=True)
class DayItem:
    """One item of a day: its mean, its own class or index, and how much of the day was measured;
    ``valid``: a judgement may rest on the mean.
    """

    indicator: Indicator
    value: str
    judged: str
    complete: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another station, and where it lies, in words."""

    row: Overview
    where: str


@dataclass(frozen=True, slots=True)
class MeasuredHow:
    """How an indicator is measured, in words; what nobody wrote down says so."""

    indicator: Indicator
    source: str
    cadence: str
    detection: str
    since: str
