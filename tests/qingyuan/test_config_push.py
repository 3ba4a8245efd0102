"""`qingyuan config push`: the centre's catalogue reaches a station that is at work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.catalogue import loading
from config.settings import BrokerSettings
from edge_agent.agent import Agent
from qingyuan.commands.station import config
from simulators.instruments import device as simulated
from tests.conftest import Mosquitto, free_port, wait_until
from tests.district import write_district
from tests.edge_agent.conftest import modbus_server

HOUR_MS = 3_600_000


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokerSettings]:
    """A real broker; the command finds it in its environment."""
    found = Mosquitto(tmp_path, {"centre": "c", "it.s": "s"})
    found.start()
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'catalogue = "{tmp_path / "district"}"\n[broker]\nport = {found.port}\n'
        'username = "centre"\npassword = "c"\n',
        encoding="utf-8",
    )
    yield BrokerSettings("127.0.0.1", found.port, "it.s", "s")
    found.kill()


def test_a_station_that_works_by_the_hour_answers_at_once(
    tmp_path: Path, broker: BrokerSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given instruments that are polled once an hour, a configuration is tried when it comes, and
    one that reads nothing is undone within its trial.
    """
    port = free_port()
    district = write_district(tmp_path / "district", {"w01010": port}, cadence_ms=HOUR_MS)
    catalogue = loading.load(district)
    placement, stop = catalogue.stations["s"].instruments[0], threading.Event()
    push = ["push", "s", "--settings", str(tmp_path / "settings.toml"), "--wait", "20"]
    agent = Agent(
        catalogue, "s", tmp_path / "spool" / "s.sqlite", broker,
        reconnect_wait_s=(0.0, 0.0), trial_ms=1500,
    )  # fmt: skip
    thread = threading.Thread(target=agent.run, args=(stop,))
    with modbus_server(
        placement, [simulated(placement, catalogue.instruments["w01010"], lambda _: 8.0)]
    ):
        thread.start()
        try:
            wait_until(lambda: agent.spool.last == 1)
            write_district(district, {"w01010": port}, cadence_ms=2 * HOUR_MS)
            assert config.run(push) == 0

            write_district(district, {"w01010": free_port()}, cadence_ms=HOUR_MS)
            assert config.run(push) == 1
            assert agent.station.cadence_ms == 2 * HOUR_MS
        finally:
            stop.set()
            thread.join()
    assert "reads nothing good" in capsys.readouterr().out


def test_a_changed_cadence_is_applied_and_a_wrong_port_is_undone(
    tmp_path: Path, broker: BrokerSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command waits for the station's word and says it; its exit status tells a script."""
    port = free_port()
    district = write_district(tmp_path / "district", {"w01010": port}, cadence_ms=100)
    catalogue = loading.load(district)
    placement = catalogue.stations["s"].instruments[0]
    push = ["push", "s", "--settings", str(tmp_path / "settings.toml"), "--wait"]
    assert config.run([*push, "0.2"]) == config.NO_ANSWER
    assert "does not answer" in capsys.readouterr().out

    stop = threading.Event()
    agent = Agent(
        catalogue, "s", tmp_path / "spool" / "s.sqlite", broker,
        reconnect_wait_s=(0.0, 0.0), trial_ms=1500,
    )  # fmt: skip
    thread = threading.Thread(target=agent.run, args=(stop,))
    with modbus_server(
        placement, [simulated(placement, catalogue.instruments["w01010"], lambda _: 8.0)]
    ):
        thread.start()
        try:
            write_district(district, {"w01010": port}, cadence_ms=50)
            assert config.run([*push, "20"]) == 0
            assert agent.station.cadence_ms == 50

            write_district(district, {"w01010": free_port()}, cadence_ms=50)
            assert config.run([*push, "20"]) == 1
            assert agent.station.instruments[0].port == port
        finally:
            stop.set()
            thread.join()
    said = capsys.readouterr().out
    assert "s: applied" in said
    assert "reads nothing good" in said
