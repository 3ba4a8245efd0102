"""A station beyond its budget waits by itself, and it is told."""

from __future__ import annotations

import itertools
import json
import uuid

from config.vocabulary.bounds import HISTORY_SAMPLES
from tests.attack.honest import HONEST
from tests.attack.serving import Serving
from tests.conftest import wait_until

A_TURN = 20
"""Batches; each is as many dead letters as it has rows, so few of them are beyond the budget, which
a sender that shares the machine with the centre does not reach by live messages.
"""
PATIENCE_S = 300
"""Until all of it has arrived: what is held back is still to come."""


def test_given_more_dead_letters_than_a_budget_has_its_station_alone_is_held_back(
    centre: Serving,
) -> None:
    """None of the honest stations' messages is."""
    boot, batches, rows = uuid.uuid4().hex, itertools.count(), HISTORY_SAMPLES
    before = centre.counts()

    def flood() -> None:
        for first in (1 + next(batches) * rows for _ in range(A_TURN)):
            batch = {"v": 1, "o": 1, "q": 1, "s": list(range(first, first + rows))}
            batch |= {
                "t": [1] * rows,
                "k": [0] * rows,
                "r": {"w21003": [[1.0] * rows, [0] * rows]},
            }
            centre.bad(f"history/{boot}/{first}-{first + rows - 1}", json.dumps(batch).encode())

    with centre.undisturbed():
        wait_until(lambda: centre.counts().over_budget, flood)
    assert centre.counts().held_back > 0
    every = before.arrived + next(batches) * rows
    wait_until(lambda: centre.counts().arrived == every, seconds=PATIENCE_S)
    assert not any(centre.counts(of).held_back for of in HONEST)
