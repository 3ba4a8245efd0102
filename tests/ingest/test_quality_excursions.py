"""Leaving a level in a step and coming back in a step: what is one, and what water does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from config.catalogue.quality import Excursion, defaults
from config.vocabulary.time import HOUR_MS
from ingest.quality.excursions import excursions

QUARTER_MS = HOUR_MS // 4
RULE = Excursion(hours=6, settle_hours=1, below=(3, 0), above=(3, 0))
CALM = [10.0] * 8
"""Long enough to be a level, and to count as one again."""


def reported(
    column: Sequence[float],
    rule: Excursion = RULE,
    *,
    holes: Sequence[tuple[int, int]] = (),
    usual: tuple[float, float] = (0, 99),
) -> list[int]:
    """Rows of a column a quarter of an hour apart; a hole is so many quarters behind a row."""
    t = np.arange(len(column), dtype=np.int64) * QUARTER_MS
    for row, quarters in holes:
        t[row + 1 :] += quarters * QUARTER_MS
    value = np.array(column, np.float64)
    plausible = (value >= usual[0]) & (value <= usual[1])
    return np.flatnonzero(excursions(t, value, plausible, rule, HOUR_MS)).tolist()


def between(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


@pytest.mark.parametrize("away", [50.0, 6.9, 13.1])
@pytest.mark.parametrize("rows", [1, 2, 7, 15])
def test_what_lies_between_two_steps_is_reported(away: float, rows: int) -> None:
    """Upwards and downwards, be it one row or many."""
    assert reported([*CALM, *[away] * rows, *CALM]) == between(8, 7 + rows)


@pytest.mark.parametrize("away", [7.1, 12.9])
def test_a_step_within_what_the_water_does_is_none(away: float) -> None:
    assert reported([*CALM, away, away, *CALM]) == []


def test_each_way_has_its_own_step() -> None:
    """One that is not given is never asked."""
    assert reported([*CALM, 50, *CALM], replace(RULE, above=None)) == []
    assert reported([*CALM, 2, *CALM], replace(RULE, below=None)) == []
    assert reported([*CALM, 2, *CALM], replace(RULE, above=None)) == [8]


def test_a_step_grows_with_the_level_it_leaves() -> None:
    rule = replace(RULE, above=(3, 0.5))
    assert reported([*CALM, 17.9, *CALM], rule) == []
    assert reported([*CALM, 18.1, *CALM], rule) == [8]


def test_a_step_that_is_never_taken_back_is_a_change() -> None:
    assert reported([*CALM, *[50.0] * 60]) == []


def test_a_late_return_makes_no_excursion() -> None:
    """Six hours are twenty-four quarters, in which it must settle again."""
    assert reported([*CALM, *[50.0] * 18, *CALM]) == between(8, 25)
    assert reported([*CALM, *[50.0] * 24, *CALM]) == []


def test_who_leaves_slowly_is_not_reported_and_who_comes_back_slowly_neither() -> None:
    """So goes a wave of mud or salt, however high."""
    slow = np.linspace(10, 50, 30).tolist()
    assert reported([*CALM, *slow, *CALM]) == []
    assert reported([*CALM, *reversed(slow), *CALM], replace(RULE, hours=12)) == []


def test_nothing_is_left_where_no_level_was() -> None:
    """Three rows make one, of the last day."""
    assert reported([10, 10, 50, *CALM]) == []
    assert reported([10, 10, 10, 50, *CALM]) == [3]
    assert reported([10, 10, 10, 10, 50, *CALM], holes=[(1, 100)]) == []
    assert reported([10, 10, 10, 10, 10, 50, *CALM], holes=[(1, 100)]) == [5]


def test_a_step_over_a_gap_is_none() -> None:
    """Four quarters follow each other, five do not."""
    assert reported([*CALM, 50, *CALM], holes=[(7, 4)]) == []
    assert reported([*CALM, 50, *CALM], holes=[(7, 3)]) == [8]
    assert reported([*CALM, 50, *CALM], holes=[(8, 4)]) == []


def test_what_comes_back_for_less_than_it_takes_to_settle_is_one_excursion() -> None:
    """A technician would strike out all of it."""
    brief = [10.0] * 4
    assert reported([*CALM, 50, 50, *brief, 50, *CALM]) == between(8, 14)


def test_two_that_settle_in_between_leave_what_is_between_them() -> None:
    """The step that ends one is no beginning, though a level of fifty had been held."""
    settled = [10.0] * 6
    assert reported([*CALM, *[50.0] * 5, *settled, *[50.0] * 5, *CALM]) == [
        *between(8, 12),
        *between(19, 23),
    ]
    rows = reported([*CALM, *([50.0] * 5 + [10.0] * 7) * 4])
    assert rows == [row for row in range(8, 56) if (row - 8) % 12 < 5]


@pytest.mark.parametrize(("first", "calm", "second"), [(9, 5, 6), (5, 9, 6), (5, 6, 9), (9, 6, 5)])
def test_of_two_it_does_not_matter_which_is_longer(first: int, calm: int, second: int) -> None:
    column = [*CALM, *[50.0] * first, *[10.0] * calm, *[50.0] * second, *CALM]
    last = 7 + first + calm
    assert reported(column) == [*between(8, 7 + first), *between(last + 1, last + second)]


def test_it_is_reported_as_soon_as_three_rows_are_back() -> None:
    """Nothing says otherwise yet; two may be a chance."""
    assert reported([*CALM, 50, 50, 10, 10]) == []
    assert reported([*CALM, 50, 50, 10, 10, 10]) == [8, 9]
    assert reported([*CALM, 50, 50, 10, 10, 10, 50]) == []


def test_what_fell_silent_at_its_level_is_taken_to_have_settled() -> None:
    """If the next word comes when the time is over; in time it may say otherwise."""
    assert reported([*CALM, 50, 10, 10, 10, 30, 30], holes=[(11, 40)]) == [8]
    assert reported([*CALM, 50, 10, 10, 10, 50, *CALM], holes=[(11, 4)]) == between(8, 12)


def test_values_that_cannot_be_make_no_level() -> None:
    """They are away from it, however long they last."""
    usual = (5.0, 20.0)
    assert reported([*CALM, *[50.0] * 7, *CALM], usual=usual) == between(8, 14)
    assert reported([*[50.0] * 8, 10, *[50.0] * 8], usual=usual) == []
    assert reported([*[50.0] * 8, 10, *[50.0] * 8]) == [8]


def test_back_is_measured_by_what_a_return_may_miss() -> None:
    """A probe that was cleaned stands a little beside where it stood."""
    column = [*CALM, 30, 30, *[14.0] * 8]
    assert reported(column) == []
    assert reported(column, replace(RULE, returns=1.5)) == [8, 9]
    column = [*CALM, 1, 1, *[6.0] * 8]
    assert reported(column) == []
    assert reported(column, replace(RULE, returns=1.5)) == [8, 9]


def test_what_leaves_again_and_again_is_erratic_and_no_excursion() -> None:
    """Settling after sixty leaves says nothing of them."""
    rule = replace(RULE, hours=100)
    assert reported([*CALM, *[50, 10] * 20, *CALM], rule) == between(8, 46)
    assert 9 not in reported([*CALM, *[50, 10] * 170, *CALM], rule)


DRIFT = [11.5, 13, 14.5, 16, 17.5, *[18.0] * 14]
BRIEF = replace(RULE, settle_hours=0.5)


def test_a_second_step_goes_on_from_the_excursion_before() -> None:
    """The probe seemed to be back, drifted off and was set right."""
    column = [*CALM, 50, 50, 10, 10, 10, *DRIFT, *CALM]
    assert reported(column, BRIEF) == between(8, 31)
    assert reported([*CALM, 10, 10, *column[10:]], BRIEF) == [], "nothing was before"


@pytest.mark.parametrize(
    ("column", "rule", "why"),
    [
        ([50, 50, 10, 10, 10, *DRIFT, *CALM], replace(BRIEF, hours=5), "it began too early"),
        ([50, 50, *CALM, *DRIFT, *CALM], replace(BRIEF, hours=9), "it was at its level for long"),
        ([50, 50, 10, 10, 10, *DRIFT, *[5.0] * 8], BRIEF, "the step leads elsewhere"),
    ],
)
def test_it_does_not_go_on(column: list[float], rule: Excursion, why: str) -> None:
    assert reported([*CALM, *column], rule) == [8, 9], why


def test_two_breaks_to_the_same_value_do_not_doubt_what_lies_between() -> None:
    """The step that begins the second is no end of anything."""
    rule = replace(RULE, hours=336)
    week = [10.0] * 700
    assert reported([*CALM, *[0.0] * 5, *week, *[0.0] * 5, *CALM], rule) == [
        *between(8, 12),
        *between(713, 717),
    ]
    assert reported([*CALM, *[0.0] * 5, *week, *[0.0] * 50], rule) == between(8, 12)


def test_a_break_every_day_does_not_doubt_the_days() -> None:
    """A probe that the tide leaves dry, for longer than an excursion may last."""
    rule, days = replace(RULE, hours=48), 12
    column = ([10.0] * 92 + [0.0] * 4) * days + CALM
    rows = reported(column, rule)
    assert rows == [row for row in range(96 * days) if row % 96 >= 92]


SALT = defaults()["w01014"].excursion
assert SALT
LONG = [400.0] * 60


def salted(column: Sequence[float]) -> list[int]:
    assert SALT
    return reported(column, SALT, usual=(15, 20_000))


def test_a_wave_of_salt_that_decays_is_the_water() -> None:
    """It may come at once. Its end is no fall, for so low was the water before it."""
    wave = (400 + 1500 * np.exp(-np.arange(60) / 12)).tolist()
    assert salted([*LONG, *wave, *LONG]) == []
    assert salted([*LONG, *wave[:20], 410, *LONG]) == []


def test_the_end_of_a_natural_peak_is_no_fall() -> None:
    """As long as a fifth of the two days before, or behind, was as low."""
    up = np.linspace(400, 1200, 20).tolist()
    before = [*[400.0] * 80, *up, *[1200.0] * 120]
    behind = [*[1200.0] * 120, *reversed(up), *[400.0] * 200]
    assert salted([*before, *[400.0] * 20, *behind]) == []
    assert salted([*before, *[100.0] * 20, *behind]) == between(220, 239)


def test_ice_that_leaves_in_a_step_is_reported_until_the_level_is_held() -> None:
    """The probe went on a little below it."""
    column = [*LONG, *[150.0] * 20, *[360.0] * 4, 375, 390, *LONG]
    assert salted(column) == between(60, 83)


def test_ice_that_comes_slowly_and_breaks_at_once_is_reported() -> None:
    """From the last hours at the level on: a fall of conductivity has no natural end in a step."""
    freezing = np.linspace(395, 150, 40).tolist()
    found = salted([*LONG, *freezing, *[150.0] * 20, *LONG])
    assert found[-1] == 119
    assert 60 < found[0] < 70
    assert found == between(found[0], 119)


def test_ice_that_melts_slowly_is_reported_only_where_it_came_at_once() -> None:
    melting = np.linspace(150, 395, 60).tolist()
    slow = np.linspace(395, 150, 40).tolist()
    assert salted([*LONG, *slow, *melting, *LONG]) == []


def test_a_few_rows_say_nothing() -> None:
    for count in range(4):
        assert reported([10.0, 50.0, 10.0][:count]) == []
