"""The watch between journal and record: late readings, with a store that lags or is away."""

from __future__ import annotations

import pytest

from alerting.watch import AWAY_MS
from ingest.store.protocol import StoreAway, Track
from tests.alerting.conftest import House


def test_late_readings_are_judged_though_the_store_has_none_of_them_yet(house: House) -> None:
    """The journal has: an alert that was and ended is found, and marked as found afterwards."""
    house.measured(0, 60, 1.5)
    house.settle()

    ((rule, began_s, resolved_ms, retrospective),) = house.record()
    assert (rule, began_s, retrospective) == ("ammonia-over-class", 0, True)
    assert resolved_ms is not None
    assert house.watch.settled


def test_a_store_that_goes_away_half_way_leaves_engine_and_record_as_they_were(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And everything is found when it is back; meanwhile it is not asked at every turn."""
    asked = 0
    track = house.store.track

    def half(series: str, from_ms: int, to_ms: int) -> Track:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise StoreAway("store_url http://nowhere: away; start it")
        return track(series, from_ms, to_ms)

    monkeypatch.setattr(house.store, "track", half)
    house.measured(0, 60, 1.5)
    house.watch.step()
    house.watch.step()

    assert asked == 2
    assert house.record() == []
    assert not house.watch.settled
    assert caplog.text.count("late readings wait for their store") == 1
    monkeypatch.undo()
    house.now_ms += AWAY_MS
    house.settle()
    assert [row[:2] for row in house.record()] == [("ammonia-over-class", 0)]


def test_late_readings_that_change_nothing_of_a_standing_alert_leave_no_trace(
    house: House,
) -> None:
    """It has grown since it fired, which is no news."""
    house.measured(160, 170, 1.2)
    house.measured(170, 200, 1.5)
    house.settle()
    before = house.alerts()
    house.measured(0, 60, 0.4)
    house.settle()
    assert house.alerts() == before
    assert house.changes() == ["fired"]


def test_an_alert_that_is_moved_while_it_stands_keeps_its_progress(house: House) -> None:
    """Peak and last value are those of all its readings."""
    house.measured(165, 170, 1.2)
    house.measured(170, 200, 1.5)
    house.settle()
    house.measured(160, 165, 1.2)
    house.settle()
    assert house.spans() == [(160, None)]
    assert [(alert.peak, alert.last_value) for alert in house.alerts()] == [(1.5, 1.5)]


def test_a_corrected_last_reading_of_a_standing_alert_is_its_last_value(house: House) -> None:
    """Though no reading followed."""
    house.measured(160, 200, 1.5)
    house.settle()
    house.decide(199, 200, value=1.4)
    house.settle()
    assert [(alert.peak, alert.last_value) for alert in house.alerts()] == [(1.5, 1.4)]
