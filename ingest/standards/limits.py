"""Limits of an indicator by the standards in force on a date, with their source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Literal

from ingest.standards.tables import (
    air_tables,
    in_force,
    water_tables,
)

Averaging = Literal["hourly", "daily"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures stand, how sure they are, and on which days they hold, both ends included;
    None: without end.
    """

    standard: str
    clause: str
    confidence: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Completeness:
    """The least part of a span that must be measured for its mean to count: minutes, hours,
    sliding means and days at least. ``ozone_hours_of_day``: the first and last hour of the day at
    which the 8 h means end that its largest is of.
    """

    clause: str
    confidence: str
    hour_minutes: int
    day_hours: int
    ozone_8h_hours: int
    ozone_hours_of_day: tuple[int, int]
    ozone_day_sliding: int
    month_days: int
    february_days: int
    year_days: int


@dataclass(frozen=True, slots=True)
class AirLimits:
    """How one item is judged. ``limits``: averaging time -> limits of class 1 and class 2 areas.
    ``index``: averaging time -> the concentrations at which the index is that of ``scale``.
    """

    limits_from: Source
    limits: dict[str, tuple[float, float]]
    index_from: Source
    index: dict[str, tuple[float, ...]]
    scale: tuple[int, ...]
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class WaterLimits:
    """How one item is judged: its limits from class I to V, lower ones where ``lower``; ``within``
    the one span that every class has. An item with neither is not judged.
    """

    limits_from: Source
    classes: tuple[str, ...]
    limits: tuple[float, ...]
    lake: tuple[float, ...]
    """Limits of lakes and reservoirs, where they differ; some items have only these."""
    lower: bool
    within: tuple[float, float] | None
    counts: bool
    """It is part of the class."""

    def limits_in(self, *, lake: bool) -> tuple[float, ...]:
        """Those of a river, or of a lake or reservoir; none where the item has none there."""
        return self.lake or self.limits if lake else self.limits


def decimals_of(code: str) -> int:
    """Decimals to which a mean of an item is rounded, half to even (HJ 633-2026; GB/T 8170)."""
    return 1 if code == "a21005" else 0


@cache
def completeness() -> Completeness:
    """The demands of GB 3095 and HJ 663 on a mean; the same in all sets."""
    table = air_tables()["completeness"]
    found = {row.name: table[row.name] for row in fields(Completeness)}
    return Completeness(**found | {"ozone_hours_of_day": tuple(table["ozone_hours_of_day"])})


def limits_of(code: str, on: date) -> AirLimits | WaterLimits | None:
    """Everything by which an indicator is judged on a date; None where nothing is known of it.

    Raises:
        FaultyInput: no set is known for the date.
    """
    air, water = air_tables(), water_tables()
    if code in air["items"]:
        limits, rules = in_force(air["limits"], on), in_force(air["set"], on)
        columns = {k: tuple(v) for k, v in rules["breakpoints"][code].items() if type(v) is list}
        return AirLimits(
            limits_from=_source(limits),
            limits={column: (row[0], row[1]) for column, row in limits[code].items()},
            index_from=_source(rules),
            index=columns,
            scale=tuple(air["iaqi"]),
            completeness=completeness(),
        )
    rules = in_force(water["set"], on)
    item = rules["items"].get(code)
    if item is None:
        return None
    return WaterLimits(
        limits_from=_source(rules),
        classes=tuple(rules["classes"]),
        limits=tuple(item.get("at_most") or item.get("at_least", ())),
        lake=tuple(item.get("lake", ())),
        lower="at_least" in item,
        within=(item["low"], item["high"]) if "low" in item else None,
        counts=item.get("counts", True),
    )


def _source(rules: Mapping[str, Any]) -> Source:
    dates = rules.get("from"), rules.get("until")
    return Source(rules["name"], rules["clause"], rules["confidence"], *dates)
