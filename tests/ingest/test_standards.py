"""AQI and water class at every breakpoint and limit, by the set in force on the date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.vocabulary.errors import FaultyInput
from ingest.standards.air import air_limit, air_quality
from ingest.standards.water import water_limit, water_quality

FOLDER = Path(config.__file__).parent / "data" / "standards"
AIR = tomllib.loads((FOLDER / "air.toml").read_text(encoding="utf-8"))
WATER = tomllib.loads((FOLDER / "surface_water.toml").read_text(encoding="utf-8"))["set"][0]
OLD, NEW = date(2022, 1, 4), date(2026, 3, 1)
DATES = {"HJ 633-2012": OLD, "HJ 633-2026": NEW}
CLEAN = {"a34004": 1.0, "a34002": 1.0, "a21026": 1.0, "a21004": 1.0, "a21005": 0.1, "a05024": 1.0}


def columns() -> list[tuple[str, str, str, list[float]]]:
    """Set, code, averaging and breakpoints of every column in use."""
    found = []
    for rules in AIR["set"]:
        for code, row in rules["breakpoints"].items():
            hourly = row.get("h1", row.get("day"))
            daily = row.get("h8", row.get("day"))
            found += [
                (rules["name"], code, "hourly", hourly),
                (rules["name"], code, "daily", daily),
            ]
    return found


def iaqi(name: str, code: str, averaging: Any, value: float) -> int | None:
    """The index of one item."""
    judged = air_quality({code: value}, on=DATES[name], averaging=averaging, plan=[code])
    return judged.iaqi.get(code)


@pytest.mark.parametrize(("name", "code", "averaging", "points"), columns())
def test_a_breakpoint_has_its_index_and_the_next_value_above_it_one_more(
    name: str, code: str, averaging: str, points: list[float]
) -> None:
    """Rounded up; the neighbour is one step of the item's last digit away."""
    step = 0.1 if code == "a21005" else 1
    for index, point in zip(AIR["iaqi"][: len(points)], points, strict=True):
        assert iaqi(name, code, averaging, point) == index
        if point != points[-1]:
            above = iaqi(name, code, averaging, round(point + step, 1))
            assert above is not None
            assert above > index


@pytest.mark.parametrize(
    ("name", "code", "averaging", "value", "index"),
    [
        ("HJ 633-2026", "a34004", "hourly", 501, 500),
        ("HJ 633-2012", "a34004", "hourly", 9999, 500),
        ("HJ 633-2026", "a21026", "hourly", 801, 200),
        ("HJ 633-2012", "a21026", "hourly", 801, None),
        ("HJ 633-2026", "a05024", "daily", 801, 300),
        ("HJ 633-2012", "a05024", "daily", 801, None),
        ("HJ 633-2026", "a34004", "hourly", 60.5, 100),
        ("HJ 633-2026", "a34004", "hourly", 61.5, 102),
        ("HJ 633-2012", "a34004", "hourly", 75.1, 101),
        ("HJ 633-2026", "a21005", "hourly", 5.05, 50),
        ("HJ 633-2026", "a21005", "hourly", 5.15, 52),
    ],
)
def test_rounding_and_values_above_the_table_are_each_sets_own(
    name: str, code: str, averaging: str, value: float, index: int | None
) -> None:
    """2026 rounds the concentration first, half to even; 2012 only the index, up."""
    assert iaqi(name, code, averaging, value) == index


def test_the_set_in_force_on_the_date_judges() -> None:
    """The last day of February and the first of March 2026."""
    for on, name, aqi in (
        (date(2026, 2, 28), "HJ 633-2012", 97),
        (date(2026, 3, 1), "HJ 633-2026", 111),
    ):
        judged = air_quality(CLEAN | {"a34004": 72}, on=on, averaging="hourly")
        assert (judged.standard, judged.aqi, judged.primary) == (name, aqi, ("a34004",))


def test_items_that_tie_are_all_primary_and_below_51_there_is_none() -> None:
    """In the order of the standard."""
    tied = air_quality(CLEAN | {"a34004": 60, "a34002": 120}, on=NEW, averaging="hourly")
    clean = air_quality(CLEAN | {"a34004": 35}, on=NEW, averaging="hourly")
    assert (tied.aqi, tied.primary, tied.class_name) == (100, ("a34004", "a34002"), "良")
    assert (clean.aqi, clean.primary, clean.class_name) == (50, (), "优")


@pytest.mark.parametrize(("on", "value", "aqi"), [(NEW, 60, None), (NEW, 61, 101), (OLD, 60, 82)])
def test_a_missing_item_withholds_an_aqi_up_to_100_since_2026(
    on: date, value: float, aqi: int | None
) -> None:
    """The indices of the others are shown all the same."""
    judged = air_quality(CLEAN | {"a34004": value, "a05024": None}, on=on, averaging="hourly")
    assert (judged.aqi, judged.missing) == (aqi, ("a05024",))
    assert "a34004" in judged.iaqi
    assert (judged.level is None) == (aqi is None)


def test_an_item_outside_the_stations_plan_is_not_missing() -> None:
    """5.3.2 of HJ 633-2026."""
    plan = [code for code in CLEAN if code != "a05024"]
    judged = air_quality(
        {code: CLEAN[code] for code in plan}, on=NEW, averaging="hourly", plan=plan
    )
    assert (judged.missing, judged.aqi) == ((), 2)


@given(st.floats(0, 2000), st.floats(0, 2000), st.sampled_from(list(DATES)))
def test_more_of_it_is_never_a_lower_index(one: float, other: float, name: str) -> None:
    """PM2.5."""
    low, high = sorted((one, other))
    below, above = (iaqi(name, "a34004", "hourly", value) for value in (low, high))
    assert below is not None
    assert above is not None
    assert below <= above


ITEMS = [
    (code, item)
    for code, item in WATER["items"].items()
    if item.get("counts", True) and ("at_most" in item or "at_least" in item)
]
NAMES = [*WATER["classes"], "劣V"]


@pytest.mark.parametrize(("code", "item"), ITEMS, ids=[code for code, _ in ITEMS])
def test_a_value_at_a_limit_holds_its_class_and_beyond_it_the_next_that_it_meets(
    code: str, item: dict[str, Any]
) -> None:
    """Where classes share a limit the better one is given."""
    lower = "at_least" in item
    limits = item["at_least"] if lower else item["at_most"]
    for limit in limits:
        beyond = limit * (0.999 if lower else 1.001)
        at = limits.index(limit)
        met = [
            i for i, other in enumerate(limits) if (beyond >= other if lower else beyond <= other)
        ]
        assert water_quality({code: limit}, on=NEW).class_name == NAMES[at]
        assert water_quality({code: beyond}, on=NEW).class_name == NAMES[met[0] if met else 5]


@pytest.mark.parametrize(("value", "name"), [(6, "I"), (9, "I"), (5.99, "劣V"), (9.01, "劣V")])
def test_ph_is_within_for_every_class_or_within_none(value: float, name: str) -> None:
    """6 to 9."""
    assert water_quality({"w01001": value}, on=NEW).class_name == name


def test_the_worst_item_decides_and_the_multiple_is_over_the_target() -> None:
    """Dissolved oxygen and pH are named without a multiple."""
    values = {"w21003": 1.8, "w21011": 0.4, "w01009": 4.2, "w01019": 5.0, "w21001": 9.0}
    judged = water_quality(values, on=NEW, target="III")
    assert (judged.class_name, judged.level, judged.deciding) == (
        "V",
        "中度污染",
        ("w21003", "w21011"),
    )
    assert judged.exceeding == {"w21003": 0.8, "w21011": 1.0, "w01009": None}


def test_a_lake_has_its_own_phosphorus_limits() -> None:
    """0.05 mg/L is class III in a lake and II in a river."""
    assert water_quality({"w21011": 0.05}, on=NEW, lake=True).class_name == "III"
    assert water_quality({"w21011": 0.05}, on=NEW).class_name == "II"


def test_total_nitrogen_has_a_limit_in_lakes_only_and_is_part_of_no_class() -> None:
    """GB 3838, table 1; the method of 2011 judges it by itself."""
    assert water_limit("w21001", "III", on=NEW) is None
    assert water_limit("w21001", "III", on=NEW, lake=True) == 1.0
    judged = water_quality({"w21001": 9.0, "w21011": 0.01}, on=NEW, lake=True)
    assert (judged.class_name, judged.deciding) == ("I", ("w21011",))


@pytest.mark.parametrize(
    ("why", "on", "averaging", "eight", "hour", "index"),
    [
        ("of a day the largest hour counts where it is worse", OLD, "daily", 100.0, 250.0, 125),
        ("the 8 h mean where that is", OLD, "daily", 215.0, 250.0, 150),
        ("the hour alone where the 8 h mean is above its column", OLD, "daily", 801.0, 900.0, 350),
        ("and where no 8 h mean is valid", OLD, "daily", None, 160.0, 50),
        ("an hour is judged by itself", OLD, "hourly", 160.0, 900.0, 50),
        ("from 2026-03-01 the 8 h mean alone", NEW, "daily", 100.0, 250.0, 50),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_ozone_of_a_day_by_its_largest_hour_too_until_2026(
    why: str, on: date, averaging: Any, eight: float | None, hour: float, index: int
) -> None:
    """HJ 633-2012, table 1, notes 1 and 3; HJ 633-2026, table 3, note a."""
    judged = air_quality(
        {"a05024": eight}, on=on, averaging=averaging, plan=["a05024"], ozone_hour=hour
    )
    assert judged.iaqi["a05024"] == index


def test_without_any_value_nothing_is_claimed() -> None:
    """And what is missing is named."""
    judged = water_quality({"w21003": None}, on=NEW)
    assert (judged.class_name, judged.missing) == (None, ("w21003",))


@pytest.mark.parametrize("values", [{"x": 1.0}, {"a34004": -1.0}, {"a34004": float("inf")}])
def test_an_impossible_value_names_its_item(values: dict[str, float]) -> None:
    """Before anything is judged."""
    with pytest.raises(FaultyInput, match=next(iter(values))):
        air_quality(values, on=NEW, averaging="hourly")


@pytest.mark.parametrize(
    ("on", "limit"),
    [(OLD, 75.0), (NEW, 60.0), (date(2030, 12, 31), 60.0), (date(2031, 1, 1), 50.0)],
)
def test_limits_of_air_are_dated(on: date, limit: float) -> None:
    """PM2.5, day, class 2 areas."""
    found = air_limit("a34004", on=on, averaging="daily")
    assert found is not None
    assert found[1] == limit


def test_limits_of_water_are_those_of_the_class() -> None:
    """Ammonia."""
    assert water_limit("w21003", "III", on=NEW) == 1.0
    assert water_limit("w01001", "III", on=NEW) is None
