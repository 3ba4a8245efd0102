"""Class and exceedance of surface water by the set of GB 3838 in force on a date. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.catalogue.shapes import WaterClass
from ingest.standards.tables import (
    check,
    class_of,
    in_force,
    limit_of,
    multiple_over,
    water_tables,
)


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


def water_items() -> tuple[str, ...]:
    """Codes of the items that make the class of water (GB 3838), in the order of its table."""
    items = {code: of for rules in water_tables()["set"] for code, of in rules["items"].items()}
    return tuple(code for code, item in items.items() if item.get("counts", True))


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


def water_class_names() -> tuple[str, ...]:
    """Classes of GB 3838 from the best on, and the one beyond them."""
    return (*(rules := water_tables()["set"][0])["classes"], rules["beyond"])


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

    def entry(code: str) -> tuple[bool, int, float]:
        multiple = over[code]
        return code not in said["first"], -classes[code], 1 if multiple is None else -multiple

    return {code: over[code] for code in sorted(over, key=entry)[: said["most"]]}
