"""A station that begins anew with every message costs the others nothing."""

from __future__ import annotations

import json
import time

from tests.attack.serving import Serving
from tests.chaos.path import SOAK
from tests.conftest import wait_until

LIVE = {"v": 1, "o": 1, "k": 0, "r": {"w21003": [1, 0]}}
BOOTS = 36_000 if SOAK else 3_000
AT_ONCE = 3_000
"""More than a broker's queue holds would be lost there already."""


def test_given_another_boot_with_each_sample_all_is_settled_and_honest_stations_are_heard(
    centre: Serving,
) -> None:
    """Every one of the samples counts, and the ledger knows how many there were."""
    before = centre.counts()
    letters, now_ms = centre.letters(), time.time_ns() // 1_000_000
    with centre.undisturbed():
        for first in range(0, BOOTS, AT_ONCE):
            for n in range(first, first + AT_ONCE):
                live = LIVE | {"t": now_ms - n, "q": now_ms}
                centre.bad(f"readings/{n:032x}/1", json.dumps(live).encode())
            sent = before.arrived + first + AT_ONCE
            wait_until(lambda sent=sent: centre.counts().arrived >= sent)
    assert centre.letters() == letters
    assert centre.counts().lost == before.lost
