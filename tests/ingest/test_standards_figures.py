"""The figures written out a second time, so that a slip in the data files does not judge itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import WaterClass
from config.vocabulary.errors import FaultyInput
from ingest.standards.air import air_items, air_limit, air_quality
from ingest.standards.limits import Averaging
from ingest.standards.water import water_limit, water_limit_is_lower, water_quality

LAST_OF_2012, FIRST_OF_2026 = date(2026, 2, 28), date(2026, 3, 1)
SCALE = (0, 50, 100, 150, 200, 300, 400, 500)
BOTH = (LAST_OF_2012, FIRST_OF_2026)
Column = tuple[Averaging, str, tuple[date, ...], tuple[int, ...]]
COLUMNS: tuple[Column, ...] = (
    ("hourly", "a21026", BOTH, (0, 150, 500, 650, 800)),
    ("daily", "a21026", BOTH, (0, 50, 150, 475, 800, 1600, 2100, 2620)),
    ("hourly", "a21004", BOTH, (0, 100, 200, 700, 1200, 2340, 3090, 3840)),
    ("daily", "a21004", BOTH, (0, 40, 80, 180, 280, 565, 750, 940)),
    ("hourly", "a21005", BOTH, (0, 5, 10, 35, 60, 90, 120, 150)),
    ("daily", "a21005", BOTH, (0, 2, 4, 14, 24, 36, 48, 60)),
    ("hourly", "a05024", BOTH, (0, 160, 200, 300, 400, 800, 1000, 1200)),
    ("daily", "a05024", BOTH, (0, 100, 160, 215, 265, 800)),
    ("hourly", "a34002", (LAST_OF_2012,), (0, 50, 150, 250, 350, 420, 500, 600)),
    ("daily", "a34002", (LAST_OF_2012,), (0, 50, 150, 250, 350, 420, 500, 600)),
    ("hourly", "a34002", (FIRST_OF_2026,), (0, 50, 120, 250, 350, 420, 500, 600)),
    ("daily", "a34002", (FIRST_OF_2026,), (0, 50, 120, 250, 350, 420, 500, 600)),
    ("hourly", "a34004", (LAST_OF_2012,), (0, 35, 75, 115, 150, 250, 350, 500)),
    ("daily", "a34004", (LAST_OF_2012,), (0, 35, 75, 115, 150, 250, 350, 500)),
    ("hourly", "a34004", (FIRST_OF_2026,), (0, 35, 60, 115, 150, 250, 350, 500)),
    ("daily", "a34004", (FIRST_OF_2026,), (0, 35, 60, 115, 150, 250, 350, 500)),
)


def index_of(code: str, value: float, on: date, averaging: Averaging) -> int | None:
    """The index of one item alone."""
    return air_quality({code: value}, on=on, averaging=averaging, plan=[code]).iaqi.get(code)


def by_hand(tenths: int, points: tuple[int, ...]) -> int:
    """Interpolated and rounded up in whole numbers of a tenth, without any fraction."""
    at = next(i for i in range(1, len(points)) if tenths <= points[i] * 10)
    risen = (tenths - points[at - 1] * 10) * (SCALE[at] - SCALE[at - 1])
    return SCALE[at - 1] - (-risen // ((points[at] - points[at - 1]) * 10))


@pytest.mark.parametrize(("averaging", "code", "dates", "points"), COLUMNS)
def test_every_breakpoint_and_both_its_neighbours_have_the_index_found_by_hand(
    averaging: Averaging, code: str, dates: tuple[date, ...], points: tuple[int, ...]
) -> None:
    """A neighbour is one step of the item's last digit away."""
    step = 1 if code == "a21005" else 10
    near = {10 * point + side for point in points for side in (-step, 0, step)}
    for on in dates:
        for tenths in sorted(near):
            if 0 <= tenths <= 10 * points[-1]:
                expected = by_hand(tenths, points)
                assert index_of(code, tenths / 10, on, averaging) == expected, (on, tenths)


@given(
    st.sampled_from([(column, on) for column in COLUMNS for on in column[2]]),
    st.floats(0, 5000),
    st.floats(0, 5000),
)
def test_more_of_any_item_is_never_a_lower_index(
    case: tuple[Column, date], one: float, other: float
) -> None:
    """Above a column of 2012 that ends early there is no index to compare."""
    (averaging, code, _, _), on = case
    low, high = (index_of(code, value, on, averaging) for value in sorted((one, other)))
    assert high is None or (low is not None and low <= high)


@pytest.mark.parametrize(
    ("code", "value", "index"),
    [
        ("a34004", 34.5, 49),  # 34
        ("a34004", 35.5, 52),  # 36
        ("a34004", 36.5, 52),  # 36 once more
        ("a34004", 0.5, 0),  # 0
        ("a34004", 1.5, 3),  # 2
        ("a34004", 500.5, 500),
        ("a21026", 800.5, 200),  # 800, not above the column
        ("a21005", 0.25, 2),  # 0.2
        ("a21005", 0.35, 4),  # 0.4
    ],
)
def test_a_half_goes_to_the_even_digit_since_2026(code: str, value: float, index: int) -> None:
    """As written in decimals: 0.35 is a half, though its binary form is not."""
    assert index_of(code, value, FIRST_OF_2026, "hourly") == index


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (35, (50, "一级", "优", "green")),
        (36, (52, "二级", "良", "yellow")),
        (60, (100, "二级", "良", "yellow")),
        (61, (101, "三级", "轻度污染", "orange")),
        (115, (150, "三级", "轻度污染", "orange")),
        (116, (152, "四级", "中度污染", "red")),
        (150, (200, "四级", "中度污染", "red")),
        (151, (201, "五级", "重度污染", "purple")),
        (250, (300, "五级", "重度污染", "purple")),
        (251, (301, "六级", "严重污染", "maroon")),
        (5000, (500, "六级", "严重污染", "maroon")),
    ],
)
def test_a_level_ends_at_its_last_index(value: float, words: tuple[int, str, str, str]) -> None:
    """PM2.5 alone, since 2026."""
    judged = air_quality({"a34004": value}, on=FIRST_OF_2026, averaging="hourly", plan=["a34004"])
    assert (judged.aqi, judged.level, judged.class_name, judged.colour) == words


@pytest.mark.parametrize("on", BOTH)
def test_without_any_value_there_is_no_aqi(on: date) -> None:
    """All six items of the plan are missing."""
    judged = air_quality({}, on=on, averaging="daily")
    assert (judged.aqi, judged.primary, judged.missing) == (None, (), air_items())


def test_a_plan_with_something_else_in_it_is_refused() -> None:
    """It would silently never count."""
    with pytest.raises(FaultyInput, match="w21003: is not an item"):
        air_quality({"a34004": 1}, on=FIRST_OF_2026, averaging="hourly", plan=["a34004", "w21003"])


@pytest.mark.parametrize("value", [1e12, 1e300, float("nan"), float("-inf"), -0.1])
def test_a_value_that_no_instrument_gives_is_refused_on_air_and_water(value: float) -> None:
    """Before decimals overflow on it."""
    with pytest.raises(FaultyInput, match="a34004: .* cannot be measured"):
        air_quality({"a34004": value}, on=FIRST_OF_2026, averaging="hourly")
    with pytest.raises(FaultyInput, match="w20111: .* cannot be measured"):
        water_quality({"w20111": value}, on=FIRST_OF_2026, target="I")


AIR_LIMITS: tuple[tuple[date, Averaging, tuple[float | None, ...]], ...] = (
    # PM2.5, PM10, SO2, NO2, CO, ozone
    (LAST_OF_2012, "hourly", (None, None, 500, 200, 10, 200)),
    (LAST_OF_2012, "daily", (75, 150, 150, 80, 4, 160)),
    (FIRST_OF_2026, "hourly", (None, None, 500, 200, 10, 200)),
    (FIRST_OF_2026, "daily", (60, 120, 150, 80, 4, 160)),
    (date(2030, 12, 31), "daily", (60, 120, 150, 80, 4, 160)),
    (date(2031, 1, 1), "hourly", (None, None, 150, 200, 10, 200)),
    (date(2031, 1, 1), "daily", (50, 100, 50, 50, 4, 160)),
)


@pytest.mark.parametrize(("on", "averaging", "limits"), AIR_LIMITS)
def test_air_limits_of_class_2_areas_are_those_of_the_set_in_force(
    on: date, averaging: Averaging, limits: tuple[float | None, ...]
) -> None:
    """Ozone's daily one is that of its 8 h mean."""
    found = [air_limit(code, on=on, averaging=averaging) for code in air_items()]
    assert tuple(row[1] if row else None for row in found) == limits


NAMES: tuple[WaterClass, ...] = ("I", "II", "III", "IV", "V")
WATER_LIMITS = {
    "w01009": (7.5, 6, 5, 3, 2),
    "w01019": (2, 4, 6, 10, 15),
    "w01018": (15, 15, 20, 30, 40),
    "w01017": (3, 3, 4, 6, 10),
    "w21003": (0.15, 0.5, 1.0, 1.5, 2.0),
    "w21011": (0.02, 0.1, 0.2, 0.3, 0.4),
    "w20122": (0.01, 1, 1, 1, 1),
    "w20123": (0.05, 1, 1, 2, 2),
    "w21017": (1, 1, 1, 1.5, 1.5),
    "w20128": (0.01, 0.01, 0.01, 0.02, 0.02),
    "w20119": (0.05, 0.05, 0.05, 0.1, 0.1),
    "w20111": (0.00005, 0.00005, 0.0001, 0.001, 0.001),
    "w20115": (0.001, 0.005, 0.005, 0.005, 0.01),
    "w20117": (0.01, 0.05, 0.05, 0.05, 0.1),
    "w20120": (0.01, 0.01, 0.05, 0.05, 0.1),
    "w21016": (0.005, 0.05, 0.2, 0.2, 0.2),
    "w23002": (0.002, 0.002, 0.005, 0.01, 0.1),
    "w22001": (0.05, 0.05, 0.05, 0.5, 1.0),
    "w19002": (0.2, 0.2, 0.2, 0.3, 0.3),
    "w21019": (0.05, 0.1, 0.2, 0.5, 1.0),
}


@pytest.mark.parametrize(("code", "limits"), list(WATER_LIMITS.items()))
def test_water_limits_are_met_up_to_the_limit_itself(code: str, limits: tuple[float, ...]) -> None:
    """And exceeded just beyond it, by the target's own limit."""
    lower = water_limit_is_lower(code, on=FIRST_OF_2026)
    assert lower == (code == "w01009")
    for name, limit in zip(NAMES, limits, strict=True):
        beyond = limit * (0.999 if lower else 1.001)
        at = water_quality({code: limit}, on=FIRST_OF_2026, target=name)
        past = water_quality({code: beyond}, on=FIRST_OF_2026, target=name)
        assert water_limit(code, name, on=FIRST_OF_2026) == limit
        assert (at.class_name, at.exceeding) == (NAMES[limits.index(limit)], {})
        assert past.exceeding == {code: None if lower else 0.0}


@pytest.mark.parametrize(
    ("phosphorus", "name"),
    [(0.01, "I"), (0.025, "II"), (0.05, "III"), (0.1, "IV"), (0.2, "V"), (0.201, "劣V")],
)
def test_phosphorus_of_a_lake_has_limits_of_its_own(phosphorus: float, name: str) -> None:
    """The multiple goes by them too."""
    values = {"w21011": phosphorus}
    judged = water_quality(values, on=FIRST_OF_2026, lake=True, target="I")
    assert judged.class_name == name
    assert judged.exceeding == (
        {} if name == "I" else {"w21011": pytest.approx(phosphorus / 0.01 - 1)}
    )


@pytest.mark.parametrize("code", ["w01010", "w01014", "w01003", "w21001", "w02003"])
def test_some_items_are_shown_without_deciding(code: str) -> None:
    """Temperature, conductivity, turbidity, total nitrogen, faecal coliform: no class, no gap."""
    judged = water_quality({code: 20000, "w01009": 8}, on=FIRST_OF_2026, target="I")
    unmeasured = water_quality({code: None, "w01009": 8}, on=FIRST_OF_2026)
    assert (judged.class_name, judged.exceeding, unmeasured.missing) == ("I", {}, ())


WORDS = ("优", "优", "良好", "轻度污染", "中度污染", "重度污染")


@pytest.mark.parametrize(
    ("oxygen", "word"), list(zip((7.5, 6, 5, 3, 2, 1.99), WORDS, strict=True))
)
def test_each_water_class_has_its_word(oxygen: float, word: str) -> None:
    """Of the evaluation method of 2011."""
    assert water_quality({"w01009": oxygen}, on=FIRST_OF_2026).level == word
