"""The watch between journal and record: late readings, with a store that lags or is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from alerting import repository as tables
from alerting import rules
from alerting.repository import Repository
from alerting.watch import AWAY_MS, Watch
from alerting.wording import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import Settings
from ingest.journal import Columns, Journal
from ingest.state import open_state
from ingest.store.duckdb import DuckDBStore
from ingest.store.protocol import StoreAway, Track

T0 = 1_795_492_800_000
SERIES = "tonglv-pingchao/w21003"


class House:
    """Journal, an empty store that no keeper fills, and the watch; the test sets the clock."""

    def __init__(self, folder: Path, district: Path, catalogue: Catalogue) -> None:
        self.now_ms = T0 + 600_000
        self.journal = Journal(folder / "journal")
        self.store = DuckDBStore(folder / "readings.duckdb")
        self.state = open_state(Settings(data_dir=folder))
        self.state.migrate([tables.MIGRATIONS])
        self.repository = Repository(self.state)
        in_force = rules.load(district / "rules.toml", catalogue)
        wording = Wording(Words.load("zh-CN"), catalogue, in_force)
        self.watch = Watch(
            self.journal,
            self.store,
            self.repository,
            in_force,
            catalogue,
            wording,
            lambda: self.now_ms,
        )

    def measured(self, from_s: int, to_s: int, value: float) -> None:
        """One good reading of ammonia a second."""
        t = T0 + np.arange(from_s, to_s, dtype=np.int64) * 1000
        count = len(t)
        columns = Columns(
            names=(SERIES,),
            series=np.zeros(count, np.uint32),
            t=t,
            value=np.full(count, value),
            quality=np.ones(count, np.uint8),
            cause=np.zeros(count, np.uint8),
            received=t,
            boots=("ab" * 16,),
            boot=np.zeros(count, np.uint16),
            seq=np.arange(count),
        )
        self.journal.append(columns)

    def settle(self) -> None:
        """Until there is nothing to do."""
        while self.watch.step():
            self.now_ms += 2000

    def record(self) -> list[tuple[str, int, int | None, bool]]:
        """Alerts: rule, beginning and end in seconds, and whether they were found afterwards."""
        alerts = [kept.alert for kept in self.repository.listing()]
        return [
            (a.rule_id, (a.began_ms - T0) // 1000, a.resolved_ms, a.retrospective) for a in alerts
        ]

    def close(self) -> None:
        """Let go."""
        self.store.close()
        self.state.close()
        self.journal.close()


@pytest.fixture
def house(tmp_path: Path, district: Path, catalogue: Catalogue) -> Iterator[House]:
    """Quiet readings of the last minute."""
    made = House(tmp_path, district, catalogue)
    made.measured(100, 160, 0.4)
    made.settle()
    yield made
    made.close()


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
