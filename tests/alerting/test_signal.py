"""Rules that look at a mean or a change over a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting import documents
from alerting.alert import Level
from alerting.conditions import signal
from alerting.conditions.looking import Readings
from alerting.conditions.signal import Change, Mean
from alerting.rules import Kinds, Rule
from alerting.wording import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.vocabulary.errors import FaultyInput
from tests.alerting import interpreter, looks
from tests.alerting.conftest import T0, House

readings = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 4000).map(lambda v: v / 1000)), max_size=50
).map(lambda rows: [(sum(gap for gap, _ in rows[: i + 1]), v) for i, (_, v) in enumerate(rows)])


def rule(house: House, kind: Kinds, window_s: float) -> Rule:
    """Ammonia, with a window."""
    of = house.rulebook.versions("ammonia-over-class")[-1].rule
    window_ms = int(window_s * 1000)
    look = Change(window_ms=window_ms) if kind == "rate" else Mean(window_ms=window_ms)
    return replace(of, kind=kind, look=look, version=of.version + 1)


@given(readings, st.integers(1, 100))
def test_a_mean_is_that_of_the_values_of_its_window(
    rows: list[tuple[int, float]], window: int
) -> None:
    """The window is open at its beginning and closed at the reading."""
    t, value = np.array([at for at, _ in rows], np.int64), np.array([v for _, v in rows], float)
    found = signal.means(t, value, 0, window, 3)
    for at, mean in zip(t.tolist(), found.tolist(), strict=True):
        inside = [v for when, v in rows if at - window < when <= at]
        assert mean == pytest.approx(sum(inside) / len(inside), abs=6e-5)


@given(readings, st.integers(1, 100))
def test_a_change_is_from_the_last_reading_a_window_ago(
    rows: list[tuple[int, float]], window: int
) -> None:
    """Scaled to the window; unknown where that reading lies more than two windows back."""
    t, value = np.array([at for at, _ in rows], np.int64), np.array([v for _, v in rows], float)
    for (at, now), found in zip(rows, signal.changes(t, value, 0, window, 3), strict=True):
        before = [(when, v) for when, v in rows if when <= at - window]
        if not before or at - before[-1][0] > 2 * window:
            assert np.isnan(found)
        else:
            when, was = before[-1]
            assert found == pytest.approx((now - was) * window / (at - when), abs=6e-5)


AMMONIA = looks.at_lower("w21003")
"""Three decimals, so that means and changes have four."""


@pytest.mark.parametrize(
    ("why", "look", "given_values", "signal"),
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
        ("unknown when that is more than another window back",
         Change(window_ms=20), {0: 1, 41: 5}, []),
        ("a fall is negative", Change(window_ms=10), [5, 1], [(10, -4)]),
        ("a half of a change goes to the even digit", Change(window_ms=10), {0: 1, 20: 1.0003}, [(20, 0.0002)]),
        ("a rise of a half is no more than that", Change(window_ms=10), [0.6, 1.1], [(10, 0.5)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_means_and_changes_are_what_the_definition_says(
    why: str, look: Mean | Change, given_values: looks.Given, signal: looks.Rows
) -> None:
    """One sentence of it a row, for ammonia, a reading every ten milliseconds."""
    assert looks.whole(look, AMMONIA, [looks.readings(given_values)]) == signal


def test_a_zero_has_no_sign() -> None:
    """A page would show it."""
    members = [looks.readings([0.00001, -0.00001])]
    for look in (Mean(window_ms=10), Change(window_ms=10)):
        _, value = look.signal(AMMONIA, members, 0, 10)
        assert value.tolist() == [0.0]
        assert not np.signbit(value).any()


histories = looks.histories([v / 1000 for v in range(4001)])
means_and_changes = st.builds(
    lambda kind, window: kind(window_ms=window),
    st.sampled_from([Mean, Change]),
    st.sampled_from([1, 5, 10, 13, 20, 64, 100]),
)


@given(histories, means_and_changes)
def test_the_interpreter_finds_the_same(history: Readings, look: Mean | Change) -> None:
    """To the bit, rounding included: it counts in fractions."""
    by_hand = interpreter.mean if isinstance(look, Mean) else interpreter.change
    expected = list(by_hand(looks.plain(history), look.window_ms, 3))
    assert looks.whole(look, AMMONIA, [history]) == expected


@given(histories, means_and_changes, looks.cuts)
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    history: Readings, look: Mean | Change, at: Iterable[int]
) -> None:
    """To the bit; instants between two cuts see nothing older or newer."""
    expected = looks.whole(look, AMMONIA, [history])
    assert looks.in_parts(look, AMMONIA, [history], at) == expected


def test_a_mean_rides_over_what_a_value_would_have_alarmed(house: House) -> None:
    """Five high seconds in a minute are no high minute; late ones may make it one."""
    with house.state.begin() as connection:
        house.rulebook.save(
            connection,
            rule(house, "threshold", 60),
            author="李岚",
            reason="均值",
            valid_from_ms=T0,
            now_ms=T0,
        )
    house.measured(160, 220, 0.4)
    house.measured(220, 225, 2.5)
    house.measured(260, 300, 0.4)
    house.settle()
    assert house.spans() == []

    house.measured(225, 260, 2.5)
    house.settle()

    assert house.spans()
    (began, _) = house.spans()[0]
    assert 235 < began < 245, "when more than a third of the last minute was high"


def test_a_rise_alarms_by_its_pace(house: House, catalogue: Catalogue) -> None:
    """And says so: over how long it changed, without a multiple."""
    with house.state.begin() as connection:
        saved = house.rulebook.save(
            connection,
            rule(house, "rate", 10),
            author="李岚",
            reason="骤升",
            valid_from_ms=T0,
            now_ms=T0,
        )
    for second in range(160, 200):
        house.measured(second, second + 1, 0.4 + 0.15 * (second - 160))
    house.settle()

    alarm = next(a for a in house.alerts() if a.level is Level.ALARM)
    assert alarm.peak == pytest.approx(1.5)
    wording = Wording(Words.load("zh-CN"), catalogue, lambda: [saved.rule])
    said = wording.sentences(alarm, house.now_ms)
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
