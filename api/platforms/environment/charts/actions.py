"""Curves out of the store, and the alerts that stand on them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from alerting.record.repository import Kept
from alerting.record.search import Criteria, search
from api.platforms.environment.charted import Drawn, Wish, cadences
from api.platforms.environment.charts.records import (
    Curve,
    drawn_of,
    is_of_8_hours,
    of_means,
    of_readings,
)
from api.platforms.environment.stations.actions import lines as lines_of
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.standards.aggregates import Means, daily, daily_8h_max, hourly, hours_of
from ingest.standards.limits import Averaging
from ingest.store.protocol import bucket_ms

PART_MS = 31 * DAY_MS
MOST_ALERTS = 200


def curve(
    services: Services, station: Station, code: str, wish: Wish, from_ms: int, to_ms: int
) -> Curve:
    """One indicator over a span, UTC epoch ms, half open; means begin and end with whole ones."""
    drawn = drawn_of(wish, to_ms - from_ms)
    if drawn == "readings":
        return of_readings(services.store.track(f"{station.id}/{code}", from_ms, to_ms))
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
