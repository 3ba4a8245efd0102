"""The store's server is killed again and again, and is away at first: nothing is lost."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from tests.chaos.path import SOAK, Journey, Outcome, StoreKind
from tests.conftest import InfluxDB, Mosquitto, VictoriaMetrics

COUNT, KILLS, AWAY_S = (3000, 50, 120.0) if SOAK else (300, 3, 2.0)


@pytest.fixture(scope="module")
def base_ms() -> int:
    """One beginning for all runs, so that they can be compared."""
    return time.time_ns() // 1_000_000 - 3_600_000


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, quiet_district: Path, base_ms: int
) -> Outcome:
    """What comes of a run on DuckDB."""
    folder = tmp_path_factory.mktemp("calm")
    broker = Mosquitto(folder, {"centre": "c", "tongzhou.tonglv-jinsha": "s"})
    broker.start()
    run = Journey(folder / "run", quiet_district, broker.port, base_ms, COUNT)
    try:
        run.run()
    finally:
        broker.kill()
    return run.outcome()


@pytest.mark.parametrize(
    ("server_of", "store"), [(VictoriaMetrics, "victoriametrics"), (InfluxDB, "influxdb")]
)
def test_what_was_issued_comes_out_of_a_server_that_was_killed_meanwhile(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    quiet_district: Path,
    mosquitto: Mosquitto,
    server_of: type[VictoriaMetrics | InfluxDB],
    store: StoreKind,
    base_ms: int,
    undisturbed: Outcome,
) -> None:
    """Value by value, and people hear what they hear of a calm run on DuckDB. The centre starts
    while its store is away, and writes again what was not firm when it is started anew.
    """
    server = server_of(tmp_path)
    request.addfinalizer(server.kill)
    where = (tmp_path / "run", quiet_district, mosquitto.port)
    run = Journey(*where, base_ms, COUNT, store, server.url)
    run.calm.clear()

    def unsettle() -> None:
        run.ended.wait(AWAY_S)
        server.start()
        for _ in range(KILLS):
            run.ended.wait(random.uniform(0.1, 1.5))
            server.kill()
            run.ended.wait(random.uniform(0.0, 1.0))
            server.start()
        run.calm.set()

    unsettling = threading.Thread(target=unsettle)
    unsettling.start()
    run.run()
    unsettling.join()
    run.run()
    run.assert_store_holds_what_was_issued(server.flush)
    assert run.outcome() == undisturbed
