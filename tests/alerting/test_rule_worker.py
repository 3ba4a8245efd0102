"""The rule worker between journal and record: late readings, with a store that lags or is away."""

from __future__ import annotations

import pytest

from alerting.rule_worker import AWAY_MS, NOTED_INTERVAL_MS
from ingest.store.protocol import StoreAway, Track
from tests.alerting.conftest import RunningCentre


def test_late_readings_are_judged_though_the_store_has_none_of_them_yet(
    centre: RunningCentre,
) -> None:
    """The journal has: an alert that was and ended is found, and marked as found afterwards."""
    centre.measured(0, 60, 1.5)
    centre.settle()

    ((rule, began_s, resolved_ms, retrospective),) = centre.record()
    assert (rule, began_s, retrospective) == ("ammonia-over-class", 0, True)
    assert resolved_ms is not None
    assert centre.rule_worker.settled


def test_an_alert_that_was_found_afterwards_stays_so_when_it_ends_like_any_other(
    centre: RunningCentre,
) -> None:
    """Whoever reads it must know why nobody was called when it began."""
    centre.measured(200, 201, 0.4)
    centre.measured(170, 200, 1.5)
    centre.settle()
    assert [row[2:] for row in centre.record()] == [(None, True)]

    centre.measured(201, 260, 0.4)
    centre.settle()

    ((_, _, resolved_ms, retrospective),) = centre.record()
    assert resolved_ms is not None
    assert retrospective


def test_a_store_that_goes_away_half_way_leaves_engine_and_record_as_they_were(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And everything is found when it is back; meanwhile it is not asked at every turn."""
    asked = 0
    track = centre.store.track

    def half(series: str, from_ms: int, to_ms: int) -> Track:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise StoreAway("store_url http://nowhere: away; start it")
        return track(series, from_ms, to_ms)

    monkeypatch.setattr(centre.store, "track", half)
    centre.measured(0, 60, 1.5)
    centre.rule_worker.step()
    centre.rule_worker.step()

    assert asked == 2
    assert centre.record() == []
    assert not centre.rule_worker.settled
    assert caplog.text.count("late readings wait for their store") == 1
    monkeypatch.undo()
    centre.now_ms += AWAY_MS
    centre.settle()
    assert [row[:2] for row in centre.record()] == [("ammonia-over-class", 0)]


def test_given_entries_keep_coming_and_change_nothing_when_a_second_passed_then_they_are_kept(
    centre: RunningCentre,
) -> None:
    """Once for all of them; a worker that begins anew goes on behind what is kept."""
    repository = centre.rule_worker.repository
    centre.measured(200, 201, 0.4)
    centre.rule_worker.step()
    kept, _ = repository.engine_snapshot()
    assert kept == centre.rule_worker.n

    for at_s in range(201, 211):
        centre.measured(at_s, at_s + 1, 0.4)
        centre.rule_worker.step()
        assert repository.engine_snapshot()[0] == centre.rule_worker.kept == kept
    assert not centre.rule_worker.settled
    centre.now_ms += NOTED_INTERVAL_MS
    centre.rule_worker.step()

    assert repository.engine_snapshot()[0] == centre.rule_worker.n == kept + 10
    assert centre.rule_worker.settled


def test_given_nothing_more_comes_when_the_worker_has_waited_then_all_is_kept(
    centre: RunningCentre,
) -> None:
    for at_s in (200, 201):
        centre.measured(at_s, at_s + 1, 0.4)
        centre.rule_worker.step()
    assert not centre.rule_worker.settled

    centre.rule_worker.keep()

    assert centre.rule_worker.settled


def test_late_readings_that_change_nothing_of_a_standing_alert_leave_no_trace(
    centre: RunningCentre,
) -> None:
    """It has grown since it fired, which is no news."""
    centre.measured(160, 170, 1.2)
    centre.measured(170, 200, 1.5)
    centre.settle()
    before = centre.alerts()
    centre.measured(0, 60, 0.4)
    centre.settle()
    assert centre.alerts() == before
    assert centre.changes() == ["fired"]


def test_an_alert_that_is_moved_while_it_stands_keeps_its_progress(centre: RunningCentre) -> None:
    """Peak and last value are those of all its readings."""
    centre.measured(165, 170, 1.2)
    centre.measured(170, 200, 1.5)
    centre.settle()
    centre.measured(160, 165, 1.2)
    centre.settle()
    assert centre.spans() == [(160, None)]
    assert [(alert.peak, alert.last_value) for alert in centre.alerts()] == [(1.5, 1.5)]


def test_a_corrected_last_reading_of_a_standing_alert_is_its_last_value(
    centre: RunningCentre,
) -> None:
    """Though no reading followed."""
    centre.measured(160, 200, 1.5)
    centre.settle()
    centre.decide(199, 200, value=1.4)
    centre.settle()
    assert [(alert.peak, alert.last_value) for alert in centre.alerts()] == [(1.5, 1.4)]
