"""Water class, AQI and limits by the set of standards in force on a date; pure.

Figures and clauses lie in ``config/data/standards``. Concentrations are in the indicator's unit.
Averaging times of air are named as there: ``h1``, ``h8`` (ozone), ``day``, ``year``. Whole columns
are judged in ``judging``, by the same tables.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from config.catalogue.shapes import WaterClass
from ingest.reckoning import (
    air_tables,
    check,
    class_of,
    in_force,
    index_of,
    limit_of,
    multiple_over,
    water_tables,
)

Averaging = Literal["hourly", "daily"]
Kind = Literal["limit", "index", "class"]
INDEX_COLUMNS: dict[Averaging, tuple[str, ...]] = {
    "hourly": ("h1", "day"),
    "daily": ("h8", "day"),
}
"""HJ 633: hourly reports take particles by the day column, daily ones ozone by its 8 h column."""


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
    main: dict[str, float | None] = field(default_factory=dict)
    """The main pollutants, at most three and the first one first: code -> multiple over class III
    (surface water evaluation method of 2011). Ties stand in the standard's order.
    """


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
    """How much of a span must be measured for its mean to count: minutes, hours, sliding means
    and days at least. ``ozone_hours_of_day``: the first and last hour of the day at which the 8 h
    means end that its largest is of.
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
    rounds_first: bool
    """The concentration is rounded before it is given an index."""
    missing_withholds: bool
    """An AQI up to 100 is not given while an item of the plan is missing."""
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class WaterLimits:
    """How one item is judged: its limits from class I to V, lower ones where ``lower``; ``within``
    the one span that every class has. What has neither is not judged.
    """

    limits_from: Source
    classes: tuple[str, ...]
    limits: tuple[float, ...]
    lake: tuple[float, ...]
    """Limits of lakes, where they differ."""
    lower: bool
    within: tuple[float, float] | None
    counts: bool
    """It is part of the class."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of one item that another set moves: a ``limit`` of a class of areas (``place``),
    the concentration of an ``index`` (``place``; "beyond": the index above the table), or a limit
    of a water ``class``. None: the set has no such figure.
    """

    on: date
    standard: str
    kind: Kind
    column: str
    place: str
    old: float | None
    new: float | None


def air_items() -> tuple[str, ...]:
    """Codes of the items that an AQI is made of, in the order of the answers."""
    return tuple(air_tables()["items"])


def water_items() -> tuple[str, ...]:
    """Codes of the items that make the class of water (GB 3838), in the order of its table."""
    items = {code: of for rules in water_tables()["set"] for code, of in rules["items"].items()}
    return tuple(code for code, item in items.items() if item.get("counts", True))


def places_of(code: str) -> int:
    """Decimals to which a mean of an item is rounded, half to even (HJ 633-2026; GB/T 8170)."""
    return 1 if code == "a21005" else 0


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
    air = air_tables()
    rules = in_force(air["set"], on)
    check({**dict.fromkeys(plan or ()), **values}, air["items"])
    planned = [code for code in air["items"] if plan is None or code in plan]
    given = {code: values.get(code) for code in planned}
    iaqi = {}
    for code, value in given.items():
        if value is not None:
            row = rules["breakpoints"][code]
            column = next(name for name in INDEX_COLUMNS[averaging] if name in row)
            decimals = places_of(code) if rules["round_concentration"] else None
            index = index_of(value, row, column, air["iaqi"], decimals)
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
    water = water_tables()
    rules = in_force(water["set"], on)
    items = rules["items"]
    check(values, items)
    standing = rules["classes"].index(target) if target else None
    classes = {}
    exceeding = {}
    for code, value in values.items():
        if value is None or not items[code].get("counts", True):
            continue
        classes[code] = class_of(value, items[code], lake=lake)
        if standing is not None and classes[code] > standing:
            exceeding[code] = multiple_over(value, items[code], standing, lake=lake)
    missing = tuple(
        code for code, value in values.items() if value is None and items[code].get("counts", True)
    )
    if not classes:
        return WaterJudgement(rules["name"], None, None, None, (), target, {}, missing)
    worst = max(classes.values())
    name = [*rules["classes"], rules["beyond"]][worst]
    deciding = tuple(code for code, index in classes.items() if index == worst)
    level, colour = water["words"][name]
    main = _main(values, classes, rules, lake=lake)
    words = (rules["name"], name, level, colour)
    return WaterJudgement(*words, deciding, target, exceeding, missing, main)


def water_limit(
    code: str, class_name: WaterClass, *, on: date, lake: bool = False
) -> float | None:
    """The limit of an item for a class; for pH and the like None. DO's is a lower limit."""
    rules = in_force(water_tables()["set"], on)
    return limit_of(rules["items"].get(code, {}), rules["classes"].index(class_name), lake=lake)


def water_limit_is_lower(code: str, *, on: date) -> bool:
    """Whether an item's limits are lower ones."""
    return "at_least" in in_force(water_tables()["set"], on)["items"].get(code, {})


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


def water_class_names() -> tuple[str, ...]:
    """Classes of GB 3838 from the best on, and what lies beyond them."""
    return (*(rules := water_tables()["set"][0])["classes"], rules["beyond"])


def sensitive_groups(code: str, index: int) -> tuple[str, ...]:
    """Who should take care first at an item's index, in Chinese; nobody up to 100 (HJ 633-2026,
    table 2).
    """
    table = air_tables()["sensitive"]
    return tuple(table.get(code, ())) if code in air_items() and index > table["above"] else ()


def completeness() -> Completeness:
    """What GB 3095 and HJ 663 ask of a mean; the same in all sets."""
    table = air_tables()["completeness"]
    found = {row.name: table[row.name] for row in fields(Completeness)}
    return Completeness(**found | {"ozone_hours_of_day": tuple(table["ozone_hours_of_day"])})


def evaluation_percentile(code: str) -> int | None:
    """Which percentile of a year's days is held against the day limit (HJ 663)."""
    found: int | None = air_tables()["percentile"].get(code)
    return found


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
            rounds_first=rules["round_concentration"],
            missing_withholds=rules["missing_withholds"],
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


def changes(code: str) -> tuple[Change, ...]:
    """What later sets move of one indicator, by date."""
    air, water = air_tables(), water_tables()
    kinds: tuple[tuple[Kind, list[dict[str, Any]]], ...] = (
        ("limit", air["limits"]),
        ("index", air["set"]),
        ("class", water["set"]),
    )
    found = []
    for kind, sets in kinds:
        for old, new in pairwise(sets):
            before, after = _figures(kind, old, code), _figures(kind, new, code)
            found += [
                Change(new["from"], new["name"], kind, *at, before.get(at), after.get(at))
                for at in before | after
                if before.get(at) != after.get(at)
            ]
    return tuple(sorted(found, key=lambda change: change.on))


def _figures(kind: str, rules: Mapping[str, Any], code: str) -> dict[tuple[str, str], float]:
    """Every figure of an item by its column and place."""
    if kind == "limit":
        row, places = rules.get(code, {}), ["1", "2"]
    elif kind == "index":
        row, places = rules["breakpoints"].get(code, {}), [str(i) for i in air_tables()["iaqi"]]
    else:
        row, places = rules["items"].get(code, {}), rules["classes"]
    found: dict[tuple[str, str], float] = {}
    for column, value in row.items():
        if isinstance(value, list):
            found |= {(column, place): v for place, v in zip(places, value, strict=False)}
        elif not isinstance(value, bool):
            name, _, place = column.partition("_")
            found[name, place] = value
    return found


def _source(rules: Mapping[str, Any]) -> Source:
    dates = rules.get("from"), rules.get("until")
    return Source(rules["name"], rules["clause"], rules["confidence"], *dates)


def _main(
    values: Mapping[str, float | None],
    classes: Mapping[str, int],
    rules: Mapping[str, Any],
    *,
    lake: bool,
) -> dict[str, float | None]:
    said = water_tables()["main_pollutants"]
    bound = rules["classes"].index(said["worse_than"])
    over = {
        code: multiple_over(values[code] or 0, rules["items"][code], bound, lake=lake)
        for code in rules["items"]
        if classes.get(code, 0) > bound
    }

    def place(code: str) -> tuple[bool, int, float]:
        multiple = over[code]
        return code not in said["first"], -classes[code], 1 if multiple is None else -multiple

    return {code: over[code] for code in sorted(over, key=place)[: said["most"]]}
