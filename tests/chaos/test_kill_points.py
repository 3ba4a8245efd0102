"""SIGKILL at every named point of the path, and a start afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.embedded import EmbeddedBroker
from tests.chaos.path import SOAK, Journey, Outcome
from tests.conftest import free_port

COUNT = 2000 if SOAK else 100
# A backlog of COUNT samples comes in no fewer than seventeen rounds, growing by a fifth each.
TIMES = range(1, 17) if SOAK else (2,)
HOUSE = ("journaled", "stored", "before-engine", "transition-committed")
FIELD = ("spooled", "published", "forgetting")
USERS = {"centre": "c", "tongzhou.tonglv-jinsha": "s"}


@pytest.fixture(scope="module")
def broker() -> Iterator[int]:
    """The embedded broker."""
    port = free_port()
    with EmbeddedBroker(port, USERS):
        yield port


@pytest.fixture(scope="module")
def base_ms() -> int:
    """One beginning for all runs, so that they can be compared."""
    return time.time_ns() // 1_000_000 - 3_600_000


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, broker: int, quiet_district: Path, base_ms: int
) -> Outcome:
    """What comes of a run in which nobody is killed."""
    run = Journey(tmp_path_factory.mktemp("calm"), quiet_district, broker, base_ms, COUNT)
    run.run()
    run.assert_store_holds_what_was_issued()
    outcome = run.outcome()
    assert {alert[1] for alert in outcome.alerts} == {"ammonia-over-class"}
    return outcome


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("point", HOUSE + FIELD)
def test_killed_at_a_point_and_started_again_the_outcome_is_that_of_an_undisturbed_run(
    point: str,
    times: int,
    tmp_path: Path,
    broker: int,
    quiet_district: Path,
    base_ms: int,
    undisturbed: Outcome,
) -> None:
    """Store, record and transitions."""
    run = Journey(tmp_path, quiet_district, broker, base_ms, COUNT)
    spec = f"{point}:{times if point != 'transition-committed' else min(times, 2)}"

    run.run(**{"running" if point in HOUSE else "field": spec})

    assert run.deaths == 1
    run.assert_store_holds_what_was_issued()
    outcome = run.outcome()
    assert outcome.alerts == undisturbed.alerts
    assert outcome.transitions == undisturbed.transitions
