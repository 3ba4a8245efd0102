"""Days of air by level, first pollutants and limits in a part of a period. Pure.

The district's mean of a day is that of its stations' valid means (HJ 663); its AQI is made of
these. The year before is judged by the standard of the part itself, and beside it by that which
held then, and the two are never added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean

import numpy as np

from api.platforms.environment.days.records import Measured
from api.platforms.environment.period_report.records.periods import Piece
from ingest.standards.air import (
    OZONE,
    AirJudgement,
    air_items,
    air_level,
    air_limit,
    air_quality,
)
from ingest.standards.limits import decimals_of
from ingest.standards.tables import exceedance, rounded

GOOD = 100
"""Up to this AQI a day is good or fair (HJ 633)."""
PERCENTILES: Mapping[str, int] = {"a21005": 95, OZONE: 90}
"""Of these a period's figure is a percentile of its days, of all others their mean (HJ 663)."""
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Levels:
    """Days by level; ``valid`` is how many have an AQI, ``primary`` on how many of them an item
    was first, several where they tie.
    """

    valid: int
    levels: Mapping[str, int]
    primary: Mapping[str, int]
    good: int
    worst: tuple[int, date] | None

    @property
    def share(self) -> float | None:
        """Of good and fair days among those with an AQI."""
        return self.good / self.valid if self.valid else None


@dataclass(frozen=True, slots=True)
class Over:
    """Days of an item above its limit of a day; ``multiple`` is how far the worst one was."""

    code: str
    limit: float
    days: int
    valid: int
    worst: tuple[float, date] | None
    multiple: float | None


@dataclass(frozen=True, slots=True)
class AirPiece:
    """The district and its stations in a part of a period. ``before`` is the year before by the
    standard of the part, ``then`` by that which held then.
    """

    piece: Piece
    district: Levels
    before: Levels
    then: Levels
    over: Sequence[Over]
    stations: Sequence[tuple[Measured, Levels]]


def district_of(
    stations: Sequence[Measured],
) -> tuple[Mapping[date, Mapping[str, float]], Mapping[date, float]]:
    """Means of the stations' days, and of ozone's largest hours."""
    days: dict[date, dict[str, list[float]]] = {}
    hours: dict[date, list[float]] = {}
    for of in stations:
        for day, values in of.days.items():
            for code, value in values.items():
                days.setdefault(day, {}).setdefault(code, []).append(value)
        for day, value in of.ozone_hour.items():
            hours.setdefault(day, []).append(value)
    return (
        {
            day: {code: _mean(values) for code, values in of.items()}
            for day, of in sorted(days.items())
        },
        {day: _mean(values) for day, values in hours.items()},
    )


def figures(days: Mapping[date, Mapping[str, float]]) -> Mapping[str, float]:
    """Of each item the figure of a period: the mean of its days, or their percentile."""
    found = {}
    for code in air_items():
        values = [of[code] for of in days.values() if code in of]
        if values:
            whole = np.percentile(values, PERCENTILES[code]) if code in PERCENTILES else 0
            found[code] = round(float(whole), _DIGITS) if code in PERCENTILES else _mean(values)
    return found


def pieces_of(
    pieces: Sequence[Piece], now: Sequence[Measured], before: Sequence[Measured]
) -> Sequence[AirPiece]:
    """Every part."""
    (days, hours), (old_days, old_hours) = district_of(now), district_of(before)
    plan = [code for code in air_items() if any(code in of.shares for of in now)]
    found = []
    for of in pieces:
        own = _within(days, of.first, of.last)
        old = _within(old_days, *of.before)
        found.append(
            AirPiece(
                of,
                levels(own, hours, plan),
                levels(old, old_hours, plan, of.first),
                levels(old, old_hours, plan),
                [_over(code, own, of.first) for code in plan],
                [
                    (one, levels(one.within(of.first, of.last), one.ozone_hour, one.shares))
                    for one in now
                ],
            )
        )
    return found


def levels(
    days: Mapping[date, Mapping[str, float]],
    hours: Mapping[date, float],
    plan: Collection[str],
    on: date | None = None,
) -> Levels:
    """The days by level; ``plan`` has the items that are measured. Each is judged by the standard
    of its own day, or all by that of the day ``on``.
    """
    judged: dict[date, AirJudgement] = {
        day: air_quality(
            values, on=on or day, averaging="daily", plan=plan, ozone_hour=hours.get(day)
        )
        for day, values in days.items()
    }
    known = {day: of.aqi for day, of in judged.items() if of.aqi is not None}
    worst = max(((aqi, day) for day, aqi in known.items()), default=None)
    return Levels(
        len(known),
        Counter(air_level(aqi)[1] for aqi in known.values()),
        Counter(code for of in judged.values() for code in of.primary),
        sum(aqi <= GOOD for aqi in known.values()),
        worst,
    )


def _over(code: str, days: Mapping[date, Mapping[str, float]], on: date) -> Over:
    _, limit = air_limit(code, on=on, averaging="daily") or ("", float("inf"))
    values = {day: rounded(of[code], decimals_of(code)) for day, of in days.items() if code in of}
    bound = Decimal(str(limit))
    worst = max(((value, day) for day, value in values.items()), default=None)
    beyond = worst is not None and worst[0] > bound
    return Over(
        code,
        limit,
        sum(value > bound for value in values.values()),
        len(values),
        (float(worst[0]), worst[1]) if worst else None,
        exceedance(worst[0], bound) if worst and beyond else None,
    )


def _within(
    days: Mapping[date, Mapping[str, float]], first: date, last: date
) -> Mapping[date, Mapping[str, float]]:
    return {day: of for day, of in days.items() if first <= day <= last}


def _mean(values: Sequence[float]) -> float:
    return round(fmean(values), _DIGITS)
