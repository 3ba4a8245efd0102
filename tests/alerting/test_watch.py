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
