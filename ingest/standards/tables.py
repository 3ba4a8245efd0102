"""The tables of the standards, which set of them is in force, and one value against one row, in
decimals as they are written. Pure; ``air`` and ``water`` make judgements of them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import config
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

Row = Mapping[str, Any]
_FOLDER = Path(config.__file__).parent / "data" / "standards"
_CEILING = 1e12
"""No item reaches it in its unit; above it sums in decimals would overflow."""


@cache
def air_tables() -> dict[str, Any]:
    """``air.toml`` as it stands; not to be changed."""
    return read_toml((_FOLDER / "air.toml"), "install Qingyuan anew")


@cache
def water_tables() -> dict[str, Any]:
    """``surface_water.toml`` as it stands; not to be changed."""
    return read_toml((_FOLDER / "surface_water.toml"), "install Qingyuan anew")


def in_force(sets: list[dict[str, Any]], on: date) -> dict[str, Any]:
    """The one of dated sets that holds on a date.

    Raises:
        FaultyInput: none does.
    """
    for row in sets:
        if row.get("from", date.min) <= on <= row.get("until", date.max):
            return row
    first = min(row.get("from", date.min) for row in sets)
    fault = Fault("--on", f"no standard is known for {on}", f"give a date from {first} on")
    raise FaultyInput([fault])


def rounded(value: float, decimals: int) -> Decimal:
    """Half to even, of the decimal that is written: 0.35 is a half, though its binary form is not
    (GB/T 8170).
    """
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)


def index_of(
    value: float, row: Row, column: str, scale: Sequence[int], decimals: int | None
) -> int | None:
    """IAQI of a concentration, rounded up; None above a column that ends early. ``decimals``: the
    concentration is rounded first.
    """
    points = row[column]
    concentration = Decimal(str(value)) if decimals is None else rounded(value, decimals)
    if concentration > points[-1]:
        if len(points) == len(scale):
            return scale[-1]
        beyond: int | None = row.get(f"{column}_beyond")
        return beyond
    i = next(i for i in range(1, len(points)) if concentration <= points[i])
    risen = (concentration - points[i - 1]) * (scale[i] - scale[i - 1])
    index = risen / (points[i] - points[i - 1]) + scale[i - 1]
    return int(index.to_integral_value(ROUND_CEILING))


def limits_in(row: Row, *, lake: bool) -> list[float]:
    """Limits of an item from the best class to the worst; none where it has none in such water."""
    found: list[float] = row.get("lake" if lake and "lake" in row else "at_most", [])
    return found or row.get("at_least", [])


def limit_of(row: Row, at: int, *, lake: bool) -> float | None:
    """The limit of the class at a place."""
    limits = limits_in(row, lake=lake)
    return float(limits[at]) if limits else None


def class_of(value: float, row: Row, *, lake: bool) -> int:
    """Place of the class that an item meets; the number of classes where it meets none."""
    if "low" in row:
        return 0 if row["low"] <= value <= row["high"] else 5
    limits = limits_in(row, lake=lake)
    lower = "at_least" in row
    met = (i for i, limit in enumerate(limits) if (value >= limit if lower else value <= limit))
    return next(met, len(limits))


def multiple_over(value: float, row: Row, at: int, *, lake: bool) -> float | None:
    """Multiple of exceedance over the limit of the class at a place, to two decimals; None where
    the method gives none.
    """
    limit = limit_of(row, at, lake=lake)
    if limit is None or not row.get("multiple", True):
        return None
    return exceedance(Decimal(str(value)), Decimal(str(limit)))


def exceedance(value: Decimal, limit: Decimal) -> float:
    """Multiple of exceedance over a limit, to two decimals, half to even."""
    return float(((value - limit) / limit).quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def check(values: Mapping[str, float | None], known: Collection[str]) -> None:
    """Refuse what no set knows and no instrument gives.

    Raises:
        FaultyInput: an unknown code or an impossible value.
    """
    faults = []
    for code, value in values.items():
        if code not in known:
            remedy = f"use one of {', '.join(known)}"
            faults.append(Fault(code, "is not an item of this standard", remedy))
        elif value is not None and not possible(code, value):
            faults.append(
                Fault(code, f"{value} cannot be measured", "give a value from 0 up in its unit")
            )
    if faults:
        raise FaultyInput(faults)


def possible(code: str, value: float) -> bool:
    """Whether an instrument could measure it."""
    return math.isfinite(value) and abs(value) < _CEILING and (value >= 0 or code == "w01010")
