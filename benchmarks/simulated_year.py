"""A year of the demonstration district with incidents of known beginning, and who is told of them.

Values are those of ``simulators.nature`` at a reading every ten minutes, discharges are the
simulator's own spills in all sizes, the other kinds are shapes of hours. What quality control
doubts is left out, neighbours on the river included, as live.

An incident begins to exceed at the first instant at which true values at one of its stations are
beyond what must be held (the station's class of GB 3838, an AQI of 150 by the hour's column of HJ
633) with it, and are not without it. It is told in time if a deputy is sent an alert of one of its
stations and indicators between its beginning and three hours after that instant. A message that
was not sent, for whatever reason, tells nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from alerting.alert import Alert
from alerting.backtest import Outcome, Readings
from alerting.conditions.combined import Combined
from alerting.conditions.standard import Standard
from alerting.rules import Rule
from config.catalogue import loading
from config.catalogue.quality import defaults
from config.catalogue.shapes import Catalogue, Station
from config.settings import DISTRICTS
from config.vocabulary.quality import Quality
from ingest.judging import air_indices, water_classes
from ingest.quality import flagging
from ingest.quality.flagging import Series, flag
from ingest.standards import air_items, water_class_names, water_items
from simulators import incidents, nature
from simulators.incidents import Spill

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
BEGIN_MS = 1_772_294_400_000
"""2026-03-01 in Asia/Shanghai, the first day of the standards of 2026."""
CADENCE_MS = 10 * MINUTE_MS
IN_TIME_MS = 3 * HOUR_MS
AQI = 150
CODES = {
    "water": ("w01010", "w01001", "w01009", "w01014", "w01003", "w01019", "w21003", "w21011"),
    "air": ("a34004", "a34002", "a21026", "a21004", "a21005", "a05024"),
}
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Discharge(Spill):
    """A spill of any size; 1 is the demonstration's."""

    size: float = 1.0

    def strength(self, station_id: str, t_ms: int) -> float:
        """As a spill, so much larger or smaller."""
        return self.size * super().strength(station_id, t_ms)

    @property
    def codes(self) -> Sequence[str]:
        """What it changes."""
        return ("w21003", "w01019", "w21011", "w01009", "w01014", "w01003")


@dataclass(frozen=True)
class Weather:
    """Something that rises, holds and falls at once at all its stations; ``adds`` at its height,
    in the indicators' units.
    """

    path: tuple[str, ...]
    began_ms: int
    adds: Mapping[str, float]
    rise_ms: int
    hold_ms: int
    fall_ms: int

    @property
    def codes(self) -> Sequence[str]:
        """What it changes."""
        return tuple(self.adds)

    def strength(self, station_id: str, t_ms: int) -> float:
        """0 to 1."""
        since = t_ms - self.began_ms
        length = self.rise_ms + self.hold_ms + self.fall_ms
        if station_id not in self.path or not 0 < since < length:
            return 0.0
        return min(since / self.rise_ms, 1.0, (length - since) / self.fall_ms)

    def effect(self, code: str, undisturbed: float, strength: float) -> float:
        """A value with it."""
        return undisturbed + self.adds.get(code, 0.0) * strength


Incident = Discharge | Weather


@dataclass(frozen=True)
class Verdict:
    """What became of an incident: when it began to exceed, and why nobody was told in time."""

    kind: str
    incident: Incident
    onset_ms: int | None
    missed: str = ""


@dataclass
class Year:
    """Values by series without and with incidents, before quality control."""

    catalogue: Catalogue
    t: NDArray[np.int64]
    drawn: list[tuple[str, Incident]]
    pure: dict[str, Values] = field(default_factory=dict)
    measured: dict[str, Values] = field(default_factory=dict)


def made(days: int, count: int, seed: int) -> Year:
    """So many days with so many incidents."""
    known = loading.load(DISTRICTS / "tongzhou")
    stations = {
        name: replace(station, cadence_ms=CADENCE_MS) for name, station in known.stations.items()
    }
    catalogue = Catalogue(known.site, known.rivers, stations, known.instruments)
    t = BEGIN_MS + np.arange(0, days * DAY_MS, CADENCE_MS, dtype=np.int64)
    drawn = _drawn(np.random.default_rng(seed), catalogue, days, count)
    year = Year(catalogue, t, list(drawn))
    for station in stations.values():
        for code in CODES[station.kind]:
            name = f"{station.id}/{code}"
            pure = np.array([nature.value(seed, station, code, at) for at in t.tolist()])
            year.pure[name] = pure
            year.measured[name] = np.round(_with(year, station, code, pure), 4)
    return year


def _with(year: Year, station: Station, code: str, pure: Values) -> Values:
    """Values with every incident that reaches the station."""
    value = pure.copy()
    for _, incident in year.drawn:
        if station.id not in incident.path or code not in incident.codes:
            continue
        first = int(np.searchsorted(year.t, incident.began_ms))
        for at in range(first, min(first + _rows(incident), len(year.t))):
            t = int(year.t[at])
            value[at] = incidents.disturbed([incident], station, code, float(value[at]), t)
    return value


def _rows(incident: Incident) -> int:
    """Readings until nothing of it is left: of a spill's tail less than a thousandth."""
    length = incident.rise_ms + incident.hold_ms + 7 * incident.fall_ms
    if isinstance(incident, Discharge):
        length += len(incident.path) * incident.travel_ms
    return length // CADENCE_MS + 1


def _drawn(
    rng: np.random.Generator, catalogue: Catalogue, days: int, count: int
) -> Iterator[tuple[str, Incident]]:
    """Half of them discharges, the rest in equal shares; of each many that exceed nothing."""
    kinds = ["discharge"] * 4 + ["bloom", "dust", "smoke", "ozone"]
    for place in range(count):
        kind = kinds[place % len(kinds)]
        began = BEGIN_MS + int(rng.uniform(2, days - 4) * DAY_MS)
        make = _discharge if kind == "discharge" else _WEATHER[kind]
        yield kind, make(rng, catalogue, began)


def _hours(rng: np.random.Generator, low: float, high: float) -> int:
    return int(rng.uniform(low, high) * HOUR_MS)


def _discharge(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Discharge:
    river = str(rng.choice(list(catalogue.rivers)))
    stations = [station.id for station in catalogue.downstream(river)]
    return Discharge(
        tuple(stations[rng.integers(0, len(stations)) :]),
        began_ms,
        travel_ms=nature.TRAVEL_MS,
        rise_ms=_hours(rng, 0.2, 2),
        hold_ms=_hours(rng, 1, 10),
        fall_ms=_hours(rng, 0.5, 4),
        dilution=rng.uniform(0.4, 0.9),
        size=float(np.exp(rng.uniform(np.log(0.08), np.log(1.2)))),
    )


def _bloom(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Weather:
    """An afternoon of algae in the sun at one station."""
    adds = {"w01001": rng.uniform(0.6, 2.4), "w01009": rng.uniform(1, 5)}
    place = _one(rng, catalogue, "water")
    return Weather(place, _at(began_ms, 10), adds, *(_hours(rng, 2, 4) for _ in range(3)))


def _dust(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Weather:
    coarse = rng.uniform(80, 700)
    adds = {"a34002": coarse, "a34004": 0.15 * coarse}
    times = (_hours(rng, 0.5, 3), _hours(rng, 3, 20), _hours(rng, 2, 8))
    return Weather(_all(catalogue, "air"), began_ms, adds, *times)


def _smoke(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Weather:
    """Of burning straw at one station."""
    fine = rng.uniform(40, 260)
    adds = {"a34004": fine, "a34002": 1.1 * fine, "a21005": fine / 150}
    times = (_hours(rng, 0.5, 2), _hours(rng, 2, 8), _hours(rng, 1, 4))
    return Weather(_one(rng, catalogue, "air"), began_ms, adds, *times)


def _ozone(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Weather:
    """An afternoon in the whole district."""
    times = (_hours(rng, 1, 3), _hours(rng, 2, 5), _hours(rng, 2, 4))
    adds = {"a05024": rng.uniform(80, 300)}
    return Weather(_all(catalogue, "air"), _at(began_ms, 11), adds, *times)


_WEATHER: dict[str, Callable[[np.random.Generator, Catalogue, int], Weather]] = {
    "bloom": _bloom,
    "dust": _dust,
    "smoke": _smoke,
    "ozone": _ozone,
}


def _all(catalogue: Catalogue, kind: str) -> tuple[str, ...]:
    return tuple(name for name, of in catalogue.stations.items() if of.kind == kind)


def _one(rng: np.random.Generator, catalogue: Catalogue, kind: str) -> tuple[str, ...]:
    return (str(rng.choice(_all(catalogue, kind))),)


def _at(day_ms: int, hour: int) -> int:
    """An hour of the day of an instant, Asia/Shanghai."""
    return day_ms - (day_ms - BEGIN_MS) % DAY_MS + hour * HOUR_MS


def good(year: Year) -> dict[str, Readings]:
    """What quality control leaves."""
    found = {}
    for station in year.catalogue.stations.values():
        series = _series(year, station)
        above, below = (_series(year, near) for near in _neighbours(year.catalogue, station))
        place = flagging.Station(series, defaults(), CADENCE_MS, above, below)
        for code in series:
            flagged = flag(place, code)
            rows = flagged.quality == Quality.GOOD
            found[f"{station.id}/{code}"] = (flagged.t[rows], flagged.value[rows])
    return found


def _series(year: Year, station: Station | None) -> dict[str, Series]:
    if station is None:
        return {}
    quality, cause = np.full(len(year.t), Quality.GOOD, np.uint8), np.zeros(len(year.t), np.uint8)
    return {
        code: Series(year.t, year.measured[f"{station.id}/{code}"], quality, cause)
        for code in CODES[station.kind]
    }


def _neighbours(catalogue: Catalogue, station: Station) -> tuple[Station | None, Station | None]:
    """The stations above and below on its river."""
    if station.river is None:
        return None, None
    row = list(catalogue.downstream(station.river))
    place = [of.id for of in row].index(station.id)
    return (row[place - 1] if place else None), (row[place + 1] if place + 1 < len(row) else None)


def judged(year: Year, rules: Sequence[Rule], outcome: Outcome) -> Iterator[Verdict]:
    """Every incident."""
    told = [
        (at, telling.alert)
        for at, telling in outcome.messages
        if telling.audience == "deputy" and telling.event == "fired"
    ]
    codes = {rule.id: _codes(rule) for rule in rules}
    for kind, incident in year.drawn:
        onsets = (_onset(year, incident, name) for name in incident.path)
        onset = min(filter(None, onsets), default=None)
        if onset is None:
            yield Verdict(kind, incident, None)
            continue

        def concerns(alert: Alert, of: Incident = incident) -> bool:
            return alert.station in of.path and bool(codes[alert.rule_id] & set(of.codes))

        times = [at for at, alert in told if at >= incident.began_ms and concerns(alert)]
        if min(times, default=onset + DAY_MS) <= onset + IN_TIME_MS:
            yield Verdict(kind, incident, onset)
            continue
        alerts = [alert for alert in outcome.alerts if concerns(alert)]
        yield Verdict(kind, incident, onset, _why(incident, onset, alerts, times))


def _codes(rule: Rule) -> set[str]:
    """What a rule judges."""
    if isinstance(rule.look, Combined):
        return {row.indicator for row in rule.look.conditions}
    if isinstance(rule.look, Standard):
        return set(air_items() if rule.scope.kind == "air" else water_items())
    return {rule.indicator}


def _why(incident: Incident, onset: int, alerts: Sequence[Alert], told: Sequence[int]) -> str:
    """Why nobody was told within three hours."""
    end = onset + IN_TIME_MS
    grave = [alert for alert in alerts if alert.about == "pollution" and alert.level > 1]
    if any(incident.began_ms <= alert.fired_ms <= end for alert in grave):
        return "its alert was told with others or lately"
    if any(a.fired_ms < incident.began_ms and (a.resolved_ms or end) >= onset for a in grave):
        return "an alert stood already"
    late = min((at for at in told if at - onset < DAY_MS), default=None)
    if late is not None:
        return f"told {(late - onset) / HOUR_MS:.1f} h after it exceeded"
    return "only a notice" if any(a.fired_ms >= incident.began_ms for a in alerts) else "no alert"


def _onset(year: Year, incident: Incident, station_id: str) -> int | None:
    """When values are first beyond what must be held at a station, because of it."""
    station = year.catalogue.stations[station_id]
    first = int(np.searchsorted(year.t, incident.began_ms))
    rows = slice(first, first + _rows(incident))
    t = year.t[rows]
    codes = [code for code in incident.codes if code in CODES[station.kind]]
    without = {code: year.pure[f"{station_id}/{code}"][rows] for code in codes}
    values = {
        code: np.array(
            [
                incidents.disturbed([incident], station, code, float(value), at)
                for value, at in zip(of.tolist(), t.tolist(), strict=True)
            ]
        )
        for code, of in without.items()
    }
    because = _beyond(station, t, values) & ~_beyond(station, t, without)
    return int(t[np.argmax(because)]) if because.any() else None


def _beyond(
    station: Station, t: NDArray[np.int64], values: dict[str, Values]
) -> NDArray[np.bool_]:
    """Where values are worse than they must be; what has no class is left out."""
    known = air_items() if station.kind == "air" else water_items()
    values = {code: of for code, of in values.items() if code in known}
    if station.kind == "air":
        return air_indices(values, t, averaging="hourly", plan=values).aqi > AQI
    target = water_class_names().index(station.target or "III")
    return water_classes(values, t).class_index > target


def counted(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line a kind, and one for each that was missed."""
    for kind in dict.fromkeys(verdict.kind for verdict in verdicts):
        of = [verdict for verdict in verdicts if verdict.kind == kind]
        exceeding = [verdict for verdict in of if verdict.onset_ms is not None]
        told = sum(not verdict.missed for verdict in exceeding)
        yield f"  {kind:10} {len(of):4} drawn, {len(exceeding):4} exceed, {told:4} told in time"
    for why, n in Counter(verdict.missed for verdict in verdicts if verdict.missed).most_common():
        yield f"  missed: {n:3} {why}"
