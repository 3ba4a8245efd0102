"""Stations as people see them: a judgement, a colour with its word, readings with their limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.catalogue.shapes import Catalogue, Point, Station
from config.vocabulary.health import DeviceHealth, Health
from config.vocabulary.indicators import Indicator

WIDTH = 1000
"""Units of the map's width; its height follows from the district."""
_MARGIN = 0.08


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


@dataclass(frozen=True, slots=True)
class Marker:
    """Where a station stands on the map, and whether its name reads to the left."""

    x: float
    y: float
    leftward: bool


@dataclass(frozen=True, slots=True)
class Map:
    """Rivers and stations in the units of an SVG."""

    width: int
    height: int
    rivers: tuple[tuple[str, str, float, float], ...]
    """Name, path, and where the name stands."""
    markers: dict[str, Marker]


def project(catalogue: Catalogue) -> Map:
    """The catalogue's own lines and coordinates on an equirectangular map."""
    stations = catalogue.stations.values()
    rivers = catalogue.rivers.values()
    points = [*(s.position for s in stations), *(p for river in rivers for p in river.line)]
    place = _Frame(points)
    drawn = []
    for river in rivers:
        line = [place(point) for point in river.line]
        path = "M" + " L".join(f"{x:.0f} {y:.0f}" for x, y in line)
        drawn.append((river.name, path, *_beside(line)))
    markers = {}
    for station in stations:
        x, y = place(station.position)
        markers[station.id] = Marker(round(x), round(y), leftward=x > 0.62 * WIDTH)
    return Map(WIDTH, place.height, tuple(drawn), markers)


def _beside(line: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a river's name stands: above its end, or beside it where it runs north and south."""
    (x, y), (west, north) = line[-1], line[0]
    if abs(x - west) > abs(y - north):
        return x - 40, y - 32
    return west + 110, north + 24


class _Frame:
    """Longitude and latitude to units, a degree of each at its own length."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._west = min(x for x, _ in points)
        self._north = max(y for _, y in points)
        south, east = min(y for _, y in points), max(x for x, _ in points)
        narrowing = 0.848  # cosine of 32 degrees north, where the district lies
        self._x = WIDTH * (1 - 2 * _MARGIN) / (east - self._west)
        self._y = self._x / narrowing
        self.height = round((self._north - south) * self._y + 2 * _MARGIN * WIDTH)

    def __call__(self, point: Point) -> tuple[float, float]:
        return (
            _MARGIN * WIDTH + (point[0] - self._west) * self._x,
            _MARGIN * WIDTH + (self._north - point[1]) * self._y,
        )


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
