"""Combined conditions: sentence by sentence, against the interpreter, and over any cut."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerting.rules.conditions.signal import Readings
from alerting.rules.kinds.combined import Combined, Condition
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import DAY_MS
from tests.alerting import interpreter
from tests.alerting.signals import (
    EVER,
    Given,
    Rows,
    at_lower,
    cuts,
    histories,
    in_parts,
    plain,
    readings,
    whole,
)

AMMONIA, OXYGEN = "w21003", "w01009"
TARGET = at_lower(AMMONIA, OXYGEN)
WET, LOW = Condition(AMMONIA, 1, 1.0), Condition(OXYGEN, -1, 5.0)
WET_ON_AVERAGE = Condition(AMMONIA, 1, 1.0, window_ms=20)
RISING = Condition(AMMONIA, 1, 1.0, window_ms=10, change=True)


def asked(*at_least: int, of: tuple[Condition, ...] = (WET, LOW)) -> Combined:
    """A rule with levels that need so many."""
    return Combined(conditions=of, at_least=at_least)


@pytest.mark.parametrize(
    ("why", "signal", "ammonia", "oxygen", "expected"),
    [
        ("how many hold", asked(2), [2, 2, 0], [4, 6, 6], [(0, 2), (10, 1), (20, 0)]),
        ("at its limit none holds", asked(2), [1], [5], [(0, 0)]),
        ("instants are those of any member",
         asked(2), [2, None, 2], {5: 4, 15: 4}, [(5, 2), (15, 2), (20, 2)]),
        ("the last value counts for two and a half cadences",
         asked(2), [2], {0: 4, 25: 4}, [(0, 2), (25, 2)]),
        ("an older one is unknown, and could decide", asked(2), [2], {0: 4, 26: 4}, [(0, 2)]),
        ("it could not where one is enough and holds",
         asked(1), [2], {0: 4, 26: 4}, [(0, 2), (26, 1)]),
        ("nor where both are needed and the other does not",
         asked(2), [2], {0: 4, 26: 6}, [(0, 2), (26, 0)]),
        ("but it could where one is needed and the other does not",
         asked(1), [2], {0: 4, 26: 6}, [(0, 2)]),
        ("it must be decided for every level", asked(2, 1), [2], {0: 4, 26: 4}, [(0, 2)]),
        ("unknown too while a member has not begun", asked(2), {10: 2}, [4, 4], [(10, 2)]),
        ("a mean is that at its member's reading",
         asked(2, of=(WET_ON_AVERAGE, LOW)), [0, 3, 0], {0: 4, 15: 4, 20: 4},
         [(0, 1), (10, 2), (15, 2), (20, 2)]),
        ("and so is a change", asked(2, of=(RISING, LOW)), [0, 3, 3], {0: 6, 15: 4, 20: 4},
         [(0, 0), (10, 1), (15, 2), (20, 1)]),
        ("the last change that is known counts, also behind a reading without one",
         asked(2, of=(RISING, LOW)), {0: 0, 10: 3, 33: 3}, {10: 4, 33: 4, 35: 4, 36: 4},
         [(10, 2), (33, 2), (35, 2)]),
        ("a member may have several conditions",
         asked(2, of=(WET, RISING)), [0, 3, 3], [], [(0, 0), (10, 2), (20, 1)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_signal_is_how_many_surely_hold_where_that_decides(
    why: str, signal: Combined, ammonia: Given, oxygen: Given, expected: Rows
) -> None:
    """One sentence a row, a cadence of ten milliseconds."""
    members = {"lower/w21003": readings(ammonia), "lower/w01009": readings(oxygen)}
    assert whole(signal, TARGET, [members[name] for name in signal.members(TARGET)]) == expected


@pytest.mark.parametrize(
    ("why", "conditions", "members"),
    [
        (
            "one series an indicator, in order",
            (LOW, WET, RISING),
            ("lower/w01009", "lower/w21003"),
        ),
        ("none where the station lacks one", (WET, Condition("w01019", 1, 6.0)), ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_members_are_what_the_conditions_are_about(
    why: str, conditions: tuple[Condition, ...], members: tuple[str, ...]
) -> None:
    assert asked(1, of=conditions).members(TARGET) == members


TENTH_MS = DAY_MS // 10
"""Here stations measure once a day, the slowest that there are: it is their lookback that cuts."""
DAILY = at_lower(AMMONIA, OXYGEN, cadence_ms=DAY_MS)
both = st.tuples(
    histories([0.0, 0.9, 1.0, 1.1, 3.0], TENTH_MS), histories([3.0, 4.9, 5.0, 5.1], TENTH_MS)
)
conditions = st.builds(
    Condition,
    indicator=st.sampled_from([AMMONIA, OXYGEN]),
    sign=st.sampled_from([1, -1]),
    limit=st.sampled_from([0.0, 0.1, 1.0, 5.0]),
    window_ms=st.sampled_from([0, 5, 10, 30]).map(lambda tenths: tenths * TENTH_MS),
    change=st.booleans(),
)
rules = st.builds(
    Combined,
    conditions=st.lists(conditions, min_size=1, max_size=4).map(tuple),
    at_least=st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
)


def by_hand(row: Condition, history: Readings) -> interpreter.Condition:
    """As the interpreter takes it: the member and what is made of it."""
    series, decimals = plain(history), INDICATORS[row.indicator].decimals
    made = interpreter.values(series)
    if row.window_ms:
        made = interpreter.mean(series, row.window_ms, decimals)
        if row.change:
            made = interpreter.change(series, row.window_ms, decimals, DAY_MS)
    return interpreter.Condition(series, list(made), interpreter.Level("", row.sign, row.limit))


@given(both, rules)
def test_the_interpreter_finds_the_same(both: tuple[Readings, Readings], signal: Combined) -> None:
    of = {f"lower/{code}": history for code, history in zip((AMMONIA, OXYGEN), both, strict=True)}
    rule = [by_hand(row, of[f"lower/{row.indicator}"]) for row in signal.conditions]
    expected = interpreter.combined(rule, set(signal.at_least), DAY_MS, EVER)
    assert whole(signal, DAILY, [of[name] for name in signal.members(DAILY)]) == list(expected)


FARTHEST = readings({0: 0, 20 * TENTH_MS: 3}), readings({45 * TENTH_MS: 4})
"""The change that counts last began all that the lookback of this rule reaches before."""
RISEN = msgspec.structs.replace(RISING, window_ms=10 * TENTH_MS)


@example(FARTHEST, asked(2, of=(RISEN, LOW)), range(400))
@given(both, rules, cuts)
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    both: tuple[Readings, Readings], signal: Combined, at: Iterable[int]
) -> None:
    """Instants between two cuts see nothing older or newer."""
    of = {f"lower/{code}": history for code, history in zip((AMMONIA, OXYGEN), both, strict=True)}
    members = [of[name] for name in signal.members(DAILY)]
    assert in_parts(signal, DAILY, members, at) == whole(signal, DAILY, members)
