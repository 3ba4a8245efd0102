"""A station's week in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from alerting.formats import spaced, water_class
from alerting.wording.sentences import figure
from api.platforms.environment.week.records import StationWeek
from config.catalogue.words import Words


def said(t: Words, name: str, week: StationWeek, days: int) -> str:
    """The week of a station of somebody's area; ``name`` is that of the station."""
    target = week.station.target
    held = t("week.class-air") if week.station.kind == "air" else ""
    held = water_class(t, target) if target else held
    parts = [_worst(t, week), _exceeded(t, week, held, days), _silent(t, week, days)]
    return spaced(t("week.station", name=name, said=t.clauses(of for of in parts if of)))


def of_district(t: Words, weeks: Sequence[StationWeek]) -> str:
    """The week of all stations, for somebody in whose area there is none."""
    exceeded = sum(bool(of.exceeded) for of in weeks)
    silent = sum(bool(of.silent) for of in weeks)
    return spaced(t("week.district", n=len(weeks), exceeded=exceeded, silent=silent))


def _worst(t: Words, week: StationWeek) -> str:
    if week.worst is None:
        return ""
    mean, indicator = week.worst.mean, t.indicators[week.worst.mean.code]
    values = {
        "indicator": indicator.name,
        "month": t(f"month.{mean.day.month}"),
        "day": mean.day.day,
        "value": figure(mean.value, indicator),
        "unit": indicator.unit,
    }
    if week.worst.class_name:
        return t("week.worst-water", name=water_class(t, week.worst.class_name), **values)
    limit = "" if week.worst.limit is None else f"{week.worst.limit:g}"
    return t("week.worst-air", limit=limit, **values)


def _exceeded(t: Words, week: StationWeek, held: str, days: int) -> str:
    if week.worst is None or not held:
        return ""
    key = "week.exceeded" if week.exceeded else "week.within"
    return t(key, n=week.exceeded, days=days, held=held)


def _silent(t: Words, week: StationWeek, days: int) -> str:
    if week.silent == days:
        return t("week.all-silent", days=days)
    return t("week.silent", n=week.silent) if week.silent else ""
