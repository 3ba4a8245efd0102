"""Water class, AQI and limits by the set of standards in force on a date; pure.

Figures and clauses lie in ``config/data/standards``. Concentrations are in the indicator's unit.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import config
from config.catalogue.shapes import WaterClass
from config.vocabulary.errors import Fault, FaultyInput

Averaging = Literal["hourly", "daily"]
_FOLDER = Path(config.__file__).parent / "data" / "standards"
_COLUMNS: dict[Averaging, tuple[str, ...]] = {"hourly": ("h1", "day"), "daily": ("h8", "day")}
"""HJ 633: hourly reports take particles by the day column, daily ones ozone by its 8 h column."""
_CEILING = 1e12
"""No item reaches it in its unit; above it sums in decimals would overflow."""


@dataclass(frozen=True, slots=True)
class AirJudgement:
    """An AQI and what it comes from. ``iaqi`` by code; all but it None where none is given."""

    standard: str
    aqi: int | None
    level: str | None
    class_name: str | None
    colour: str | None
    primary: tuple[str, ...]
    iaqi: dict[str, int]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaterJudgement:
    """A class by the single-factor method. ``exceeding``: code -> multiple over the target
    class's limit, None where the method gives no multiple.
    """

    standard: str
    class_name: str | None
    level: str | None
    colour: str | None
    deciding: tuple[str, ...]
    target: WaterClass | None
    exceeding: dict[str, float | None]
    missing: tuple[str, ...]


def air_items() -> tuple[str, ...]:
    """Codes of the items that an AQI is made of, in the order of the answers."""
    return tuple(_air()["items"])


def air_quality(
    values: Mapping[str, float | None],
    *,
    on: date,
    averaging: Averaging,
    plan: Collection[str] | None = None,
) -> AirJudgement:
    """AQI of one hour or day.

    ``plan`` names the items the station measures (all six by default); of these an absent value
    is missing, and HJ 633-2026, 5.3.1, then withholds an AQI that is not above 100.

    Raises:
        FaultyInput: an unknown code or an impossible concentration.
    """
    air = _air()
    rules = _in_force(air["set"], on)
    _check({**dict.fromkeys(plan or ()), **values}, air["items"])
    planned = [code for code in air["items"] if plan is None or code in plan]
    given = {code: values.get(code) for code in planned}
    iaqi = {}
    for code, value in given.items():
        if value is not None:
            index = _iaqi(value, rules, code, averaging, air["iaqi"])
            if index is not None:
                iaqi[code] = index
    missing = tuple(code for code, value in given.items() if value is None)
    aqi = max(iaqi.values(), default=None)
    if aqi is None or (missing and rules["missing_withholds"] and aqi <= 100):
        return AirJudgement(rules["name"], None, None, None, None, (), iaqi, missing)
    level = next(row for row in air["level"] if aqi <= row["upto"])
    primary = tuple(code for code, index in iaqi.items() if index == aqi) if aqi > 50 else ()
    words = (level["name"], level["class"], level["colour"])
    return AirJudgement(rules["name"], aqi, *words, primary, iaqi, missing)


def water_quality(
    values: Mapping[str, float | None],
    *,
    on: date,
    target: WaterClass | None = None,
    lake: bool = False,
) -> WaterJudgement:
    """Class of a section: the worst class of its items.

    Raises:
        FaultyInput: an unknown code or an impossible value.
    """
    water = _water()
    rules = _in_force(water["set"], on)
    items = rules["items"]
    _check(values, items)
    classes = {}
    exceeding = {}
    for code, value in values.items():
        if value is None or not items[code].get("counts", True):
            continue
        classes[code] = _class_of(value, items[code], lake=lake)
        if target and classes[code] > rules["classes"].index(target):
            exceeding[code] = _multiple(value, code, target, lake=lake, on=on)
    missing = tuple(
        code for code, value in values.items() if value is None and items[code].get("counts", True)
    )
    if not classes:
        return WaterJudgement(rules["name"], None, None, None, (), target, {}, missing)
    worst = max(classes.values())
    name = [*rules["classes"], rules["beyond"]][worst]
    deciding = tuple(code for code, index in classes.items() if index == worst)
    level, colour = water["words"][name]
    return WaterJudgement(rules["name"], name, level, colour, deciding, target, exceeding, missing)


def water_limit(
    code: str, class_name: WaterClass, *, on: date, lake: bool = False
) -> float | None:
    """The limit of an item for a class; for pH and the like None. DO's is a lower limit."""
    rules = _in_force(_water()["set"], on)
    item = rules["items"].get(code, {})
    table = item.get("lake") if lake and "lake" in item else item.get("at_most")
    table = table or item.get("at_least")
    return float(table[rules["classes"].index(class_name)]) if table else None


def water_limit_is_lower(code: str, *, on: date) -> bool:
    """Whether an item's limits are lower ones."""
    return "at_least" in _in_force(_water()["set"], on)["items"].get(code, {})


def air_limit(code: str, *, on: date, averaging: Averaging) -> tuple[str, float] | None:
    """GB 3095 set and limit of class 2 areas for the averaging, where there is one."""
    rules = _in_force(_air()["limits"], on)
    row = rules.get(code)
    if row is None:
        return None
    column = "h1" if averaging == "hourly" else ("h8" if "h8" in row else "day")
    return (rules["name"], float(row[column][1])) if column in row else None


def _iaqi(
    value: float, rules: Mapping[str, Any], code: str, averaging: Averaging, scale: list[int]
) -> int | None:
    row = rules["breakpoints"][code]
    column = next(name for name in _COLUMNS[averaging] if name in row)
    points = row[column]
    concentration = Decimal(str(value))
    if rules["round_concentration"]:
        places = Decimal("0.1") if code == "a21005" else Decimal(1)
        concentration = concentration.quantize(places, ROUND_HALF_EVEN)
    if concentration > points[-1]:
        if len(points) == len(scale):
            return scale[-1]
        beyond: int | None = row.get(f"{column}_beyond")
        return beyond
    for i in range(1, len(points)):
        if concentration <= points[i]:
            risen = (concentration - points[i - 1]) * (scale[i] - scale[i - 1])
            index = risen / (points[i] - points[i - 1]) + scale[i - 1]
            return int(index.to_integral_value(ROUND_CEILING))
    raise AssertionError(code)


def _class_of(value: float, item: Mapping[str, Any], *, lake: bool) -> int:
    """Index of the class that an item meets; the number of classes where it meets none."""
    if "low" in item:
        return 0 if item["low"] <= value <= item["high"] else 5
    if "at_least" in item:
        limits = item["at_least"]
        return next((i for i, limit in enumerate(limits) if value >= limit), len(limits))
    limits = item["lake"] if lake and "lake" in item else item["at_most"]
    return next((i for i, limit in enumerate(limits) if value <= limit), len(limits))


def _multiple(
    value: float, code: str, target: WaterClass, *, lake: bool, on: date
) -> float | None:
    item = _in_force(_water()["set"], on)["items"][code]
    limit = water_limit(code, target, on=on, lake=lake)
    if limit is None or not item.get("multiple", True):
        return None
    over = (Decimal(str(value)) - Decimal(str(limit))) / Decimal(str(limit))
    return float(over.quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def _check(values: Mapping[str, float | None], known: Collection[str]) -> None:
    faults = []
    for code, value in values.items():
        if code not in known:
            remedy = f"use one of {', '.join(known)}"
            faults.append(Fault(code, "is not an item of this standard", remedy))
        elif value is not None and not _possible(code, value):
            faults.append(
                Fault(code, f"{value} cannot be measured", "give a value from 0 up in its unit")
            )
    if faults:
        raise FaultyInput(faults)


def _possible(code: str, value: float) -> bool:
    return math.isfinite(value) and abs(value) < _CEILING and (value >= 0 or code == "w01010")


def _in_force(sets: list[dict[str, Any]], on: date) -> dict[str, Any]:
    for row in sets:
        if row.get("from", date.min) <= on <= row.get("until", date.max):
            return row
    first = min(row.get("from", date.min) for row in sets)
    fault = Fault("--on", f"no standard is known for {on}", f"give a date from {first} on")
    raise FaultyInput([fault])


@cache
def _air() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "air.toml").read_text(encoding="utf-8"))


@cache
def _water() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "surface_water.toml").read_text(encoding="utf-8"))
