"""Water class, AQI and limits by the set of standards in force on a date; pure.

Figures and clauses lie in ``config/data/standards``. Concentrations are in the indicator's unit.
Averaging times of air are named as there: ``h1``, ``h8`` (ozone), ``day``, ``year``. Whole columns
are judged in ``judging``, by the same tables.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.standards.limits import Averaging, decimals_of
from ingest.standards.tables import (
    air_tables,
    check,
    in_force,
    index_of,
)

INDEX_COLUMNS: dict[Averaging, tuple[str, ...]] = {
    "hourly": ("h1", "day"),
    "daily": ("h8", "day"),
}
"""HJ 633: hourly reports take particles by the day column, daily ones ozone by its 8 h column."""
OZONE = "a05024"


@dataclass(frozen=True, slots=True)
class AirJudgement:
    """An AQI and its sources. ``iaqi`` by code; all but it None where none is given."""

    standard: str
    aqi: int | None
    level: str | None
    class_name: str | None
    colour: str | None
    primary: tuple[str, ...]
    iaqi: dict[str, int]
    missing: tuple[str, ...]


def counts_ozone_hour(rules: Mapping[str, Any], averaging: Averaging) -> bool:
    """Whether a set of HJ 633 counts ozone's largest hour of a day."""
    return averaging == "daily" and bool(rules["daily_ozone_hour"])


def air_items() -> tuple[str, ...]:
    """Codes of the items that an AQI is made of, in the order of the answers."""
    return tuple(air_tables()["items"])


def air_quality(
    values: Mapping[str, float | None],
    *,
    on: date,
    averaging: Averaging,
    plan: Collection[str] | None = None,
    ozone_hour: float | None = None,
) -> AirJudgement:
    """AQI of one hour or day.

    A day's ozone is its largest 8 h mean. ``ozone_hour``, its largest hourly mean, counts beside
    it in HJ 633-2012 (table 1, notes 1 and 3), no longer in HJ 633-2026. ``plan`` names the items
    the station measures (all six by default); of these an absent value is missing, and HJ
    633-2026, 5.3.1, then withholds an AQI that is not above 100.

    Raises:
        FaultyInput: an unknown code or an impossible concentration.
    """
    air = air_tables()
    rules = in_force(air["set"], on)
    check({**dict.fromkeys(plan or ()), **values}, air["items"])
    check({OZONE: ozone_hour}, air["items"])
    planned = [code for code in air["items"] if plan is None or code in plan]
    given = {code: values.get(code) for code in planned}
    iaqi = {}
    for code, value in given.items():
        if value is not None:
            row = rules["breakpoints"][code]
            column = next(name for name in INDEX_COLUMNS[averaging] if name in row)
            decimals = decimals_of(code) if rules["round_concentration"] else None
            index = index_of(value, row, column, air["iaqi"], decimals)
            if index is not None:
                iaqi[code] = index
    if ozone_hour is not None and OZONE in given and counts_ozone_hour(rules, averaging):
        row = rules["breakpoints"][OZONE]
        of_hour = index_of(ozone_hour, row, "h1", air["iaqi"], None) or 0
        iaqi[OZONE] = max(of_hour, iaqi.get(OZONE, 0))
    missing = tuple(code for code, value in given.items() if value is None)
    aqi = max(iaqi.values(), default=None)
    if aqi is None or (missing and rules["missing_withholds"] and aqi <= 100):
        return AirJudgement(rules["name"], None, None, None, None, (), iaqi, missing)
    level = next(row for row in air["level"] if aqi <= row["upto"])
    primary = tuple(code for code, index in iaqi.items() if index == aqi) if aqi > 50 else ()
    words = (level["name"], level["class"], level["colour"])
    return AirJudgement(rules["name"], aqi, *words, primary, iaqi, missing)


def air_limit(code: str, *, on: date, averaging: Averaging) -> tuple[str, float] | None:
    """GB 3095 set and limit of class 2 areas for the averaging, where there is one."""
    rules = in_force(air_tables()["limits"], on)
    row = rules.get(code)
    if row is None:
        return None
    column = "h1" if averaging == "hourly" else ("h8" if "h8" in row else "day")
    return (rules["name"], float(row[column][1])) if column in row else None


def air_level(aqi: int) -> tuple[str, str]:
    """Name and class of the level that an AQI lies in, in Chinese (HJ 633, table 2)."""
    row = next(row for row in air_tables()["level"] if aqi <= row["upto"])
    return row["name"], row["class"]


def air_classes() -> tuple[str, ...]:
    """Classes of air from the best on, in Chinese."""
    return tuple(row["class"] for row in air_tables()["level"])


def sensitive_groups(code: str, index: int) -> tuple[str, ...]:
    """The people who should take care first at an item's index, in Chinese; nobody up to 100 (HJ
    633-2026, table 2).
    """
    table = air_tables()["sensitive"]
    return tuple(table.get(code, ())) if code in air_items() and index > table["above"] else ()
