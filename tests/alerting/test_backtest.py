"""A back-test equals the record as amended, and counts what people would have heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import Alert, Level, State, Verdict
from alerting.backtest import backtest
from alerting.backtest.backtest import EAST, Caught, Outcome, Readings, caught, tried
from alerting.rules import documents
from config.catalogue.shapes import Catalogue
from tests.alerting.conftest import SERIES, T0, RunningCentre
from tests.conftest import examples

EMPTY: Readings = (np.empty(0, np.int64), np.empty(0))


def at(text: str) -> int:
    """An instant of Asia/Shanghai."""
    return int(datetime.fromisoformat(text).replace(tzinfo=EAST).timestamp() * 1000)


def of(series: str, t: list[int], value: list[float]) -> backtest.Readings:
    """Good readings, for one series."""
    return (np.array(t, np.int64), np.array(value)) if series == SERIES else EMPTY


@settings(max_examples=examples(40))
@given(st.lists(st.sampled_from([0.4, 0.95, 1.0, 1.5, 2.5]), min_size=1, max_size=60))
def test_it_finds_what_the_watch_recorded(
    tmp_path_factory: pytest.TempPathFactory,
    district: Path,
    catalogue: Catalogue,
    values: list[float],
) -> None:
    """Of the same readings, with the same rules; identity, times, peaks and state."""
    folder = tmp_path_factory.mktemp("back")
    centre = RunningCentre(folder, district, catalogue)
    for target, value in enumerate(values):
        centre.measured(target * 2, target * 2 + 2, value)
    centre.settle()
    recorded = [a for a in centre.alerts() if a.about == "pollution"]
    centre.close()

    t = [T0 + second * 1000 for second in range(2 * len(values))]
    repeated = [value for value in values for _ in range(2)]
    in_force = documents.load(district / "rules.toml", catalogue)
    outcome = tried(in_force, catalogue, lambda name: of(name, t, repeated), t[-1])

    found = [a for a in outcome.alerts if a.about == "pollution"]
    assert [(a.id, a.state, a.began_ms, a.fired_ms, a.resolved_ms, a.peak) for a in found] == [
        (a.id, a.state, a.began_ms, a.fired_ms, a.resolved_ms, a.peak) for a in recorded
    ]


def test_messages_are_counted_by_whom_they_reach_and_whether_at_night(
    district: Path, catalogue: Catalogue
) -> None:
    """A night belongs to the evening on which it begins; ends at night are one digest of the
    morning.
    """
    t, value = [], []
    for begin in ("2026-05-01T12:00", "2026-05-01T23:00", "2026-05-02T05:30"):
        for second in range(1800):
            t.append(at(begin) + second * 1000)
            value.append(1.5 if second < 600 else 0.4)
    ammonia = [
        r for r in documents.load(district / "rules.toml", catalogue) if r.indicator == "w21003"
    ]

    counts = tried(ammonia, catalogue, lambda name: of(name, t, value), t[-1]).counts()

    assert counts.alerts == 3
    assert counts.by_level == {"alarm": 3}
    assert counts.by_month == {"2026-05": 3}
    assert counts.messages == {"deputy": 5, "officer": 5}
    assert counts.at_night == {"deputy": 2, "officer": 2}
    assert counts.nights == {"deputy": 1, "officer": 1}
    assert 0.5 < counts.hours < 0.6


def test_two_versions_are_compared_alert_by_alert(district: Path, catalogue: Catalogue) -> None:
    """Those that overlap are the same one; the rest stands in one version only."""
    t = [T0 + second * 1000 for second in range(60)]
    value = [1.5 if second < 10 else 3.0 if 30 <= second < 40 else 0.4 for second in range(60)]
    ammonia = [
        r for r in documents.load(district / "rules.toml", catalogue) if r.indicator == "w21003"
    ]
    alarm, *higher = ammonia[0].limits
    wider = replace(
        ammonia[0], limits=(replace(alarm, limit=2.5, clear_limit=2.0), *higher), version=2
    )

    now = tried(ammonia, catalogue, lambda name: of(name, t, value), t[-1])
    draft = tried([wider], catalogue, lambda name: of(name, t, value), t[-1])
    difference = backtest.compared(now, draft)

    assert [a.began_ms for a in difference.only_first] == [T0]
    assert difference.only_second == ()
    assert [(a.began_ms, b.began_ms) for a, b in difference.both if a.level.name == "ALARM"] == [
        (T0 + 30_000, T0 + 30_000)
    ]


def test_an_absence_that_lasts_to_the_end_stands(district: Path, catalogue: Catalogue) -> None:
    """Silence is known up to the end of the data, and no further."""
    in_force = [
        r for r in documents.load(district / "rules.toml", catalogue) if r.kind == "absence"
    ]
    readings = (np.array([T0], np.int64), np.array([0.4]))

    outcome = tried(
        in_force, catalogue, lambda name: readings if name == SERIES else EMPTY, T0 + 3_600_000
    )

    assert outcome.alerts
    assert {(a.state, a.began_ms) for a in outcome.alerts} == {(State.FIRING, T0)}


ALERT = Alert(
    id="a" * 20,
    rule_id="ammonia-over-class",
    rule_version=1,
    level=Level.ALARM,
    about="pollution",
    station="tonglv-pingchao",
    indicator="w21003",
    state=State.RESOLVED,
    began_ms=T0 + 10_000,
    fired_ms=T0 + 13_000,
    resolved_ms=T0 + 30_000,
)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"id": "b" * 20, "rule_version": 2, "level": Level.CRITICAL}, True),
        ({"began_ms": T0 + 29_000, "resolved_ms": T0 + 50_000}, True),
        ({"began_ms": T0, "resolved_ms": None}, True),
        ({"began_ms": T0 + 31_000, "resolved_ms": T0 + 50_000}, False),
        ({"began_ms": T0, "resolved_ms": T0 + 9_000}, False),
        ({"rule_id": "oxygen-low"}, False),
        ({"station": "tonglv-jinsha"}, False),
        ({"indicator": "w01009"}, False),
    ],
)
def test_a_reviewed_alert_is_kept_where_one_of_its_rule_and_series_overlaps(
    changes: dict[str, object], kept: bool
) -> None:
    """Of whatever level and version."""
    found = replace(ALERT, **changes)  # type: ignore[arg-type]
    outcome = Outcome((found,), (), T0 + 60_000)
    assert caught(outcome, [(ALERT, Verdict.TRUE)]) == Caught(int(kept), 1, 0, 0)


def test_what_is_no_true_alarm_counts_as_a_false_one() -> None:
    """Be it the sensor's fault or planned; and two that one alert meets are both kept."""
    outcome = Outcome((ALERT,), (), T0 + 60_000)
    later = replace(ALERT, began_ms=T0 + 40_000, resolved_ms=None)
    reviewed = [(alert, verdict) for verdict in Verdict for alert in (ALERT, ALERT, later)]
    assert caught(outcome, reviewed) == Caught(2, 3, 6, 9)


def test_what_began_behind_the_end_of_an_outcome_does_not_count() -> None:
    """No version could have caught it."""
    outcome = Outcome((ALERT,), (), T0 + 10_000)
    later = replace(ALERT, began_ms=T0 + 10_001)
    reviewed = [(ALERT, Verdict.TRUE), (later, Verdict.TRUE), (later, Verdict.FALSE)]
    assert caught(outcome, reviewed) == Caught(1, 1, 0, 0)
