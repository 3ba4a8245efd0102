"""Days of a station as they were judged, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from alerting.wording.sentences import figure
from api.platforms.environment.days.actions import measured, plan
from api.platforms.environment.days.records import Measured
from api.platforms.environment.stations.records import Day, DayItem, Judged
from api.platforms.environment.stations.wording import judgement
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.time import HOUR_MS, begins_ms, day_of
from ingest.standards.air import AirJudgement, air_quality
from ingest.standards.water import WaterJudgement, water_quality

DAYS = 30
KEPT_MS = HOUR_MS
"""Late readings are seen in the calendar after so long, reviews at once: a month of a station that
measures every second is some ten million readings.
"""
FIRST = date(2004, 1, 1)
"""From the year before it on every standard is known."""


def calendar(services: Services, station: Station) -> Sequence[Day]:
    """The last 30 days that are over, the earliest first. What was measured is read once in a
    while for all readers.
    """
    today = _today(services)
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    span_ms = begins_ms(first), begins_ms(today)
    standing = services.corrections.standing()
    reviewed = [
        standing.of(f"{station.id}/{code}", *span_ms) for code in plan(services.catalogue, station)
    ]
    of = services.shared.get(
        ("days", station.id),
        (services.now_ms() // KEPT_MS, last, tuple(reviewed)),
        lambda: measured(services, [station], first, last)[0],
    )
    return [_day(services, of, first + timedelta(days=n)) for n in range(DAYS)]


def counted(services: Services, station: Station, days: Sequence[Day]) -> str:
    """How many days were in each class or level, in a sentence."""
    t = services.words
    water = station.kind == "water"
    classes = [of.judged.label if water else of.judged.word for of in days if of.known]
    said = [t("station.days-of", what=what, n=n) for what, n in Counter(classes).most_common()]
    unknown = sum(not of.known for of in days)
    worse = sum(of.judged.misses_target for of in days)
    if worse:
        said.append(t(f"station.days-worse-{station.kind}", n=worse))
    if unknown:
        said.append(t("station.days-unknown", n=unknown))
    return t.listed(said)


def one_day(
    services: Services, station: Station, on: date
) -> tuple[Day, Sequence[DayItem]] | None:
    """A day with its items; None where there is none that ``is_over``."""
    if not is_over(services, on):
        return None
    (of,) = measured(services, [station], on, on)
    return _day(services, of, on), list(_items(services, of, on))


def is_over(services: Services, on: date) -> bool:
    """Whether a day is over, and of a time whose standards are known."""
    return FIRST <= on < _today(services)


def _today(services: Services) -> date:
    return date.fromisoformat(day_of(services.now_ms()))


def _day(services: Services, of: Measured, on: date) -> Day:
    judged, missing = _judged(services, of, on)
    names = services.words.listed(services.words.indicators[code].name for code in missing)
    there = bool(of.covered.get(on))
    lacking = services.words("station.day-lacking", names=names) if names else ""
    if not there:
        lacking = services.words("station.day-silent")
    return Day(on, judged, lacking, there, judged.tone != "gray")


def _judged(services: Services, of: Measured, on: date) -> tuple[Judged, Sequence[str]]:
    if of.station.kind == "air":
        air = _air(services, of, on)
        return judgement.of_air(services, air, air.standard), air.missing
    water = _water(services, of, on)
    return judgement.of_water(services, water, water.standard), water.missing


def _air(services: Services, of: Measured, on: date) -> AirJudgement:
    codes = plan(services.catalogue, of.station)
    values, ozone = of.days.get(on, {}), of.ozone_hour.get(on)
    return air_quality(values, on=on, averaging="daily", plan=codes, ozone_hour=ozone)


def _water(services: Services, of: Measured, on: date) -> WaterJudgement:
    measured_then = of.days.get(on, {})
    values = {code: measured_then.get(code) for code in plan(services.catalogue, of.station)}
    return water_quality(values, on=on, target=of.station.target, lake=of.station.lake)


def _items(services: Services, of: Measured, on: date) -> Iterator[DayItem]:
    """Each item with its own class or index."""
    t, station = services.words, of.station
    air = _air(services, of, on) if station.kind == "air" else None
    for code in plan(services.catalogue, station):
        value = of.days.get(on, {}).get(code)
        hours = round(of.covered.get(on, {}).get(code, 0) * 24)
        judged = ""
        if air:
            judged = str(air.iaqi.get(code, "")) if value is not None else ""
        elif value is not None:
            alone = water_quality({code: value}, on=on, lake=station.lake)
            judged = judgement.of_water(services, alone, "").label
        indicator = t.indicators[code]
        yield DayItem(
            indicator,
            "—" if value is None else figure(value, indicator),
            judged or "—",
            t("station.complete-hours", n=hours, of=24),
            value is not None,
        )
