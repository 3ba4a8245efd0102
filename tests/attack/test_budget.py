"""A station that sends as fast as it can waits by itself."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from ingest.arrival import budget
from tests.attack.attacked import HONEST, THIEF, attacked
from tests.chaos.path import SOAK
from tests.conftest import wait_until

BOOT = "cd" * 16
FLOOD = 20_000 if SOAK else 2000
A_SECOND = 100
"""Of messages: a thief that shares a machine with its centre sends hardly more than the budget."""
MEASURED = 20 if SOAK else 3


def test_given_a_flood_of_live_messages_of_one_station_honest_ones_are_settled_and_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of theirs is held back."""
    monkeypatch.setattr(budget, "MESSAGES_S", A_SECOND)
    with attacked(tmp_path) as centre:
        now_ms = time.time_ns() // 1_000_000
        for n in range(FLOOD):
            live = {"v": 1, "o": 1, "k": 0, "t": now_ms - n, "q": now_ms, "r": {"w21003": [1, 0]}}
            centre.bad(f"readings/{BOOT}/{n + 1}", json.dumps(live).encode())
            if n % (FLOOD // MEASURED) == 0:
                centre.measured()
        wait_until(centre.settled)
        bus, parts = centre.running.bus, centre.running.services
        wait_until(lambda: THIEF in bus.held_back)
        wait_until(lambda: parts.centre.station(THIEF).over_budget)
        assert parts.centre.station(THIEF).held_back > 0
        assert not set(HONEST) & set(bus.held_back)
        assert bus.turned_away == 0
