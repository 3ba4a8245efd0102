"""Curves out of the store, and the alerts that stand on them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from alerting.record.repository import Kept
from alerting.record.search import Criteria, search
from api.platforms.environment.charted import Drawn, Wish, cadences
from api.platforms.environment.charts.records import (
    READINGS_UPTO_MS,
    Curve,
    drawn_of,
    is_of_8_hours,
    of_means,
    of_readings,
)
from api.platforms.environment.stations.actions import lines as lines_of
from api.services import Services
from api.web.declared import Declared
from config.catalogue.shapes import Station
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.standards.aggregates import Means, daily, daily_8h_max, hourly, hours_of
from ingest.standards.limits import Averaging
from ingest.store.protocol import Track, bucket_ms

PART_MS = 31 * DAY_MS
MOST_ALERTS = 200
MOST_READINGS = 3_000_000
"""Of one curve: a month of a station that measures every second."""
FEW_READINGS = 100_000


class TooManyReadings(Declared):
    """A curve of readings would take more memory than one reader is worth."""

    status = 422
    words = "charts.too-many"


def curve(
    services: Services, station: Station, code: str, wish: Wish, from_ms: int, to_ms: int
) -> Curve:
    """One indicator over a span, UTC epoch ms, half open; means begin and end with whole ones.

    Raises:
        TooManyReadings: readings are wished for, and there are more than MOST_READINGS.
    """
    drawn = drawn_of(wish, to_ms - from_ms)
    if drawn == "readings":
        readings = _readings(services, f"{station.id}/{code}", from_ms, to_ms)
        if readings is not None:
            return of_readings(readings)
        if wish == "readings":
            said = f"drawn=readings reads at most {MOST_READINGS} readings, and there are more"
            raise TooManyReadings(f"{said}: bring from_ms nearer to to_ms, or ask for drawn=hour")
        drawn = "hour"
    hours = 24 if drawn == "day" else 1
    behind_ms = bucket_ms(to_ms - 1, hours) + hours * HOUR_MS
    means = partial(_means, services, station, code, drawn)
    # A store is asked a month at once: others wait for it.
    parts = [
        means(at_ms, min(at_ms + PART_MS, behind_ms))
        for at_ms in range(bucket_ms(from_ms, hours), behind_ms, PART_MS)
    ]
    return of_means(drawn, parts)


def lines(
    services: Services, station: Station, code: str, drawn: Drawn
) -> list[dict[str, str | float | None]]:
    """Limits of what is drawn."""
    averaging: Mapping[Drawn, Averaging | None]
    averaging = {"readings": None, "hour": "hourly", "day": "daily"}
    return lines_of(services, station, code, averaging[drawn])


def alerts(
    services: Services, station: Station, code: str, from_ms: int, to_ms: int
) -> list[Kept]:
    """The newest alerts that stood within a span and rest on an indicator, by time."""
    asked = Criteria(station=station.id, until_ms=to_ms, order="newest")
    found = search(services.state, asked, first=0, most=MOST_ALERTS).rows
    return [
        kept
        for kept in reversed(found)
        if (kept.alert.resolved_ms or to_ms) > from_ms
        and code in [of.code for of in services.wording.concerned(kept.alert)]
    ]


def _readings(services: Services, series: str, from_ms: int, to_ms: int) -> Track | None:
    """Every reading of a span; None where there are more than a curve may have."""
    parts: list[Track] = []
    left, width_ms = MOST_READINGS, READINGS_UPTO_MS
    while not parts or from_ms < to_ms:
        parts.append(services.store.track(series, from_ms, min(from_ms + width_ms, to_ms)))
        left -= len(parts[-1])
        if left < 0:
            return None
        from_ms += width_ms
        if len(parts[-1]) < FEW_READINGS:
            width_ms *= 2
    return Track.chained(parts)


def _means(
    services: Services, station: Station, code: str, drawn: Drawn, from_ms: int, to_ms: int
) -> Means:
    series = f"{station.id}/{code}"
    rows = services.store.means([series], from_ms, to_ms)
    good = partial(services.store.good, series)
    hours = hours_of(rows, cadences(services, station, code), good)
    if drawn == "hour":
        return hourly(hours)
    if is_of_8_hours(code, drawn):
        return daily_8h_max(hours, services.now_ms())
    return daily(hours)
