"""What a page may say of how an indicator is judged, and of when that changes."""

from __future__ import annotations

from datetime import date

import pytest

from config.vocabulary.errors import FaultyInput
from config.vocabulary.indicators import INDICATORS
from ingest.standards.air import air_items, sensitive_groups
from ingest.standards.changes import Change, changes
from ingest.standards.limits import (
    AirLimits,
    WaterLimits,
    completeness,
    limits_of,
)

LAST_OF_2012, TURN, NEXT = date(2026, 2, 28), date(2026, 3, 1), date(2031, 1, 1)


def air(code: str, on: date) -> AirLimits:
    """Limits of an item of air."""
    found = limits_of(code, on)
    assert isinstance(found, AirLimits)
    return found


def water(code: str) -> WaterLimits:
    """Limits of an item of water."""
    found = limits_of(code, TURN)
    assert isinstance(found, WaterLimits)
    return found


@pytest.mark.parametrize(
    ("on", "limits", "index", "days"),
    [
        (LAST_OF_2012, "GB 3095-2012", "HJ 633-2012", (None, LAST_OF_2012)),
        (TURN, "GB 3095-2026 (transition)", "HJ 633-2026", (TURN, date(2030, 12, 31))),
        (NEXT, "GB 3095-2026", "HJ 633-2026", (NEXT, None)),
    ],
)
def test_limits_of_air_name_their_sets_and_the_days_they_hold_on(
    on: date, limits: str, index: str, days: tuple[date | None, date | None]
) -> None:
    """On the first and the last of them."""
    found = air("a34004", on)
    assert (found.limits_from.standard, found.index_from.standard) == (limits, index)
    assert (found.limits_from.since, found.limits_from.until) == days
    assert all((found.limits_from.clause, found.limits_from.confidence, found.index_from.clause))


def test_limits_of_air_have_both_classes_of_areas_and_the_points_of_the_index() -> None:
    """A column that ends early has fewer points than the scale."""
    found = air("a34004", TURN)
    assert found.limits == {"year": (15, 30), "day": (35, 60)}
    assert found.index == {"day": (0, 35, 60, 115, 150, 250, 350, 500)}
    assert found.scale == (0, 50, 100, 150, 200, 300, 400, 500)
    ozone = air("a05024", TURN)
    assert (list(ozone.limits), list(ozone.index)) == (["h8", "h1"], ["h8", "h1"])
    assert len(ozone.index["h8"]) == 6


def test_limits_of_water_say_whether_they_are_lower_ones_and_whether_they_count() -> None:
    """Limits, a span, or neither."""
    oxygen, ph, phosphorus = water("w01009"), water("w01001"), water("w21011")
    assert (oxygen.limits, oxygen.lower, oxygen.counts) == ((7.5, 6, 5, 3, 2), True, True)
    assert (ph.limits, ph.within, ph.lower) == ((), (6, 9), False)
    assert phosphorus.lake == (0.01, 0.025, 0.05, 0.1, 0.2)
    assert phosphorus.limits_in(lake=True) == phosphorus.lake
    assert phosphorus.limits_in(lake=False) == (0.02, 0.1, 0.2, 0.3, 0.4)
    nitrogen = water("w21001")
    assert (nitrogen.counts, nitrogen.limits_in(lake=False)) == (False, ())
    assert nitrogen.limits_in(lake=True) == (0.2, 0.5, 1.0, 1.5, 2.0)
    turbidity = water("w01003")
    assert (turbidity.limits, turbidity.within, turbidity.counts) == ((), None, False)
    assert (oxygen.limits_from.standard, oxygen.classes[2]) == ("GB 3838-2002", "III")


def test_what_no_standard_names_has_no_limits() -> None:
    """Weather; and every other indicator has some answer."""
    silent = {code for code in INDICATORS if limits_of(code, TURN) is None}
    assert silent == {code for code in INDICATORS if code.startswith("a01")}
    with pytest.raises(FaultyInput, match="no standard is known"):
        limits_of("w21003", date(2002, 5, 31))


def test_changes_of_fine_particles_are_those_of_both_dates() -> None:
    """Limits of class 1 and class 2 areas, and the points of the index."""
    found = changes("a34004")
    new, last = "GB 3095-2026 (transition)", "GB 3095-2026"
    assert found == (
        Change(TURN, new, "limit", "year", "2", 35, 30),
        Change(TURN, new, "limit", "day", "2", 75, 60),
        Change(TURN, "HJ 633-2026", "index", "day", "100", 75, 60),
        Change(NEXT, last, "limit", "year", "1", 15, 10),
        Change(NEXT, last, "limit", "year", "2", 30, 25),
        Change(NEXT, last, "limit", "day", "1", 35, 25),
        Change(NEXT, last, "limit", "day", "2", 60, 50),
    )


def test_an_index_that_only_a_later_set_gives_is_a_change_from_none() -> None:
    """Sulphur dioxide above 800 µg/m³ in an hour, ozone above 800 µg/m³ in 8 hours."""
    name = "HJ 633-2026"
    assert changes("a21026")[0] == Change(TURN, name, "index", "h1", "beyond", None, 200)
    assert changes("a05024") == (Change(TURN, name, "index", "h8", "beyond", None, 300),)


@pytest.mark.parametrize("code", ["a21005", "w21003", "w01001", "a01001"])
def test_what_stays_as_it_is_has_no_changes(code: str) -> None:
    """Carbon monoxide, water, weather."""
    assert changes(code) == ()


def test_sensitive_groups_are_named_above_an_index_of_100() -> None:
    """Not at it."""
    assert sensitive_groups("a34004", 100) == ()
    assert "老年人" in sensitive_groups("a34004", 101)
    assert sensitive_groups("a21005", 300) == ("心血管系统疾病患者",)
    assert all(sensitive_groups(code, 101) for code in air_items())
    assert sensitive_groups("clause", 200) == sensitive_groups("w21003", 200) == ()


def test_completeness_is_that_of_the_standards() -> None:
    """Written out a second time."""
    asked = completeness()
    assert (asked.hour_minutes, asked.day_hours) == (45, 20)
    assert (asked.ozone_8h_hours, asked.ozone_hours_of_day, asked.ozone_day_sliding) == (
        6,
        (8, 24),
        14,
    )
    assert (asked.month_days, asked.february_days, asked.year_days) == (27, 25, 324)
