"""The witness itself: every clause of ``docs/rules.md`` on readings few enough for a pencil."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from config.catalogue.shapes import WaterClass
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, ZONE
from ingest.standards.limits import Averaging
from tests.alerting.interpreter import (
    Condition,
    Episode,
    Level,
    Reading,
    absence,
    change,
    combined,
    cusum,
    days,
    departure,
    fed,
    hours,
    mean,
    propagation,
    standard,
    state,
    threshold,
    trend_days,
    values,
)

STEP = 10
NEVER, EVER = -1, 10**15
"""Silence that is known up to no instant, and up to every one."""


def midnight(day: str) -> int:
    """Of a day in Asia/Shanghai, UTC epoch ms."""
    at = datetime.fromisoformat(day).replace(tzinfo=ZONE)
    return int(at.timestamp() * 1000)


def series(text: str, begin: int = 0, every: int = STEP) -> list[Reading]:
    """Readings a step apart. ``11x4`` four of them, ``_`` none, ``9?`` not good, ``@30`` in front:
    of this instant, and the next a step behind it.
    """
    found: list[Reading] = []
    t = begin
    for token in text.split():
        match = re.fullmatch(r"(?:@(\d+):)?(_|-?[\d.]+)(\?)?(?:x(\d+))?", token)
        assert match, token
        at, value, doubted, times = match.groups()
        t = t if at is None else begin + int(at)
        for _ in range(int(times or 1)):
            if value != "_":
                found.append(Reading(t, float(value), not doubted, 42 if doubted else 0))
            t += every
    return found


Row = tuple[int, int, int | None, float, int]
"""Beginning, firing, end, peak and its instant."""


def rows(alerts: Sequence[Episode]) -> list[tuple[int | float | None, ...]]:
    return [(one.began, one.fired, one.resolved, one.peak, one.peak_at) for one in alerts]


ALARM = Level("alarm", 1, 10, for_ms=30, clear_limit=8, clear_for_ms=20)
AT_ONCE = Level("notice", 1, 10)
SHORT = Level("alarm", 1, 10, for_ms=3)
OXYGEN = Level("warning", -1, 2.0, for_ms=10, clear_limit=3.0)
PATIENT = Level("alarm", 1, 10, for_ms=0, clear_limit=8, clear_for_ms=100)
DAY = 24 * 3_600_000


@pytest.mark.parametrize(
    ("why", "level", "text", "alerts"),
    [
        ("fires with the first that lies `for` behind the first", ALARM, "11x4", [(0, 30, None, 11, 0)]),
        ("has not fired yet", ALARM, "11x3", []),
        ("the limit itself is not beyond it", ALARM, "10x9", []),
        ("one that equals the limit closes the run", ALARM, "11x3 10 11x4", [(40, 70, None, 11, 40)]),
        ("jitter: 29 is less than `for`", ALARM, "11 @11:11 @19:11 @29:11 @41:11", [(0, 41, None, 11, 0)]),
        ("a silence of just `for` is not too long", ALARM, "11 @30:11", [(0, 30, None, 11, 0)]),
        ("one more is", ALARM, "11 @31:11 @61:11", [(31, 61, None, 11, 31)]),
        ("short `for`: a silence of 2.5 cadences", SHORT, "11 @25:11", [(0, 25, None, 11, 0)]),
        ("short `for`: of more", SHORT, "11 @26:11 @29:11", [(26, 29, None, 11, 26)]),
        ("no `for`: fires at once, and clears at the limit", AT_ONCE, "11 10", [(0, 0, 10, 11, 0)]),
        ("no `for`: no silence matters", AT_ONCE, "11 @999:11 @2000:9", [(0, 0, 2000, 11, 0)]),
        ("an end, and another beginning", AT_ONCE, "11 9 12", [(0, 0, 10, 11, 0), (20, 20, None, 12, 20)]),
        ("doubted ones neither feed nor end", ALARM, "11 99? 9? 11", [(0, 30, None, 11, 0)]),
        ("but the silence that they leave counts", ALARM, "11 9?x3 11x4", [(40, 70, None, 11, 40)]),
        ("only doubted ones", ALARM, "11?x9", []),
        ("resolves `clear.for` behind the first of its row", ALARM, "11x4 8x3", [(0, 30, 60, 11, 0)]),
        ("each alert has a row of its own", ALARM, "11x4 8x3 11x4 8x3", [(0, 30, 60, 11, 0), (70, 100, 130, 11, 70)]),
        ("one too few", ALARM, "11x4 8x2", [(0, 30, None, 11, 0)]),
        ("between the limits nothing clears", ALARM, "11x4 9x9", [(0, 30, None, 11, 0)]),
        ("one between the limits breaks a row", ALARM, "11x4 8x2 9 8x3", [(0, 30, 90, 11, 0)]),
        ("so does one beyond", ALARM, "11x4 8x2 12 8x3", [(0, 30, 90, 12, 60)]),
        ("a doubted one does not", ALARM, "11x4 8 99? 8", [(0, 30, 60, 11, 0)]),
        ("a silence of 25 keeps the row", ALARM, "11x4 8 @65:8", [(0, 30, 65, 11, 0)]),
        ("one of 26 breaks it", ALARM, "11x4 8 @66:8 @76:8 @86:8", [(0, 30, 86, 11, 0)]),
        ("long `clear.for`: a silence of it", PATIENT, "11 8 @110:8", [(0, 0, 110, 11, 0)]),
        ("long `clear.for`: of more", PATIENT, "11 8 @111:8 @211:8", [(0, 0, 211, 11, 0)]),
        ("silence before a row ends nothing", ALARM, "11x4 @9999:8 8x2", [(0, 30, 10019, 11, 0)]),
        ("silence while it fires ends nothing", ALARM, "11x4 @9999:12", [(0, 30, None, 12, 9999)]),
        ("below is above turned over", OXYGEN, "1.9 1.8 2.5 3.0", [(0, 10, 30, 1.8, 10)]),
        ("below: the limit itself", OXYGEN, "2.0x5", []),
        ("the first of equal peaks, before it fired", ALARM, "15 11x2 15", [(0, 30, None, 15, 0)]),
        ("a closed run's peak is forgotten", ALARM, "99 9 11x4", [(20, 50, None, 11, 20)]),
        ("a peak between the limits is none", ALARM, "11x4 9.9 8x3", [(0, 30, 70, 11, 0)]),
        ("a silence of a day ends nothing", AT_ONCE, f"11 @{DAY}:12 @{DAY + 10}:9", [(0, 0, DAY + 10, 12, DAY)]),
        ("a longer one does", AT_ONCE, f"11 @{DAY + 1}:12 9", [(0, 0, DAY, 11, 0), (DAY + 1, DAY + 1, DAY + 11, 12, DAY + 1)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("upto", [NEVER, DAY])
def test_a_threshold_does_what_its_paragraph_says_whatever_silence_is_known(
    why: str, level: Level, text: str, alerts: list[Row], upto: int
) -> None:
    assert rows(threshold(level, series(text), STEP, upto)) == alerts


@pytest.mark.parametrize(
    ("lasting", "clearing", "cadence", "lifetime"),
    [
        (0, 0, 10, DAY),
        (DAY, 0, 10, 2 * DAY),
        (0, DAY, 10, 2 * DAY),
        (0, 0, DAY // 2, 2 * DAY),
    ],
)
def test_silence_ends_an_alert_after_the_longest_of_four_spans(
    lasting: int, clearing: int, cadence: int, lifetime: int
) -> None:
    level = Level("alarm", 1, 10, for_ms=lasting, clear_for_ms=clearing)
    spell = [Reading(0, 11), Reading(lasting, 11)]

    def end(upto: int) -> int | None:
        (alert,) = threshold(level, spell, cadence, upto)
        return alert.resolved

    assert end(lasting + lifetime) is None
    assert end(lasting + lifetime + 1) == lasting + lifetime


def test_a_slower_cadence_bears_longer_silences() -> None:
    assert rows(threshold(ALARM, series("11 @250:11"), 100, NEVER)) == [(0, 250, None, 11, 0)]
    assert rows(threshold(ALARM, series("11 @251:11"), 100, NEVER)) == []


def test_order_of_arrival_matters_only_within_an_instant_where_the_first_stands() -> None:
    late = [*series("11x2 @30:11"), *series("@20:9"), *series("@20:11")]
    assert rows(threshold(ALARM, late, STEP, EVER)) == []
    assert list(values([*series("5?"), *series("6 7")])) == [(10, 7)]


def test_levels_are_machines_of_their_own() -> None:
    readings = series("11 12 21x2 9")
    higher = Level("critical", 1, 20, for_ms=10)
    assert rows(threshold(AT_ONCE, readings, STEP, EVER)) == [(0, 0, 40, 21, 20)]
    assert rows(threshold(higher, readings, STEP, EVER)) == [(20, 30, 40, 21, 20)]


@pytest.mark.parametrize(
    ("why", "text", "window", "decimals", "means"),
    [
        ("a reading a whole window back is outside", "1 2 3 4", 30, 0, [1, 1.5, 2, 3]),
        ("one decimal beyond the indicator's", "1 1 2", 30, 0, [1, 1, 1.3]),
        ("a half goes to the even digit", "0 0 0 1 0 1 1", 40, 0, [0, 0, 0, 0.2, 0.2, 0.5, 0.8]),
        ("of the decimals that are written", "0.1 0.2 0.3x2", 40, 1, [0.1, 0.15, 0.2, 0.22]),
        ("no noise of binary fractions", "0.1 0.1 0.1", 30, 2, [0.1, 0.1, 0.1]),
        ("doubted ones have no part and no instant", "1 9? 3", 30, 0, [1, 2]),
    ],
)
def test_means_are_over_the_window_that_ends_at_each_reading(
    why: str, text: str, window: int, decimals: int, means: list[float]
) -> None:
    assert [value for _, value in mean(series(text), window, decimals)] == means


@pytest.mark.parametrize(
    ("why", "text", "signal"),
    [
        ("from the last at the window's beginning", "1 2 4 8", [(20, 3), (30, 6)]),
        ("or before it, scaled", "1 @30:4", [(30, 2)]),
        ("just another window back", "1 @40:5", [(40, 2)]),
        ("more than another window back", "1 @41:5", []),
        ("a doubted one is no beginning", "1 2? @30:4", [(30, 2)]),
        ("a fall is negative", "5 _ 1", [(20, -4)]),
        ("exact: half a unit is not more than half a unit", "0.6 _ 1.1", [(20, 0.5)]),
        ("one decimal beyond the indicator's: 0.2 x 20/30", "0.1 @30:0.3", [(30, 0.13)]),
        ("a half goes to the even digit: 0.2 x 20/32", "0.1 @32:0.3", [(32, 0.12)]),
        ("up as well as down: 0.6 x 20/32", "0.1 @32:0.7", [(32, 0.38)]),
    ],
)
def test_changes_are_scaled_to_the_window_of_20_and_rounded(
    why: str, text: str, signal: list[tuple[int, float]]
) -> None:
    """Of an indicator with one decimal."""
    assert list(change(series(text), 20, 1)) == signal


@pytest.mark.parametrize(
    ("why", "here", "above", "sign", "upto", "signal"),
    [
        ("the smaller rise", "0 0 0 3", "0 5 5 5", 1, NEVER, [(20, 0), (30, 3)]),
        ("the smaller one may be the one above", "0 0 0 9", "0 5 5 5", 1, NEVER, [(20, 0), (30, 5)]),
        ("both ends of the travel time count", "0 0 4 4 8 9", "0 5x5", 1, NEVER,
         [(20, 4), (30, 0), (40, 4), (50, 0)]),
        ("falls: the least fallen", "9 9 9 7", "9 4 4 4", -1, NEVER, [(20, 0), (30, -2)]),
        ("unknown above", "0 1 2 3", "_ _ _ 5", 1, EVER, []),
        ("the station above may still speak", "0 1 2 3", "0 5 5", 1, 29, [(20, 1)]),
        ("silence is known up to the instant", "0 1 2 3", "0 5 5", 1, 30, [(20, 1), (30, 1)]),
        ("rises are rounded: 2 x 10/15", "@10:0 @25:9", "1 @15:3", 1, EVER, [(25, 1.3)]),
    ],
)  # fmt: skip
def test_propagation_is_the_lesser_of_two_changes_over_10_that_lie_10_to_30_apart(
    why: str, here: str, above: str, sign: int, upto: int, signal: list[tuple[int, float]]
) -> None:
    found = propagation(series(here), series(above), 10, (10, 30), sign, 0, upto)
    assert list(found) == signal


@pytest.mark.parametrize(
    ("why", "first", "second", "needs", "upto", "signal"),
    [
        ("how many hold", "11 11 9", "6 4 4", {2}, NEVER, [(0, 2), (10, 1), (20, 0)]),
        ("its limit itself does not hold", "10", "6", {2}, NEVER, [(0, 1)]),
        ("the last value counts for 2.5 cadences", "11", "6 @25:6", {2}, EVER, [(0, 2), (25, 2)]),
        ("an older one is unknown, and could decide", "11", "6 @26:6", {2}, EVER, [(0, 2)]),
        ("unknown, but one is enough", "11", "6 @26:6", {1}, EVER, [(0, 2), (26, 1)]),
        ("unknown, but it cannot reach two", "11", "6 @26:4", {2}, EVER, [(0, 2), (26, 0)]),
        ("unknown, and none holds", "11", "6 @26:4", {1}, EVER, [(0, 2)]),
        ("instants of any member", "11 _ 11", "@5:6 @15:6", {2}, EVER, [(5, 2), (15, 2), (20, 2)]),
        ("a doubted reading is no instant and no value", "11 9?", "6 _ 6", {2}, EVER, [(0, 2), (20, 2)]),
        ("unknown, but decided for each level", "11", "6 @26:4", {2, 3}, EVER, [(0, 2), (26, 0)]),
        ("unknown, and not decided for one of them", "11", "6 @26:6", {1, 2}, EVER, [(0, 2)]),
        ("each member must have come so far", "11 11 11", "6", {2}, 9, [(0, 2)]),
        ("or silence is known", "11 11 11", "6", {2}, 10, [(0, 2), (10, 2)]),
        ("a doubted reading says that a member has come so far", "11 11 11", "6 _ 4?", {2}, NEVER,
         [(0, 2), (10, 2), (20, 2)]),
    ],
)  # fmt: skip
def test_combined_counts_those_above_10_and_above_5(
    why: str, first: str, second: str, needs: set[int], upto: int, signal: list[tuple[int, int]]
) -> None:
    members = [
        Condition(series(text), list(values(series(text))), Level("", 1, limit))
        for text, limit in ((first, 10), (second, 5))
    ]
    assert list(combined(members, needs, STEP, upto)) == signal


def test_a_combined_rule_of_a_mean_and_a_change_fires_while_both_hold() -> None:
    wet, rising = series("6 9 9 9 9"), series("0 0 3 6 6")
    members = [
        Condition(wet, list(mean(wet, 20, 0)), Level("", 1, 8)),  # 6 7.5 9 9 9
        Condition(rising, list(change(rising, 10, 0)), Level("", 1, 2)),  # ? 0 3 3 0
    ]
    signal = list(combined(members, {2}, STEP, EVER))
    assert signal == [(0, 0), (10, 0), (20, 2), (30, 2), (40, 1)]
    both = Level("alarm", 1, 2 - 1)
    assert rows(threshold(both, fed(iter(signal)), STEP, EVER)) == [(20, 20, 40, 2, 20)]


def test_a_condition_takes_the_last_change_that_is_known_for_2_5_cadences() -> None:
    """At 20 there is a reading and no change: the one before it lies more than two windows back."""
    wet, rising = series("9 9 9 @29:9 @30:9"), series("0 @4:3 @20:9")
    members = [
        Condition(wet, list(values(wet)), Level("", 1, 8)),
        Condition(rising, list(change(rising, 4, 0)), Level("", 1, 2)),  # of 4 alone
    ]
    assert [change for _, change in members[1].signal] == [3]
    assert list(combined(members, {2}, STEP, EVER)) == [(4, 2), (10, 2), (20, 2), (29, 2)]


@pytest.mark.parametrize(
    ("why", "causes", "states", "signal"),
    [
        ("the number of the cause", [0, 1, 2, 3, 4], (1, 2, 3, 4), [0, 1, 2, 3, 4]),
        ("of the states that are named", [1, 4, 4], (4,), [0, 4, 4]),
        ("0 for any other", [1, 42, 60, 1], (1, 2, 3, 4), [1, 0, 0, 1]),
        ("a failed read tells of none", [1, 20, 39, 1], (1, 2, 3, 4), [1, 1]),
        ("nor does one whose clock is doubted", [1, 41, 1], (1, 2, 3, 4), [1, 1]),
        ("the causes beside those of failed reads", [19, 40], (1, 2, 3, 4), [0, 0]),
    ],
)
def test_a_state_is_read_from_every_reading(
    why: str, causes: list[int], states: tuple[int, ...], signal: list[int]
) -> None:
    readings = [Reading(i * STEP, None, cause == 0, cause) for i, cause in enumerate(causes)]
    assert [value for _, value in state(readings, states)] == signal


def test_a_state_lasts_over_another_one_and_a_failed_read_and_ends_with_any_other_reading() -> (
    None
):
    causes = [1, 1, 4, 20, 42]
    readings = [Reading(i * STEP, 1.0, False, cause) for i, cause in enumerate(causes)]
    alerts = threshold(Level("notice", 1, 0, for_ms=20), fed(state(readings, (1, 4))), STEP, EVER)
    assert rows(alerts) == [(0, 20, 40, 4, 20)]


@pytest.mark.parametrize(
    ("why", "station", "upto", "alerts"),
    [
        ("begins at the last good, ends with the next", ["1 1 @99:1"], NEVER, [(10, 60, 99)]),
        ("just `for` is not longer", ["1 @50:1"], 50, []),
        ("silence is known so far", ["1"], 50, []),
        ("and longer", ["1"], 51, [(0, 50, None)]),
        ("upto stands still", ["1"], NEVER, []),
        ("doubted readings are none", ["1 1? @40:1? @70:1"], 71, [(0, 50, 70)]),
        ("any indicator of the station speaks for it", ["1 @60:1", "@30:1"], 61, []),
        ("a late one withdraws it", ["1 @99:1 @50:1"], 99, []),
        ("never heard of", ["", "1?"], EVER, []),
        ("what one series doubts another may say", ["1 @50:1?", "@50:1"], 60, []),
        ("twice", ["1 @51:1 @102:1"], 102, [(0, 50, 51), (51, 101, 102)]),
    ],
)
def test_absence_of_a_station_for_longer_than_50(
    why: str, station: list[str], upto: int, alerts: list[tuple[int, int, int | None]]
) -> None:
    found = absence(50, [series(text) for text in station], upto)
    assert [(one.began, one.fired, one.resolved) for one in found] == alerts


@pytest.mark.parametrize(
    ("why", "text", "minutes", "means"),
    [
        ("45 minutes are enough", "1x4 2x5", 5, {0: 14 / 9}),
        ("40 are not", "1x8", 5, {}),
        ("doubted ones cover nothing", "1x8 1?x4", 5, {}),
        ("the first of the next hour is the next one's", "1 1 1 1 _ _ 5x5", 10, {1: 5}),
        ("of a slow cadence one is enough", "3 _ 5", 240, {0: 3, 8: 5}),
    ],
)
def test_hours_count_with_45_minutes(
    why: str, text: str, minutes: int, means: dict[int, float]
) -> None:
    found = hours(series(text, every=minutes * MINUTE_MS), minutes * MINUTE_MS)
    assert {begin // HOUR_MS: float(value) for begin, value in found.items()} == means


@pytest.mark.parametrize(
    ("why", "text", "seconds", "means"),
    [
        ("45 minutes have a reading", "1x45", 60, {0: 1}),
        ("44 have", "1x44", 60, {}),
        ("two in a minute are not two minutes", "1x88", 30, {}),
        ("the second of the 45th minute is not needed", "1x89", 30, {0: 1}),
        ("a minute with none but doubted ones is not measured", "1x44 1?", 60, {}),
    ],
)
def test_of_a_quick_cadence_minutes_count_that_have_a_reading(
    why: str, text: str, seconds: int, means: dict[int, float]
) -> None:
    """The station samples every two seconds, what is known of it is thinner."""
    found = hours(series(text, every=seconds * 1000), 2000)
    assert {begin // HOUR_MS: float(value) for begin, value in found.items()} == means


D0 = midnight("2026-04-01")


@pytest.mark.parametrize(
    ("why", "text", "step_hours", "means"),
    [
        ("20 hours", "1x10 2x10", 1, {0: 1.5}),
        ("19 hours", "1x19", 1, {}),
        ("from midnight to midnight in Asia/Shanghai", "_x4 1x20 3x20", 1, {0: 1, 1: 3}),
        ("a reading of four hours stands for four", "1 2 3 4 5", 4, {0: 3}),
        ("four of these are 16", "1 2 3 4", 4, {}),
    ],
)
def test_days_count_with_20_hours(
    why: str, text: str, step_hours: int, means: dict[int, float]
) -> None:
    step = step_hours * HOUR_MS
    found = days(hours(series(text, D0, step), step), step)
    assert {(begin - D0) // DAY_MS: float(value) for begin, value in found.items()} == means


PM25, OZONE, AMMONIA, OXYGEN_CODE = "a34004", "a05024", "w21003", "w01009"
OLD, NEW = midnight("2026-02-28"), midnight("2026-03-01")


@pytest.mark.parametrize(
    ("why", "begin", "plan", "upto", "signal"),
    [
        ("HJ 633-2026: (72-60)50/55+100", NEW, {PM25: "72"}, EVER, [(1, 111)]),
        ("HJ 633-2012: (72-35)50/40+50", OLD, {PM25: "72"}, EVER, [(1, 97)]),
        ("the hour before midnight is the old day's", OLD, {PM25: "_x23 72 72"}, EVER,
         [(24, 97), (25, 111)]),
        ("a missing item withholds what is not above 100", NEW, {PM25: "50", OZONE: ""}, EVER, []),
        ("but not what is", NEW, {PM25: "72", OZONE: ""}, EVER, [(1, 111)]),
        ("and not before 2026: (50-35)50/40+50", OLD, {PM25: "50", OZONE: ""}, EVER, [(1, 69)]),
        ("what has no index is no item", NEW, {PM25: "50", "a01001": ""}, NEVER, []),
        ("a reading at the end says that the hour is over", NEW, {PM25: "72 72"}, NEVER, [(1, 111)]),
        ("every item must have come so far", NEW, {PM25: "72 72", OZONE: "9"}, NEVER, []),
        ("silence up to the end is known", NEW, {PM25: "72"}, NEW + HOUR_MS, [(1, 111)]),
        ("not quite so far", NEW, {PM25: "72"}, NEW + HOUR_MS - 1, []),
    ],
)  # fmt: skip
def test_the_index_of_an_hour_by_the_set_in_force(
    why: str, begin: int, plan: dict[str, str], upto: int, signal: list[tuple[int, int]]
) -> None:
    members = {code: series(text, begin, HOUR_MS) for code, text in plan.items()}
    found = standard(members, HOUR_MS, upto)
    assert [((end - begin) // HOUR_MS, value) for end, value in found] == signal


@pytest.mark.parametrize(
    ("why", "plan", "least", "signal"),
    [
        ("69 is more than 68", {PM25: "50", OZONE: ""}, 68, [69]),
        ("not more than the lowest limit, as far as is known", {PM25: "50", OZONE: ""}, 69, []),
        ("every item is there", {PM25: "50", OZONE: "9"}, 69, [69]),
        ("what has no index is not missed", {PM25: "50", "a01001": ""}, 69, [69]),
    ],
)
def test_the_index_with_an_item_missing_is_known_above_the_lowest_limit(
    why: str, plan: dict[str, str], least: float, signal: list[int]
) -> None:
    """(50-35)50/40+50 = 68.75, rounded up, by HJ 633-2012."""
    members = {code: series(text, OLD, HOUR_MS) for code, text in plan.items()}
    assert [value for _, value in standard(members, HOUR_MS, EVER, least=least)] == signal


@pytest.mark.parametrize(
    ("why", "plan", "target", "averaging", "signal"),
    [
        ("class V where III should flow", {AMMONIA: "1.8"}, "III", "hourly", [2]),
        ("the limit of III is III", {AMMONIA: "1.0"}, "III", "hourly", [0]),
        ("better than it should be", {AMMONIA: "0.15"}, "III", "hourly", [-2]),
        ("beyond V", {AMMONIA: "2.1"}, "II", "hourly", [4]),
        ("the worst item decides", {AMMONIA: "0.1", OXYGEN_CODE: "2.9"}, "III", "hourly", [2]),
        ("by what there is", {AMMONIA: "1.2", OXYGEN_CODE: "2.9?"}, "III", "hourly", [1]),
        ("which does not say that all is well", {AMMONIA: "1.0", OXYGEN_CODE: ""}, "III", "hourly", []),
        ("what does not count is not missed", {AMMONIA: "1.0", "w01014": ""}, "III", "hourly", [0]),
        ("nor does it decide", {AMMONIA: "1.0", "w21001": "9"}, "III", "hourly", [0]),
        ("nothing that counts", {"w01014": "900"}, "III", "hourly", []),
        ("the mean of a day", {AMMONIA: "1x10 2x10"}, "III", "daily", [1]),
        ("a day of 19 hours", {AMMONIA: "1x10 2x9"}, "III", "daily", []),
    ],
)  # fmt: skip
def test_classes_by_which_water_is_worse_than_it_should_be(
    why: str, plan: dict[str, str], target: WaterClass, averaging: Averaging, signal: list[int]
) -> None:
    members = {code: series(text, NEW, HOUR_MS) for code, text in plan.items()}
    assert [worse for _, worse in standard(members, HOUR_MS, EVER, averaging, target)] == signal


@pytest.mark.parametrize(
    ("why", "text", "signal"),
    [
        ("by its largest 8 h mean: (180-160)50/55+100", "100x10 180x8 100x6", [119]),
        ("the one that ends at 8:00 is the first", "180x8 100x16", [119]),
        ("five 8 h means, but above the limit", "_x10 180x8", [119]),
        ("five 8 h means, not above it", "_x10 160x8", []),
        ("seven hours do not reach 14 means", "100x7", []),
        ("the 14 that end at 11:00 to 24:00", "_x5 100x19", [50]),
        ("13 of them", "_x6 100x18", []),
    ],
)
def test_ozone_of_a_day(why: str, text: str, signal: list[int]) -> None:
    found = standard({OZONE: series(text, NEW, HOUR_MS)}, HOUR_MS, EVER, "daily")
    assert [value for _, value in found] == signal


def daily(text: str) -> list[Reading]:
    """A value a day from D0 on, as 24 readings of its hours."""
    return [
        Reading(D0 + one.t_ms * DAY_MS + hour * HOUR_MS, one.value)
        for one in series(text, every=1)
        for hour in range(24)
    ]


RISING, FALLING = "0 1 2 3 4 5 6 7 8 9", "20 19 18 17 16 15 14 13 12 11"
STEPPED = "0x5 1x5"
WEEK = "0 10 20 30 40 50 60"


@pytest.mark.parametrize(
    ("why", "text", "asked", "first", "signal"),
    [
        ("from ten days on", f"{RISING} 10 11", {}, 10, [1, 1, 1]),
        ("nine are too few", "0 1 2 3 4 5 6 7 8", {}, 10, []),
        ("a day without readings is none", "0 1 2 _ 4 5 6 7 8 9 10", {}, 11, [1]),
        ("half of the window", f"{RISING} 10 11 12 13 14", {"window_days": 30}, 15, [1]),
        ("days before the window: -3, 12, 30 and 45 rises more than falls", f"9 8 7 {RISING}",
         {"window_days": 10}, 10, [0, 0, 1, 1]),
        ("all alike", "5x10", {}, 10, [0]),
        ("15 rises, 10 falls", "1 2 1 2 1 2 1 2 1 2", {}, 10, [0]),
        ("ties: z is 2.51, not 2.15; p 0.0122, not 0.032", STEPPED, {"significance": 0.02}, 10, [1 / 8]),
        ("continuity: without it p were 0.0090", STEPPED, {"significance": 0.012}, 10, [0]),
        ("12 is three days from 9", RISING, {"limit": 12}, 10, [3]),
        ("at the limit", RISING, {"limit": 9}, 10, [0]),
        ("passed", RISING, {"limit": 8}, 10, [0]),
        ("a fall does not lead above", FALLING, {"limit": 30}, 10, [math.inf]),
        ("8 is three days below 11", FALLING, {"limit": 8, "sign": -1}, 10, [3]),
        ("a rise does not lead below", RISING, {"limit": -1, "sign": -1}, 10, [math.inf]),
        ("passed, with no trend", "15x10", {"limit": 12}, 10, [0]),
        ("at the limit it has not been passed", "12x10", {"limit": 12}, 10, [math.inf]),
        ("no trend leads nowhere", "5x10", {"limit": 12}, 10, [math.inf]),
        ("a day that is not valid has none", f"{RISING} _ 11", {"limit": 13}, 10, [4, None, 2]),
        ("exact: 0.1 a day is not more than 0.1", "0 .1 .2 .3 .4 .5 .6 .7 .8 .9", {}, 10, [0.1]),
        ("exact: 3 days are not less than 3", "0 .1 .2 .3 .4 .5 .6 .7 .8 .9", {"limit": 1.2}, 10, [3]),
        ("7 equal days of the week rise by 1 in 7: z = 6/sqrt(7), p = 0.023; 6 of them: 5/sqrt(6)",
         f"{WEEK} 1 11 21 31 41 51 61 2", {"season": "week"}, 10, [0, 0, 0, 1 / 7, 1 / 7, 1 / 7]),
        ("every week is the same", f"{WEEK} {WEEK} {WEEK}", {"season": "week"}, 10, [0] * 12),
    ],
)  # fmt: skip
def test_trends_over_20_days(
    why: str, text: str, asked: dict[str, Any], first: int, signal: list[float | None]
) -> None:
    """``signal`` at the ends of the days from the ``first`` to the last; None where there is none."""
    found = trend_days(daily(text), HOUR_MS, EVER, **{"window_days": 20, **asked})
    days_end = ((D0 + (first + i) * DAY_MS, value) for i, value in enumerate(signal))
    assert list(found) == [(end, value) for end, value in days_end if value is not None]


def test_a_trend_is_judged_when_its_day_is_known_to_be_over() -> None:
    readings = daily(RISING)
    end = D0 + 10 * DAY_MS
    assert list(trend_days(readings, HOUR_MS, end - 1, 20)) == []
    assert list(trend_days(readings, HOUR_MS, end, 20)) == [(end, 1)]
    assert list(trend_days([*readings, Reading(end, 1.0)], HOUR_MS, NEVER, 20)) == [(end, 1)]


def test_a_day_of_19_hours_has_no_trend_though_its_window_holds_enough() -> None:
    readings = daily(f"{RISING} 10")
    ends = [D0 + day * DAY_MS for day in (10, 11)]
    assert [end for end, _ in trend_days(readings[:-4], HOUR_MS, EVER, 20)] == ends
    assert [end for end, _ in trend_days(readings[:-5], HOUR_MS, EVER, 20)] == ends[:1]


@pytest.mark.parametrize(
    ("why", "text", "decimals", "window", "signal"),
    [
        ("median 4, deviations 3 2 1 0 1 2 3: 6/2.9652", "1 2 3 4 5 6 7 10", 0, 28, [(7, 2.02)]),
        ("below the usual", "1 2 3 4 5 6 7 -2", 0, 28, [(7, -2.02)]),
        ("eight: median 4.5, deviation 2", "1 2 3 4 5 6 7 8 10", 0, 28, [(7, 1.35), (8, 1.85)]),
        ("six are too few", "1 2 3 4 5 6 10", 0, 28, []),
        ("all alike: a step of one decimal", "5x7 6", 1, 28, [(7, 10)]),
        ("all alike: a step of none", "5x7 6", 0, 28, [(7, 1)]),
        ("less than a step is a step", "4.5 4.5 5 5 5 5.5 5.5 7", 0, 28, [(7, 2)]),
        ("two decimals, a half to even", "5x7 5.125", 0, 28, [(7, 0.12)]),
        ("the window's first day counts", "5x7 6", 0, 7, [(7, 1)]),
        ("days before it do not", "5x6 _ 5 6", 0, 7, []),
        ("in a longer window they do", "5x6 _ 5 6", 0, 8, [(8, 1)]),
        ("the hour itself must be valid", "5x7 6?", 0, 28, []),
    ],
)
def test_departures_from_the_same_hour_of_earlier_days(
    why: str, text: str, decimals: int, window: int, signal: list[tuple[int, float]]
) -> None:
    found = departure(series(text, D0, DAY_MS), HOUR_MS, EVER, decimals, window)
    assert list(found) == [(D0 + day * DAY_MS + HOUR_MS, value) for day, value in signal]


def test_other_hours_of_the_day_are_not_the_usual() -> None:
    readings = series("1 50 2 50 3 50 4 50 5 50 6 50 7 50 10", D0, DAY_MS // 2)
    assert [value for _, value in departure(readings, HOUR_MS, EVER, 0)] == [2.02]


def test_a_departure_is_judged_when_its_hour_is_known_to_be_over() -> None:
    readings = series("5x7 6", D0, DAY_MS)
    end = D0 + 7 * DAY_MS + HOUR_MS
    over = Reading(end, None, good=False, cause=20)
    assert list(departure(readings, HOUR_MS, end - 1, 0)) == []
    assert list(departure(readings, HOUR_MS, end, 0)) == [(end, 1)]
    assert list(cusum(readings, HOUR_MS, end - 1, 0)) == []
    assert list(cusum(readings, HOUR_MS, end, 0)) == [(end, 0.5)]
    assert list(departure([*readings, over], HOUR_MS, NEVER, 0)) == [(end, 1)]


@pytest.mark.parametrize(
    ("why", "text", "asked", "signal"),
    [
        ("departures 1 1 0 3 less 0.5", "6 6 5 8", {}, [0.5, 1, 0.5, 3]),
        ("none is positive", "4 4", {}, [0, 0]),
        ("a sum begins anew", "6 4 6", {}, [0.5, 0, 0.5]),
        ("mirrored", "4 4 5 2", {"sign": -1}, [-0.5, -1, -0.5, -3]),
        ("mirrored: none is negative", "6 5", {"sign": -1}, [0, 0]),
        ("hours that begin within two", "6 6 6", {"over_ms": 2 * HOUR_MS}, [0.5, 1, 1]),
        ("an hour without one adds nothing and has none", "6 6? 6", {}, [0.5, 1]),
        ("a slack of its own", "6 7", {"slack": 1}, [0, 1]),
    ],
)
def test_drift_adds_up_departures_from_a_week_of_5(
    why: str, text: str, asked: dict[str, Any], signal: list[float]
) -> None:
    readings = series(f"5x168 {text}", D0, HOUR_MS)
    assert [value for _, value in cusum(readings, HOUR_MS, EVER, 0, **asked)] == signal


def test_the_example_of_the_documentation() -> None:
    heavy = Level("warning", 1, 150, 3 * HOUR_MS, 115, 2 * HOUR_MS)
    in_time = series("100 160x4 _ _ 110?x3 100x3", every=HOUR_MS)
    alerts = threshold(heavy, [*in_time, Reading(6 * HOUR_MS, 170)], HOUR_MS, 12 * HOUR_MS)
    hour = HOUR_MS
    assert rows(alerts) == [(1 * hour, 4 * hour, 12 * hour, 170, 6 * hour)]
