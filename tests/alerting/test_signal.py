"""Rules that look at a mean or a change over a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.alert import Level
from alerting.rules import documents
from alerting.rules.conditions import window as windows
from alerting.rules.conditions.signal import Readings
from alerting.rules.conditions.window import Change, Mean
from alerting.rules.rule import Rule
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.vocabulary.errors import FaultyInput
from tests.alerting import interpreter, signals
from tests.alerting.conftest import T0, RunningCentre

readings = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 4000).map(lambda v: v / 1000)), max_size=50
).map(lambda rows: [(sum(gap for gap, _ in rows[: i + 1]), v) for i, (_, v) in enumerate(rows)])


def rule(centre: RunningCentre, kind: str, window_s: float) -> Rule:
    """Ammonia, with a window."""
    of = centre.rule_repository.versions("ammonia-over-class")[-1].rule
    window_ms = int(window_s * 1000)
    signal = Change(window_ms=window_ms) if kind == "rate" else Mean(window_ms=window_ms)
    return replace(of, kind=kind, signal=signal, version=of.version + 1)


@given(readings, st.integers(1, 100))
def test_a_mean_is_that_of_the_values_of_its_window(
    rows: list[tuple[int, float]], window: int
) -> None:
    """The window is open at its beginning and closed at the reading."""
    t, value = np.array([at for at, _ in rows], np.int64), np.array([v for _, v in rows], float)
    found = windows.means(t, value, 0, window, 3)
    for at, mean in zip(t.tolist(), found.tolist(), strict=True):
        inside = [v for when, v in rows if at - window < when <= at]
        assert mean == pytest.approx(sum(inside) / len(inside), abs=6e-5)


@given(readings, st.integers(1, 100))
def test_a_change_is_from_the_last_reading_a_window_ago(
    rows: list[tuple[int, float]], window: int
) -> None:
    """Scaled to the window; unknown where that reading lies more than two windows back."""
    each = np.ones(len(rows), np.int64)
    t, value = np.array([at for at, _ in rows], np.int64), np.array([v for _, v in rows], float)
    for (at, now), found in zip(rows, windows.changes(t, value, 0, window, each, 3), strict=True):
        before = [(when, v) for when, v in rows if when <= at - window]
        if not before or at - before[-1][0] > 2 * window:
            assert np.isnan(found)
        else:
            when, was = before[-1]
            assert found == pytest.approx((now - was) * window / (at - when), abs=6e-5)


AMMONIA = signals.at_lower("w21003")
"""Three decimals, so that means and changes have four."""


@pytest.mark.parametrize(
    ("why", "signal", "given_values", "expected"),
    [
        ("a mean is of the window that ends at the reading",
         Mean(window_ms=20), [1, 2, 4], [(0, 1), (10, 1.5), (20, 3)]),
        ("a reading a whole window back is outside", Mean(window_ms=10), [1, 2], [(0, 1), (10, 2)]),
        ("holes are no readings", Mean(window_ms=30), [1, None, 2, None, None, 4],
         [(0, 1), (20, 1.5), (50, 4)]),
        ("one decimal beyond the indicator's",
         Mean(window_ms=30), [1, 1, 2], [(0, 1), (10, 1), (20, 1.3333)]),
        ("a half goes to the even digit", Mean(window_ms=20), [0.0001, 0.0002], [(0, 0.0001), (10, 0.0002)]),
        ("down as well as up", Mean(window_ms=20), [0.003, 0.0031], [(0, 0.003), (10, 0.003)]),
        ("three tenths are no more than that", Mean(window_ms=30), [0.1] * 3, [(0, 0.1), (10, 0.1), (20, 0.1)]),
        ("a change is from the last reading at the window's beginning",
         Change(window_ms=20), [1, 2, 4, 8], [(20, 3), (30, 6)]),
        ("or before it, scaled", Change(window_ms=20), {0: 1, 30: 4}, [(30, 2)]),
        ("just another window back", Change(window_ms=20), {0: 1, 40: 5}, [(40, 2)]),
        ("just another window and a quarter of a cadence back",
         Change(window_ms=20), {0: 1, 42: 5.2}, [(42, 2)]),
        ("unknown when that is more", Change(window_ms=20), {0: 1, 43: 5}, []),
        ("or from one that comes a quarter of a cadence early, scaled",
         Change(window_ms=20), {0: 1, 18: 2.8}, [(18, 2)]),
        ("not from one that comes earlier", Change(window_ms=20), {0: 1, 17: 2.8}, []),
        ("a window shorter than the cadence is as long as it",
         Change(window_ms=1), [1, 2, 4], [(10, 1), (20, 2)]),
        ("with jitter too", Change(window_ms=1), {0: 1, 8: 2.6}, [(8, 2)]),
        ("a fall is negative", Change(window_ms=10), [5, 1], [(10, -4)]),
        ("a half of a change goes to the even digit", Change(window_ms=10), {0: 1, 20: 1.0003}, [(20, 0.0002)]),
        ("a rise of a half is no more than that", Change(window_ms=10), [0.6, 1.1], [(10, 0.5)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_means_and_changes_are_what_the_definition_says(
    why: str, signal: Mean | Change, given_values: signals.Given, expected: signals.Rows
) -> None:
    """One sentence of it a row, for ammonia, a reading every ten milliseconds."""
    assert signals.whole(signal, AMMONIA, [signals.readings(given_values)]) == expected


def test_a_zero_has_no_sign() -> None:
    """A page would show it."""
    members = [signals.readings([0.00001, -0.00001])]
    for signal in (Mean(window_ms=10), Change(window_ms=10)):
        _, value = signal.compute(AMMONIA, members, 0, 10)
        assert value.tolist() == [0.0]
        assert not np.signbit(value).any()


histories = signals.histories([v / 1000 for v in range(4001)])
means_and_changes = st.builds(
    lambda kind, window: kind(window_ms=window),
    st.sampled_from([Mean, Change]),
    st.sampled_from([1, 5, 10, 13, 20, 64, 100]),
)


@given(histories, means_and_changes)
def test_the_interpreter_finds_the_same(history: Readings, signal: Mean | Change) -> None:
    """To the bit, rounding included: it counts in fractions."""
    plain, window_ms = signals.plain(history), signal.window_ms
    if isinstance(signal, Mean):
        expected = list(interpreter.mean(plain, window_ms, 3))
    else:
        expected = list(interpreter.change(plain, window_ms, 3, signals.STEP))
    assert signals.whole(signal, AMMONIA, [history]) == expected


@given(histories, means_and_changes, signals.cuts)
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    history: Readings, signal: Mean | Change, at: Iterable[int]
) -> None:
    """To the bit; instants between two cuts see nothing older or newer."""
    expected = signals.whole(signal, AMMONIA, [history])
    assert signals.in_parts(signal, AMMONIA, [history], at) == expected


def test_a_mean_rides_over_what_a_value_would_have_alarmed(centre: RunningCentre) -> None:
    """Five high seconds in a minute are no high minute; late ones may make it one."""
    with centre.state.begin() as connection:
        centre.rule_repository.save(
            connection,
            rule(centre, "threshold", 60),
            author="李岚",
            account="huanbao",
            reason="均值",
            valid_from_ms=T0,
            now_ms=T0,
        )
    centre.measured(160, 220, 0.4)
    centre.measured(220, 225, 2.5)
    centre.measured(260, 300, 0.4)
    centre.settle()
    assert centre.spans() == []

    centre.measured(225, 260, 2.5)
    centre.settle()

    assert centre.spans()
    (began, _) = centre.spans()[0]
    assert 235 < began < 245, "when more than a third of the last minute was high"


def test_a_rise_alarms_by_its_pace(centre: RunningCentre, catalogue: Catalogue) -> None:
    """And says so: over how long it changed, without a multiple."""
    with centre.state.begin() as connection:
        saved = centre.rule_repository.save(
            connection,
            rule(centre, "rate", 10),
            author="李岚",
            account="huanbao",
            reason="骤升",
            valid_from_ms=T0,
            now_ms=T0,
        )
    for second in range(160, 200):
        centre.measured(second, second + 1, 0.4 + 0.15 * (second - 160))
    centre.settle()

    alarm = next(a for a in centre.alerts() if a.level is Level.ALARM)
    assert alarm.peak == pytest.approx(1.5)
    wording = Wording(Words.load("zh-CN"), catalogue, lambda: [saved.rule])
    said = wording.sentences(alarm, centre.now_ms)
    assert "上升 1.500 mg/L，超过报警值" in said.summary
    assert "倍" not in said.summary


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "window: is missing"),
        ('window = "ever"', "is not a duration"),
        ('window = "8d"', "is no window"),
    ],
)
def test_a_rate_says_over_how_long(
    tmp_path: Path, catalogue: Catalogue, line: str, message: str
) -> None:
    """One line for each fault."""
    file = tmp_path / "rules.toml"
    head = '[[rule]]\nid = "r"\nname = "r"\nkind = "rate"\nindicator = "w21003"\nreason = "r"\n'
    file.write_text(f'{head}{line}\n[[rule.level]]\nlevel = "alarm"\nabove = 1.0\n')
    with pytest.raises(FaultyInput, match=message):
        documents.load(file, catalogue)
