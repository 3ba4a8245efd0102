"""A year of the demonstration district with incidents of known beginning, and who is told of them.

Values are those of ``simulators.nature`` at a reading every ten minutes, incidents the simulator's
own spills, blooms and dust in all sizes, and smoke and ozone beside them. Readings that quality
control doubts are left out, neighbours on the river included, as live.

An incident exceeds where the mean of an hour at one of its stations is beyond what must be held
(the station's class of GB 3838, an AQI of 150 by HJ 633) with it and not without it; the clock
runs from the first single value that is. It is told in time if a deputy is sent an alert of one of
its stations and indicators between its beginning and three hours after that. A message that was
not sent, for whatever reason, tells nobody.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from alerting.alert import Alert
from alerting.backtest.backtest import Outcome, Readings
from alerting.evaluation.rule_instance import rule_instances
from alerting.events.event import NoticeKind
from alerting.notify.wishes import Quiet
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule
from config.catalogue import loading
from config.catalogue.quality import defaults
from config.catalogue.shapes import Catalogue, Station
from config.settings import DISTRICTS
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.quality import flagging
from ingest.quality.flagging import Series, flag
from ingest.standards.air import air_items
from ingest.standards.columns import air_indices, water_classes
from ingest.standards.water import water_class_names, water_items
from simulators import nature
from simulators.incidents import BLOOM, DUST, Episode, Incident, Spill, disturbed

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


SMOKE = {"a34004": (1.0, 220.0), "a34002": (1.0, 240.0), "a21005": (1.0, 1.5)}
"""Of burning straw."""
OZONE = {"a05024": (1.0, 320.0)}


@dataclass(frozen=True)
class Verdict:
    """The outcome of an incident: when it began to exceed, and why nobody was told in time."""

    incident: Incident
    onset_ms: int | None
    missed: str = ""

    @property
    def kind(self) -> str:
        """Of the incident."""
        return str(self.incident.label["kind"])


@dataclass
class Year:
    """Values by series without and with incidents, before quality control."""

    catalogue: Catalogue
    t: NDArray[np.int64]
    drawn: list[Incident]
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
    for incident in year.drawn:
        if station.id in _stations(incident):
            rows = _rows(year, incident)
            value[rows] = _disturbed(incident, station, code, value[rows], year.t[rows])
    return value


def _disturbed(
    incident: Incident, station: Station, code: str, value: Values, t: NDArray[np.int64]
) -> Values:
    pairs = zip(value.tolist(), t.tolist(), strict=True)
    return np.array([disturbed([incident], station, code, one, at) for one, at in pairs])


def _stations(incident: Incident) -> tuple[str, ...]:
    return incident.path if isinstance(incident, Spill) else incident.stations


def _codes(incident: Incident, station: Station) -> list[str]:
    """Its changes of a station."""
    return [code for code in CODES[station.kind] if incident.effect(code, 1.0, 1.0) != 1.0]


def _rows(year: Year, incident: Incident) -> slice:
    """Readings while it lasts; of a spill's tail all but a thousandth."""
    end = incident.ended_ms if isinstance(incident, Episode) else _gone_ms(incident)
    first, last = np.searchsorted(year.t, (incident.began_ms, end))
    return slice(int(first), int(last))


def _gone_ms(spill: Spill) -> int:
    lasting = spill.rise_ms + spill.hold_ms + 7 * spill.fall_ms
    return spill.began_at(spill.path[-1]) + lasting


def _drawn(
    rng: np.random.Generator, catalogue: Catalogue, days: int, count: int
) -> Iterator[Incident]:
    """Half of them discharges, the rest in equal shares; of each many that exceed nothing."""
    makes = [_discharge] * 4 + [_bloom, _dust, _smoke, _ozone]
    for place in range(count):
        began = BEGIN_MS + int(rng.uniform(2, days - 4) * DAY_MS)
        yield makes[place % len(makes)](rng, catalogue, began)


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


def _bloom(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Episode:
    """A day of algae in the sun at one station."""
    place, begin = _one(rng, catalogue, "water"), _at(began_ms, 8)
    return _episode(rng, "bloom", place, begin, (8, 14), BLOOM, (0.3, 1.6))


def _dust(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Episode:
    return _episode(rng, "dust", _all(catalogue, "air"), began_ms, (6, 36), DUST, (0.1, 1.0))


def _smoke(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Episode:
    place = _one(rng, catalogue, "air")
    return _episode(rng, "smoke", place, began_ms, (4, 14), SMOKE, (0.2, 1.2))


def _ozone(rng: np.random.Generator, catalogue: Catalogue, began_ms: int) -> Episode:
    """An afternoon in the whole district."""
    place, begin = _all(catalogue, "air"), _at(began_ms, 10)
    return _episode(rng, "ozone", place, begin, (8, 11), OZONE, (0.3, 1.0))


def _episode(
    rng: np.random.Generator,
    kind: str,
    stations: tuple[str, ...],
    began_ms: int,
    hours: tuple[float, float],
    effects: Mapping[str, tuple[float, float]],
    sizes: tuple[float, float],
) -> Episode:
    """One of a length and size drawn between two; of size 1 it has the effects as they stand."""
    size = rng.uniform(*sizes)
    scaled = {
        code: (1 + size * (times - 1), size * more) for code, (times, more) in effects.items()
    }
    return Episode(kind, stations, began_ms, began_ms + _hours(rng, *hours), scaled)


def _all(catalogue: Catalogue, kind: str) -> tuple[str, ...]:
    return tuple(name for name, of in catalogue.stations.items() if of.kind == kind)


def _one(rng: np.random.Generator, catalogue: Catalogue, kind: str) -> tuple[str, ...]:
    return (str(rng.choice(_all(catalogue, kind))),)


def _at(day_ms: int, hour: int) -> int:
    """An hour of the day of an instant, Asia/Shanghai."""
    return day_ms - (day_ms - BEGIN_MS) % DAY_MS + hour * HOUR_MS


def good(year: Year) -> dict[str, Readings]:
    """The readings that quality control leaves."""
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


def judged(
    year: Year, rules: Sequence[Rule], outcome: Outcome, reader: str, night: Quiet | None = None
) -> Iterator[Verdict]:
    """Every incident, as a reader heard of it; with a ``night`` what may wait for the morning is
    in time then.
    """
    known = {rule.id: _judges(rule, year.catalogue) for rule in rules}
    notified = [
        (heard.at_ms, dataclasses.replace(notice.alert, station=station))
        for heard in outcome.messages
        if heard.reader == reader
        for notice in heard.notices
        for station in notice.stations
        if notice.kind not in (NoticeKind.OVER, NoticeKind.WITHDRAWN)
    ]
    for incident in year.drawn:
        stations = [year.catalogue.stations[name] for name in _stations(incident)]
        onsets = (_onset(year, incident, station) for station in stations)
        onset = min(filter(None, onsets), default=None)
        if onset is None:
            yield Verdict(incident, None)
            continue
        series = {(of.id, code) for of in stations for code in _codes(incident, of)}
        times = [
            at for at, of in notified if at >= incident.began_ms and _concerns(of, known, series)
        ]
        promised_ms = onset + IN_TIME_MS
        if night is not None:
            promised_ms = night.ends_ms(promised_ms) or promised_ms
        if min(times, default=onset + DAY_MS) <= promised_ms:
            yield Verdict(incident, onset)
        else:
            alerts = [of for of in outcome.alerts if _concerns(of, known, series)]
            yield Verdict(incident, onset, _why(incident, onset, alerts, times))


def _concerns(
    alert: Alert, known: Mapping[str, set[str]], series: Collection[tuple[str, str]]
) -> bool:
    """Whether it is of one of these stations and indicators."""
    return any((alert.station, code) in series for code in known[alert.rule_id])


def _judges(rule: Rule, catalogue: Catalogue) -> set[str]:
    """The indicators that a rule about pollution judges; of another rule none."""
    if kind_of(rule).about != "pollution":
        return set()
    members = (name for at in rule_instances(rule, catalogue) for name in at.members)
    return {name.partition("/")[2] for name in members}


def _why(incident: Incident, onset: int, alerts: Sequence[Alert], notified: Sequence[int]) -> str:
    """Why nobody was told within three hours."""
    end = onset + IN_TIME_MS
    grave = [alert for alert in alerts if alert.about == "pollution" and alert.level > 1]
    if any(incident.began_ms <= alert.fired_ms <= end for alert in grave):
        return "its alert was told with others or lately"
    if any(a.fired_ms < incident.began_ms and (a.resolved_ms or end) >= onset for a in grave):
        return "an alert stood already"
    late = min((at for at in notified if at - onset < DAY_MS), default=None)
    if late is not None:
        return f"told {(late - onset) / HOUR_MS:.1f} h after it exceeded"
    return "only a notice" if any(a.fired_ms >= incident.began_ms for a in alerts) else "no alert"


def _onset(year: Year, incident: Incident, station: Station) -> int | None:
    """When values are first beyond what must be held at a station, because of it."""
    rows = _rows(year, incident)
    t = year.t[rows]
    without = {code: year.pure[f"{station.id}/{code}"][rows] for code in _codes(incident, station)}
    values = {
        code: _disturbed(incident, station, code, value, t) for code, value in without.items()
    }
    because = _beyond(station, t, values) & ~_beyond(station, t, without)
    means = {code: _hourly(value) for code, value in values.items()}
    if not (_beyond(station, t, means) & because).any():
        return None
    return int(t[np.argmax(because)])


def _hourly(value: Values) -> Values:
    """Of each reading the mean of the hour that it ends; before a whole hour that of what is."""
    total = np.concatenate([[0.0], np.cumsum(value)])
    end = np.arange(1, len(value) + 1)
    begin = np.maximum(end - HOUR_MS // CADENCE_MS, 0)
    mean: Values = (total[end] - total[begin]) / (end - begin)
    return mean


def _beyond(
    station: Station, t: NDArray[np.int64], values: dict[str, Values]
) -> NDArray[np.bool_]:
    """Where values are worse than they must be; what has no class is left out."""
    known = air_items() if station.kind == "air" else water_items()
    values = {code: of for code, of in values.items() if code in known}
    if station.kind == "air":
        return air_indices(values, t, averaging="hourly", plan=values).aqi > AQI
    target = water_class_names().index(station.target or "III")
    return water_classes(values, t, lake=station.lake).class_index > target


def counted(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line a kind, and one for each that was missed."""
    for kind in sorted({verdict.kind for verdict in verdicts}):
        of = [verdict for verdict in verdicts if verdict.kind == kind]
        exceeding = [verdict for verdict in of if verdict.onset_ms is not None]
        notified = sum(not verdict.missed for verdict in exceeding)
        yield f"  {kind:10} {len(of):4} drawn, {len(exceeding):4} exceed, {notified:4} in time"
    for why, n in Counter(verdict.missed for verdict in verdicts if verdict.missed).most_common():
        yield f"  missed: {n:3} {why}"
