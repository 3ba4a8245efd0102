"""Columns are judged as single values are, row by row."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue.shapes import WaterClass
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import HOUR_MS
from ingest.standards.air import air_items, air_quality
from ingest.standards.columns import (
    NONE,
    AirColumns,
    WaterColumns,
    air_indices,
    water_classes,
)
from ingest.standards.limits import Averaging
from ingest.standards.tables import air_tables, water_tables
from ingest.standards.water import water_quality
from tests.conftest import examples

EPOCH = date(1970, 1, 1)
TURN = date(2026, 3, 1)
HOUR = "ozone of an hour"
CLASSES: tuple[WaterClass, ...] = ("I", "II", "III", "IV", "V")


def midnight(on: date) -> int:
    """Beginning of a day in Shanghai, UTC epoch ms."""
    return (on - EPOCH).days * 24 * HOUR_MS - 8 * HOUR_MS


def near(figures: list[float]) -> st.SearchStrategy[float]:
    """On figures of the tables, half-way between them, a little beside, and their neighbours."""
    halves = [(one + other) / 2 for one in figures for other in figures]
    steps = [0, 0.05, 0.1, 0.4999, 0.5, 0.5001, 1e-4, 1e-9]
    some = st.builds(
        lambda f, s, sign: max(0.0, f + sign * s),
        *map(st.sampled_from, ([*figures, *halves], steps, (-1, 1))),
    )
    return st.one_of(
        some, some.map(lambda v: float(np.nextafter(v, 1e9))), some.map(lambda v: round(v, 4))
    )


@cache
def concentrations(code: str) -> st.SearchStrategy[float | None]:
    """Of an item of air, or none."""
    rows = [rules["breakpoints"][code] for rules in air_tables()["set"]]
    figures = sorted(
        {float(p) for row in rows for c in row.values() if isinstance(c, list) for p in c}
    )
    decimals = st.integers(0, 10_000_000).map(lambda n: n / 10_000)
    return st.one_of(st.none(), near(figures), decimals, st.floats(0, 5000))


@cache
def waters(code: str) -> st.SearchStrategy[float | None]:
    """Values of an item of water, or none."""
    row = water_tables()["set"][0]["items"][code]
    figures = [float(f) for c in row.values() for f in (c if isinstance(c, list) else [c])]
    # Where multiples of a limit turn, by half hundredths.
    turns = st.builds(
        lambda f, n: f * (1 + n / 200), st.sampled_from(figures), st.integers(0, 2000)
    )
    return st.one_of(
        st.none(),
        near(figures),
        turns,
        turns.map(lambda v: float(f"{v:.10g}")),
        st.floats(0, 1000),
    )


@st.composite
def air_rows(draw: st.DrawFn) -> tuple[list[date], list[dict[str, float | None]]]:
    """Days around the change of sets and what was measured on them."""
    items = {code: concentrations(code) for code in air_items()}
    row_of = st.fixed_dictionaries(items | {HOUR: concentrations("a05024")})
    rows = draw(st.lists(row_of, min_size=1, max_size=4))
    return [TURN + timedelta(days=draw(st.integers(-1, 1))) for _ in rows], rows


def columns(rows: list[dict[str, float | None]]) -> dict[str, Any]:
    """Rows side by side, NaN for None."""
    return {code: np.array([row[code] for row in rows], np.float64) for code in rows[0]}


def air_row(found: AirColumns, row: int) -> tuple[Any, ...]:
    """What a column says of a row, in the words of a single judgement."""
    aqi = int(found.aqi[row])
    return (
        found.names[found.standard[row]],
        None if aqi == NONE else aqi,
        *((None, None, None) if found.level[row] == NONE else found.levels[found.level[row]]),
        tuple(code for code, column in found.primary.items() if column[row]),
        {code: int(c[row]) for code, c in found.iaqi.items() if c[row] != NONE},
        tuple(code for code, column in found.missing.items() if column[row]),
    )


@settings(deadline=None, max_examples=examples(200))
@given(
    air_rows(),
    st.sampled_from(["hourly", "daily"]),
    st.none() | st.sets(st.sampled_from(air_items())),
)
def test_air_columns_say_of_every_row_what_a_single_judgement_says(
    case: tuple[list[date], list[dict[str, float | None]]],
    averaging: Averaging,
    plan: set[str] | None,
) -> None:
    """AQI, indices, primaries, level and what is missing, on both sides of the change."""
    on, rows = case
    begin = np.array([midnight(day) + 7 * HOUR_MS for day in on], np.int64)
    given = columns(rows)
    hour = given.pop(HOUR)
    found = air_indices(given, begin, averaging=averaging, plan=plan, ozone_hour=hour)
    for row, (day, values) in enumerate(zip(on, rows, strict=True)):
        alone = values.pop(HOUR)
        one = air_quality(values, on=day, averaging=averaging, plan=plan, ozone_hour=alone)
        words = (one.level, one.class_name, one.colour)
        expected = (one.standard, one.aqi, *words, one.primary, one.iaqi, one.missing)
        assert air_row(found, row) == expected


@pytest.mark.parametrize("averaging", ["hourly", "daily"])
@pytest.mark.parametrize("code", air_items())
def test_every_tenth_of_a_concentration_has_the_index_of_the_single_judgement(
    code: str, averaging: Averaging
) -> None:
    """By both sets, beyond the end of every column."""
    tenths = np.arange(0, 42_000, 7) / 10
    for on in (TURN - timedelta(days=1), TURN):
        begin = np.full(len(tenths), midnight(on), np.int64)
        found = air_indices({code: tenths}, begin, averaging=averaging, plan=[code])
        for value, index in zip(tenths.tolist(), found.iaqi[code].tolist(), strict=True):
            one = air_quality({code: value}, on=on, averaging=averaging, plan=[code])
            assert one.iaqi.get(code, NONE) == index


def test_the_set_changes_at_midnight_in_shanghai() -> None:
    """The last millisecond of February 2026 and the first of March."""
    begin = np.array([midnight(TURN) - 1, midnight(TURN)], np.int64)
    found = air_indices(
        {"a34004": np.array([72.0, 72.0])}, begin, averaging="hourly", plan=["a34004"]
    )
    assert [found.names[i] for i in found.standard] == ["HJ 633-2012", "HJ 633-2026"]
    assert found.aqi.tolist() == [97, 111]


def test_a_missing_item_withholds_only_what_is_not_above_100() -> None:
    """Of the plan; an absent column is missing throughout (HJ 633-2026, 5.3.1 and 5.3.2)."""
    value, begin = np.array([60.0, 61.0, np.nan]), np.full(3, midnight(TURN), np.int64)
    two = air_indices({"a34004": value}, begin, averaging="hourly", plan=["a34004", "a05024"])
    alone = air_indices({"a34004": value}, begin, averaging="hourly", plan=["a34004"])
    assert two.aqi.tolist() == [NONE, 101, NONE]
    assert two.missing["a05024"].all()
    assert alone.aqi.tolist() == [100, 101, NONE]
    assert two.iaqi["a34004"].tolist() == alone.iaqi["a34004"].tolist() == [100, 101, NONE]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"x": [1.0]}, "x: is not an item"),
        ({"a34004": [5.0, -1.0]}, "a34004: -1.0 cannot be measured"),
        ({"a34004": [np.inf, 1.0]}, "a34004: inf cannot be measured"),
    ],
)
def test_a_column_with_an_impossible_value_names_its_item(
    values: dict[str, list[float]], names: str
) -> None:
    """Wherever in the column it stands."""
    given = {code: np.array(column) for code, column in values.items()}
    begin = np.full(len(next(iter(given.values()))), midnight(TURN), np.int64)
    with pytest.raises(FaultyInput, match=names):
        air_indices(given, begin, averaging="hourly")


def test_columns_without_rows_or_items_are_judged_to_nothing() -> None:
    """No hour, or nothing measured."""
    none = np.zeros(0, np.int64)
    assert len(air_indices({}, none, averaging="daily").aqi) == 0
    assert water_classes({}, none).main.shape == (3, 0)
    one = np.array([midnight(TURN)], np.int64)
    assert air_indices({}, one, averaging="daily", plan=[]).aqi.tolist() == [NONE]
    empty = water_classes({}, one)
    assert (empty.class_index.tolist(), empty.main.tolist()) == ([NONE], [[NONE]] * 3)


def water_row(found: WaterColumns, row: int) -> tuple[Any, ...]:
    """Class, deciding items and multiples of a row."""
    at = found.class_index[row]
    multiples = {
        code: None if np.isnan(found.multiple[code][row]) else float(found.multiple[code][row])
        for code, column in found.exceeding.items()
        if column[row]
    }
    return (
        found.names[found.standard[row]],
        None if at == NONE else found.classes[at],
        tuple(code for code, column in found.deciding.items() if column[row]),
        multiples,
        [found.codes[i] for i in found.main[:, row] if i != NONE],
    )


@settings(deadline=None, max_examples=examples(200))
@given(st.data(), st.none() | st.sampled_from(CLASSES), st.booleans())
def test_water_columns_say_of_every_row_what_a_single_judgement_says(
    data: st.DataObject, target: WaterClass | None, lake: bool
) -> None:
    """Class, deciding items, multiples over the target, main pollutants in order."""
    items = list(water_tables()["set"][0]["items"])
    chosen = data.draw(st.lists(st.sampled_from(items), min_size=1, max_size=6, unique=True))
    codes = sorted(chosen, key=items.index)
    row_of = st.fixed_dictionaries({code: waters(code) for code in codes})
    # Items that tie in deciding are named in the order in which a caller gives them.
    drawn = data.draw(st.lists(row_of, min_size=1, max_size=3))
    rows = [{code: row[code] for code in codes} for row in drawn]
    begin = np.full(len(rows), midnight(TURN), np.int64)
    found = water_classes(columns(rows), begin, target=target, lake=lake)
    for row, values in enumerate(rows):
        one = water_quality(values, on=TURN, target=target, lake=lake)
        expected = (one.standard, one.class_name, one.deciding, one.exceeding, list(one.main))
        assert water_row(found, row) == expected


@pytest.mark.parametrize("code", ["w21003", "w21011", "w20111", "w01019"])
def test_multiples_turn_at_half_hundredths_as_decimals_do(code: str) -> None:
    """0.005 rounds to 0.00 and 0.015 to 0.02, whatever their binary form."""
    limit = {"w21003": 0.15, "w21011": 0.02, "w20111": 0.00005, "w01019": 2.0}[code]
    value = np.array([float(f"{limit * (1 + n / 200):.12g}") for n in range(1, 4000)])
    begin = np.full(len(value), midnight(TURN), np.int64)
    found = water_classes({code: value}, begin, target="I").multiple[code]
    single = [
        water_quality({code: v}, on=TURN, target="I").exceeding[code] for v in value.tolist()
    ]
    assert found.tolist() == single


def test_main_pollutants_go_by_class_then_by_multiple_and_metals_come_first() -> None:
    """Surface water evaluation method of 2011; at most three, and none up to class III."""
    values = {
        "w01009": 1.0,  # worse than V, without a multiple
        "w01019": 30.0,  # worse than V, 4.0
        "w21003": 1.5,  # IV, 0.5
        "w21011": 0.41,  # worse than V, 1.05
        "w20120": 0.06,  # lead: V, 0.2
    }
    worst = water_quality(values, on=TURN)
    assert list(worst.main.items()) == [("w20120", 0.2), ("w01019", 4.0), ("w21011", 1.05)]
    rest = {code: values[code] for code in ("w01009", "w21003", "w21011")}
    assert list(water_quality(rest, on=TURN).main) == ["w21011", "w01009", "w21003"]
    assert water_quality({"w21003": 1.0, "w01019": 6.0}, on=TURN).main == {}


def test_main_pollutants_that_tie_stand_in_the_standards_order() -> None:
    """Not in that of the reading."""
    judged = water_quality({"w21011": 0.3, "w21003": 1.5, "w01019": 9.0}, on=TURN)
    assert list(judged.main) == ["w01019", "w21003", "w21011"]
    assert set(judged.main.values()) == {0.5}


def test_water_before_its_first_set_is_not_judged() -> None:
    """GB 3838 in force from June 2002."""
    begin = np.array([midnight(TURN), midnight(date(2002, 5, 31))], np.int64)
    with pytest.raises(FaultyInput, match="no standard is known for 2002-05-31"):
        water_classes({"w21003": np.array([1.0, 1.0])}, begin)
