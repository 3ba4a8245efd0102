"""Judgement of columns as of single values, each row by the set in force on its own date. Pure.

``standards`` judges one hour, day or section; here the same tables judge whole columns, in numpy
and without a decimal, to the same result. That holds because a double that is written in decimals
stands on the same side of a decimal figure of at most 15 digits as that figure's own double, and
is that double where they are equal. So thresholds are taken from the tables exactly, and doubles
are compared with them; nothing is ever computed from a measured value.

Dates are those of Asia/Shanghai; ``begin_ms`` is UTC epoch ms. NaN means: no value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import WaterClass
from config.vocabulary.time import DAY_MS, EAST_MS
from ingest.standards.air import INDEX_COLUMNS, OZONE, counts_ozone_hour
from ingest.standards.limits import Averaging, decimals_of
from ingest.standards.tables import (
    Row,
    air_tables,
    check,
    in_force,
    limit_of,
    limits_in,
    water_tables,
)

Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int16]

NONE = -1
"""Stands in a column of whole numbers where none is given."""


@dataclass(frozen=True, slots=True)
class AirColumns:
    """AQI of many hours or days; columns are as long as those judged, by code where they are
    several. ``NONE`` where there is none.
    """

    names: tuple[str, ...]
    """Sets of HJ 633; ``standard`` has the place of each row's."""
    standard: Numbers
    aqi: Numbers
    levels: tuple[tuple[str, str, str], ...]
    """Level, class and colour; ``level`` has the place of each row's."""
    level: Numbers
    iaqi: dict[str, Numbers]
    primary: dict[str, Flags]
    missing: dict[str, Flags]


@dataclass(frozen=True, slots=True)
class WaterColumns:
    """Classes of many sections or hours; columns are as long as those judged, by code where they
    are several. ``NONE`` where there is none, NaN for a multiple.
    """

    names: tuple[str, ...]
    """Sets of the standard; ``standard`` has the place of each row's."""
    standard: Numbers
    classes: tuple[str, ...]
    """From I to worse than V; ``class_index`` has the place of each row's."""
    class_index: Numbers
    deciding: dict[str, Flags]
    exceeding: dict[str, Flags]
    """Worse than the target."""
    multiple: dict[str, Values]
    """Over the target, of what exceeds it and has one."""
    codes: tuple[str, ...]
    main: Numbers
    """Places in ``codes`` of the main pollutants, shape (3, rows), the first one first."""


def air_indices(
    values: Mapping[str, Values],
    begin_ms: Instants,
    *,
    averaging: Averaging,
    plan: Collection[str] | None = None,
    ozone_hour: Values | None = None,
) -> AirColumns:
    """AQI of every row, see ``standards.air_quality``: what of the plan (all six items by default)
    has no column or no value is missing. ``ozone_hour``: of days, ozone's largest hourly means.

    Raises:
        FaultyInput: an unknown code or an impossible concentration.
    """
    air = air_tables()
    _check({**dict.fromkeys(plan or ()), **values}, air["items"])
    _check({OZONE: ozone_hour}, air["items"])
    codes = [code for code in air["items"] if plan is None or code in plan]
    nothing = np.full(len(begin_ms), np.nan)
    given = np.array([values.get(code, nothing) for code in codes])
    given = given.reshape(len(codes), len(begin_ms))
    missing = np.isnan(given)
    iaqi = np.full(given.shape, NONE, np.int16)
    standard, withheld = np.empty(len(begin_ms), np.int16), np.zeros(len(begin_ms), np.bool_)
    for at, rules, rows in _sets(air["set"], begin_ms):
        standard[rows] = at
        withheld[rows] = rules["missing_withholds"] & missing[:, rows].any(0)
        for i, code in enumerate(codes):
            iaqi[i, rows] = _iaqi(given[i, rows], at, code, _column(at, code, averaging))
            if code == OZONE and ozone_hour is not None and counts_ozone_hour(rules, averaging):
                of_hour = _iaqi(ozone_hour[rows], at, code, "h1")
                iaqi[i, rows] = np.maximum(iaqi[i, rows], of_hour)
    aqi = iaqi.max(0, initial=NONE)
    aqi[withheld & (aqi <= 100)] = NONE
    level = np.searchsorted([row["upto"] for row in air["level"]], aqi).astype(np.int16)
    level[aqi == NONE] = NONE
    primary = (iaqi == aqi) & (aqi > 50)
    return AirColumns(
        names=tuple(row["name"] for row in air["set"]),
        standard=standard,
        aqi=aqi,
        levels=tuple((row["name"], row["class"], row["colour"]) for row in air["level"]),
        level=level,
        iaqi=dict(zip(codes, iaqi, strict=True)),
        primary=dict(zip(codes, primary, strict=True)),
        missing=dict(zip(codes, missing, strict=True)),
    )


def water_classes(
    values: Mapping[str, Values],
    begin_ms: Instants,
    *,
    target: WaterClass | None = None,
    lake: bool = False,
) -> WaterColumns:
    """Class of every row, see ``standards.water_quality``; what does not count decides nothing.

    Raises:
        FaultyInput: an unknown code, an impossible value, or a date before the first set.
    """
    water = water_tables()
    known = dict.fromkeys(code for rules in water["set"] for code in rules["items"])
    _check(values, known)
    said, classes = water["main_pollutants"], water["set"][0]["classes"]
    bound = classes.index(said["worse_than"])
    standing = classes.index(target) if target else len(classes)
    codes = [code for code in known if code in values]
    shape = (len(codes), len(begin_ms))
    found = np.full(shape, NONE, np.int16)
    over, over_bound = np.full(shape, np.nan), np.full(shape, np.nan)
    standard = np.empty(len(begin_ms), np.int16)
    for at, rules, rows in _sets(water["set"], begin_ms):
        standard[rows] = at
        for i, code in enumerate(codes):
            item, value = rules["items"].get(code, {}), values[code][rows]
            if not item.get("counts", bool(item)):
                continue
            found[i, rows] = _class(value, item, lake=lake)
            over_bound[i, rows] = _multiple(value, item, bound, lake=lake)
            if target:
                over[i, rows] = _multiple(value, item, standing, lake=lake)
    worst, exceeding = found.max(0, initial=NONE), found > standing
    first = np.array([code in said["first"] for code in codes], np.bool_)
    return WaterColumns(
        names=tuple(row["name"] for row in water["set"]),
        standard=standard,
        classes=(*classes, water["set"][0]["beyond"]),
        class_index=worst,
        deciding=dict(zip(codes, (found == worst) & (worst != NONE), strict=True)),
        exceeding=dict(zip(codes, exceeding, strict=True)),
        multiple=dict(zip(codes, np.where(exceeding, over, np.nan), strict=True)),
        codes=tuple(codes),
        main=_main(found, over_bound, first, bound, said["most"]),
    )


def _check(values: Mapping[str, Values | None], known: Collection[str]) -> None:
    """Extremes stand for their columns."""
    for extreme in (np.fmin, np.fmax):
        ends = {}
        for code, column in values.items():
            end = np.nan if column is None else extreme.reduce(column, initial=np.nan)
            ends[code] = None if np.isnan(end) else float(end)
        check(ends, known)


def _sets(
    sets: Sequence[dict[str, Any]], begin_ms: Instants
) -> Iterator[tuple[int, dict[str, Any], Flags]]:
    """Each set that judges some rows: its place, itself, and which rows.

    Raises:
        FaultyInput: a row lies before the first set.
    """
    day = (begin_ms + EAST_MS) // DAY_MS
    epoch = date(1970, 1, 1)
    if len(day):
        for edge in (day.min(), day.max()):
            in_force(list(sets), epoch + timedelta(days=int(edge)))
    for at, rules in enumerate(sets):
        first, last = rules.get("from", date.min), rules.get("until", date.max)
        rows = (day >= (first - epoch).days) & (day <= (last - epoch).days)
        if rows.any():
            yield at, rules, rows


def _column(at: int, code: str, averaging: Averaging) -> str:
    """The column of a set by which an item is judged."""
    row = air_tables()["set"][at]["breakpoints"][code]
    return next(name for name in INDEX_COLUMNS[averaging] if name in row)


def _iaqi(value: Values, at: int, code: str, column: str) -> Numbers:
    rules = air_tables()["set"][at]
    row = rules["breakpoints"][code]
    if rules["round_concentration"]:
        unit = 10 ** decimals_of(code)
        value = _half_even(value, 0, 1, unit) / unit
    thresholds = _thresholds(at, code, column)
    found = np.searchsorted(thresholds, value).astype(np.int16)
    full = len(row[column]) == len(air_tables()["iaqi"])
    beyond = air_tables()["iaqi"][-1] if full else row.get(f"{column}_beyond", NONE)
    found[value > thresholds[-1]] = beyond
    found[np.isnan(value)] = NONE
    return found


@cache
def _thresholds(at: int, code: str, column: str) -> Values:
    """The highest concentration of every index from 0 on, in the column of a set."""
    scale, points = air_tables()["iaqi"], air_tables()["set"][at]["breakpoints"][code][column]
    found = [Decimal(0)]
    for i in range(1, len(points)):
        step = Decimal(points[i] - points[i - 1]) / (scale[i] - scale[i - 1])
        found += [points[i - 1] + step * k for k in range(1, scale[i] - scale[i - 1] + 1)]
    return np.array([float(figure) for figure in found])


def _class(value: Values, row: Row, *, lake: bool) -> Numbers:
    """Place of the class that each value meets; the number of classes where it meets none."""
    if "low" in row:
        found = np.where((row["low"] <= value) & (value <= row["high"]), 0, 5)
    else:
        sign = -1 if "at_least" in row else 1
        found = np.searchsorted(sign * np.array(limits_in(row, lake=lake)), sign * value)
    return np.where(np.isnan(value), NONE, found).astype(np.int16)


def _multiple(value: Values, row: Row, at: int, *, lake: bool) -> Values:
    """Multiples over the limit of the class at a place; NaN where the method gives none. Exact up
    to a billion times the limit.
    """
    limit = limit_of(row, at, lake=lake)
    if limit is None or not row.get("multiple", True):
        return np.full(len(value), np.nan)
    top, bottom = Decimal(str(limit)).as_integer_ratio()
    return _half_even(value, 100 * top, top, 100 * bottom) / 100


def _half_even(value: Values, offset: int, step: int, unit: int) -> Values:
    """The whole n for which ``(offset + step n) / unit`` is nearest, the even one of two.

    A computed index may be one off near the middle of two; the middles themselves, made of whole
    numbers by one division, decide.
    """
    n = np.rint((value * unit - offset) / step)
    below = (2 * offset + step * (2 * n - 1)) / (2 * unit)
    above = (2 * offset + step * (2 * n + 1)) / (2 * unit)
    odd = n % 2 == 1
    n -= (value < below) | ((value == below) & odd)
    n += (value > above) | ((value == above) & odd)
    return n


def _main(found: Numbers, over: Values, first: Flags, bound: int, most: int) -> Numbers:
    """Places of the main pollutants of each row: those of ``first``, then by class, then by
    multiple; an item without one comes last in its class, and ties stand in the standard's order.
    """
    out = found <= bound
    rank = np.lexsort((-np.nan_to_num(over, nan=-1), -found, ~first[:, None] | out, out), axis=0)
    main = np.full((most, found.shape[1]), NONE, np.int16)
    top = rank[:most]
    main[: len(top)] = np.where(np.take_along_axis(out, top, 0), NONE, top)
    return main
