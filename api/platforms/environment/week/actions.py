"""Judge a week of every station once, and say to each person how it was in the own area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from math import isfinite

from api.accounts.repositories.units import Units
from api.deadlines.kept.answerable import staff
from api.deadlines.records import Responsible
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.week import wording
from api.platforms.environment.week.records import DayMean, StationWeek, judged, of_area
from api.shape import CoreServices
from config.catalogue.words import Words
from config.vocabulary.time import DAY_MS, day_of
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.aggregates import daily, daily_8h_max, hours_of
from ingest.standards.cadences import cadences_of
from ingest.store.protocol import Mean

OZONE = "a05024"
"""Its day is the largest of its 8 h means (GB 3095)."""


def weekly(
    core: CoreServices, readers: Mapping[str, Words], since_ms: int, until_ms: int
) -> Mapping[str, Sequence[str]]:
    """Sentences of how the days of a span were at the stations of each reader's area, by username;
    none where no reading was ever kept. The span, UTC epoch ms, begins and ends with a day.
    """
    if not core.store.latest():
        return {}
    today = day_of(core.now_ms())
    with core.state.read() as connection:
        everybody = staff(connection, core.roles, today)
    names = {of.id: of.name for of in Units(core.state).all()}
    may = everybody.who(Responsible("", EnvironmentPermission.SEE_STATIONS))
    days = (until_ms - since_ms) // DAY_MS
    weeks = _weeks(core, since_ms, until_ms)
    return {
        username: _said(core, words, weeks, [names[of] for of in everybody.units(username)], days)
        for username, words in readers.items()
        if username in may
    }


def _said(
    core: CoreServices,
    words: Words,
    weeks: Mapping[str, StationWeek],
    units: Sequence[str],
    days: int,
) -> Sequence[str]:
    stations = core.catalogue.in_words(words).stations
    own = of_area(core.catalogue.stations.values(), units)
    if not own:
        return [wording.of_district(words, list(weeks.values()))]
    return [wording.said(words, stations[of.id].name, weeks[of.id], days) for of in own]


def _weeks(core: CoreServices, since_ms: int, until_ms: int) -> Mapping[str, StationWeek]:
    catalogue = core.catalogue
    codes = {name: [of.code for of in catalogue.indicators(name)] for name in catalogue.stations}
    rows: dict[str, list[Mean]] = {
        f"{name}/{code}": [] for name, measured in codes.items() for code in measured
    }
    # By day: a store is asked a little at a time, as others wait for it.
    for from_ms in range(since_ms, until_ms, DAY_MS):
        for row in core.store.means(list(rows), from_ms, from_ms + DAY_MS):
            rows[row.series].append(row)
    days = (until_ms - since_ms) // DAY_MS
    return {
        name: judged(
            station,
            [mean for code in codes[name] for mean in _means(core, name, code, rows)],
            days,
        )
        for name, station in catalogue.stations.items()
    }


def _means(
    core: CoreServices, station: str, code: str, rows: Mapping[str, Sequence[Mean]]
) -> Sequence[DayMean]:
    """The valid means of the days of a series."""
    series = f"{station}/{code}"
    dated = CadenceRecord(core.state).dated(core.catalogue)
    cadences = cadences_of(dated, station, code)
    hours = hours_of(rows[series], cadences, partial(core.store.good, series))
    found = daily_8h_max(hours) if code == OZONE else daily(hours)
    days = zip(found.begin_ms.tolist(), found.counted().tolist(), strict=True)
    return [
        DayMean(code, date.fromisoformat(day_of(begin_ms)), value)
        for begin_ms, value in days
        if isfinite(value)  # too little was measured of others
    ]
